"""Offers a model or sample that is not on this machine: what it is, then how far the download is. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.running.offer_words import also_needed, commercial_use, first_rows, more_rows, summary_of
from nodeflow.editor.running.offers import Offer, subject
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

_WIDTH: Final = 600.0
_INNER: Final = _WIDTH - 28.0
_LABEL: Final = 130.0
_DETAILS: Final = 300.0
"""The height of the card's details, which scroll."""


class OfferNote(Popup):
    """Download, or do without. While it downloads, it may be sent to the background; the node shows the same."""

    def __init__(self, ui: Ui, workspace: Workspace, offer: Offer) -> None:
        super().__init__(ui, _WIDTH, holds=True)
        self._workspace, self._offer = workspace, offer
        self._whole = False
        """Whether all of the card is shown."""
        self._shown: tuple[object, ...] = ()
        self._bar = self._text = self._view = self._content = 0
        self.update()

    def update(self) -> None:
        super().update()
        offer = self._offer
        if offer.over:
            self.close()
            return
        models = tuple(each for each in self._workspace.models_missing() if each.id != offer.card.ref)
        samples = tuple(each for each in self._workspace.samples_missing() if each.entry.ref != offer.card.ref)
        shown = (offer.state, offer.reasons, self._whole, models, samples)
        if shown != self._shown:
            self._shown = shown
            self._build(also_needed(models, samples))
        self.fit(self._view, self._content, _DETAILS)
        if offer.state == "fetching":
            dpg.set_value(self._bar, offer.fraction or 0.0)
            share = "" if offer.fraction is None else f"{offer.fraction:.0%}   "
            dpg.set_value(self._text, f"{share}{offer.text or 'Starting'}")

    def key(self, chord: str) -> bool:
        if chord == "Enter" and self._offer.state != "fetching":
            self._accept()
            return True
        if chord == "Escape":  # a download is not lost by it
            if self._offer.state == "fetching":
                self._hide()
            else:
                self._decline()
            return True
        return super().key(chord)

    # ---- what it says --------------------------------------------------------------------------------------------

    def _build(self, also: list[str]) -> None:
        ui, offer = self.ui, self._offer
        dpg.delete_item(self.window, children_only=True)
        dpg.push_container_stack(self.window)
        ui.text(f"{subject(offer.card)} is not on this machine yet", font=ui.fonts.large, wrap=_INNER)
        ui.text(summary_of(offer), ui.themes.dim, wrap=_INNER)
        ui.gap(4)
        self._view = int(dpg.add_child_window(width=ui.px(_INNER), height=ui.px(_DETAILS)))
        with dpg.group(parent=self._view) as self._content:
            self._rows(first_rows(offer) + (more_rows(offer) if self._whole else []))
        if more_rows(offer):
            self._show_more()
        if offer.state != "failed":
            for line in also:
                ui.gap(2)
                ui.text(line, ui.themes.warn, wrap=_INNER)
        ui.gap(4)
        if offer.state == "fetching":
            self._progress()
        elif offer.state == "failed":
            self._failure()
        self._buttons(more=bool(also))
        dpg.pop_container_stack()

    def _rows(self, rows: list[tuple[str, str]]) -> None:
        ui = self.ui
        themes = {"yes": ui.themes.good, "no": ui.themes.warn, "unclear": ui.themes.warn}
        licence = themes.get(commercial_use(self._offer), 0)
        for name, value in rows:
            with dpg.group(horizontal=True, xoffset=ui.px(_LABEL)):
                ui.text(name, ui.themes.dim)
                ui.text(
                    value, licence if name == "Licence" else 0, wrap=_INNER - _LABEL - (20.0 if self._whole else 0.0)
                )

    def _show_more(self) -> None:
        def turn() -> None:
            self._whole = not self._whole

        button = self.ui.button("Less" if self._whole else "The whole card", turn, self.ui.themes.small_quiet)
        dpg.bind_item_font(button, self.ui.fonts.small)

    def _progress(self) -> None:
        ui = self.ui
        self._bar = int(dpg.add_progress_bar(width=ui.px(_INNER), height=ui.px(10)))
        self._text = ui.text("", ui.themes.dim, ui.fonts.small, wrap=_INNER)

    def _failure(self) -> None:
        ui, offer = self.ui, self._offer
        with dpg.group(horizontal=True):
            ui.icon(Icon.ERROR, ui.themes.bad)
            ui.text("It could not be downloaded.", ui.themes.bad)
        for source, why in offer.reasons:
            ui.text(f"{source}: {why}", ui.themes.dim, wrap=_INNER)
        ui.text(f"{offer.way_out}.", wrap=_INNER)

    def _buttons(self, more: bool) -> None:
        ui, offer = self.ui, self._offer
        ui.gap(4)
        with dpg.group(horizontal=True):
            if offer.state == "fetching":
                ui.button("In the background", self._hide, ui.themes.primary, width=160)
                ui.button("Cancel the download", self._decline, width=170)
                return
            label = "Try again" if offer.state == "failed" else "Download all" if more else "Download"
            ui.button(label, self._accept, ui.themes.primary, width=120)
            ui.button("Cancel", self._decline, width=96)

    # ---- the answer ----------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        needed = (
            *(model.id for model in self._workspace.models_missing()),
            *(sample.entry.ref for sample in self._workspace.samples_missing()),
        )
        self._workspace.offers.allow((ref for ref in needed if ref != self._offer.card.ref), shown=True)
        self._offer.accept()

    def _hide(self) -> None:
        self._workspace.offers.hide()
        title = self._offer.card.title
        self._workspace.notices.say(f"{title} goes on downloading: its node tells how far it is, Stop ends it", "info")
        self.close()

    def _decline(self) -> None:
        """Also what else was allowed by the yes to this one is asked about again."""
        self._workspace.offers.withdraw()
        self._offer.decline()
        self.close()
