"""The library panel, at the left: find a model, look at its card, drag it onto the canvas. GUI thread only.

What is found and done is `ModelRoom`'s; this draws it and hands on what the person does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.picking import MANY
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.icons import Icon
from nodeflow.editor.models.entries import Entry
from nodeflow.editor.models.finding import FACETS, Facet, choices, named
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.loaded_models import LoadedModels
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.panels.model_card import ModelCard
from nodeflow.editor.panels.model_drag import ModelDrag
from nodeflow.editor.panels.model_list import ModelList
from nodeflow.editor.panels.on_canvas import OnCanvas
from nodeflow.editor.panels.pictures_of_models import ModelPictures
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace
from nodeflow.sizes import size_text

_HEAD: Final = 92.0
"""The height of title and search field."""
_CHIP_ROW: Final = 32.0
_PAD: Final = 12.0
_LEAST, _MOST = 280.0, 900.0
"""How wide it can be."""
_UNUSED: Final = (7, 30, 90)
"""After how many days without use models are offered to be removed."""
_PATIENCE: Final = 2.0
"""Seconds that a job has to end when the program does."""
_ARROWS: Final = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}


class Library:
    """A child window of its own; `canvas` is where models are dragged to."""

    def __init__(
        self, ui: Ui, workspace: Workspace, commands: Commands, room: ModelRoom, canvas: OnCanvas, parent: int
    ) -> None:
        self._ui, self._workspace, self._commands, self.room = ui, workspace, commands, room
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        dpg.push_container_stack(self.root)
        self._title = ui.text("Models", font=ui.fonts.large)
        self._about = ui.text("", ui.themes.faint, ui.fonts.small)
        self._close = ui.icon_button(Icon.CLOSE, self.room.toggle, self._close_tip, 26)
        self._more = ui.icon_button(Icon.SETTINGS, self._offer_more, "The models' files", 26)
        self.field = int(dpg.add_input_text(hint="Find a model", callback=self._type))
        self._chips = {facet: self._chip(facet) for facet in FACETS}
        self._clear = ui.button("Clear", self._forget, ui.themes.small_quiet)
        dpg.bind_item_font(self._clear, ui.fonts.small)
        self._empty = ui.text("", ui.themes.dim, wrap=240.0)
        dpg.pop_container_stack()
        pictures = self._pictures = ModelPictures()
        self.list = ModelList(ui, pictures, self.root, self.room.jobs.of)
        self.loaded = LoadedModels(ui, room, self.root)
        self.card = ModelCard(ui, workspace, room, pictures, self.root, self._back, self._press_card)
        self._drag = ModelDrag(ui, workspace, room, canvas, self._show_card)
        self._placed: tuple[object, ...] = ()
        self._focus = 0
        self._has_keys = False
        """Whether the search field has the keyboard, or had it last: Enter takes it away from a field."""
        self._top = _HEAD
        """Where the list begins."""
        self._width, self._pulled = float(workspace.preferences.now.library_width), False
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=self._press)
        dpg.bind_item_handler_registry(self.list.drawing, clicked)

    def _close_tip(self) -> str:
        return "   ".join(["Close", *self._commands["view.library"].keys[:1]])

    # ---- what the window asks ------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return self.room.open

    def toggle(self) -> None:
        self.room.toggle()
        self._focus = 3 if self.room.open else 0

    def show(self, task: str = "") -> None:
        """Open it, on the models of a task if one is given; the keyboard goes to the search field."""
        self.room.show(task)
        dpg.set_value(self.field, self.room.browsing.filters.query)
        self._focus = 3

    @property
    def width(self) -> float:
        """How wide it would be, in logical pixels."""
        return self._width

    def pull(self, width: float | None) -> None:
        """Its edge is dragged to a width; None once it is let go."""
        if width is not None:
            self._width, self._pulled = min(max(width, _LEAST), _MOST), True
        elif self._pulled:
            self._pulled = False
            self._workspace.preferences.change(library_width=round(self._width))

    def leave(self) -> None:
        """Another one takes its place; what is being done with models goes on."""
        self._pictures.close()

    def close(self) -> None:
        """End what is being done with models."""
        self.room.jobs.close(_PATIENCE)

    def update(self, width: float, height: float, shown: bool) -> None:
        """Once per frame; the panel's size in logical pixels, and whether it can be seen."""
        self.room.update()
        if not shown:
            self._drag.cancel()
            return
        self._pictures.update()
        browsing, entries = self.room.browsing, self.room.stock.entries
        entry = self.room.stock.get(browsing.card) if browsing.card else None
        if self._workspace.ready:
            self.room.held.update()
        height -= self.loaded.height
        self.loaded.update(height, width)
        self._place(width, height, entry is not None)
        if not dpg.is_item_active(self.field) and dpg.get_value(self.field) != browsing.filters.query:
            dpg.set_value(self.field, browsing.filters.query)
        if self._focus:
            self._focus -= 1
            dpg.focus_item(self.field)
        if entry is not None:
            self.card.update(entry, width)
        else:
            sections = browsing.sections(entries or ())
            news = entries, self._pictures.version
            self.list.update(sections, width, height - self._top, -1 if browsing.chip else browsing.first, news)
            self._say_empty(bool(sections), self._top)
        self._drag.update()
        if dpg.is_item_active(self.field):
            self._has_keys = True
        elif dpg.is_mouse_button_clicked(dpg.mvMouseButton_Left) and not self._over_panel:
            self._has_keys, browsing.chip = False, ""

    def key(self, chord: str) -> bool:
        """A key was pressed; False if it means nothing here."""
        if chord == "Escape" and self._drag.cancel():
            return True
        if not self.open or not (self._has_keys or self._over_panel):
            return False
        browsing, spots = self.room.browsing, self.list.page.spots
        if self._has_keys and not browsing.card and self._chip_key(chord):
            return True
        if chord == "Escape" and browsing.card:
            self._back()
        elif chord == "Escape" and not browsing.filters.empty:
            self._forget()
        elif not self._has_keys:
            return False
        elif browsing.card:
            return self._card_key(chord)
        elif chord in ("Up", "Down") or (chord in _ARROWS and browsing.marked >= 0 and not browsing.filters.query):
            browsing.marked = self.list.page.beside(browsing.first, *_ARROWS[chord])
            self.list.reveal(browsing.marked)
        elif chord in ("Enter", "Ctrl+Enter") and 0 <= browsing.first < len(spots):
            entry = spots[browsing.first].entry
            if chord == "Enter":
                browsing.card = entry.id
            else:
                self.room.add(entry)
        else:
            return False
        return True

    def _chip_key(self, chord: str) -> bool:
        """The same for the filters: Tab goes through them, Enter offers what the marked one may be."""
        browsing, chip = self.room.browsing, self.room.browsing.chip
        if chord in ("Tab", "Shift+Tab") or (chip and chord in ("Left", "Right")):
            browsing.step_chip(-1 if chord in ("Shift+Tab", "Left") else 1)
            self._focus = 2
        elif not chip:
            return False
        elif chord == "Escape":
            browsing.chip = ""
        elif chord not in ("Enter", "Down"):
            return False
        elif chip == "clear":
            self._forget()
        else:
            self._choose(chip)
        return True

    def _card_key(self, chord: str) -> bool:
        """The same while a card is open."""
        room = self.room
        entry = room.stock.get(room.browsing.card)
        if entry is None or chord not in ("Enter", "Ctrl+Enter"):
            return False
        if chord == "Ctrl+Enter":
            room.replace(entry)
        elif entry.here:
            room.add(entry)
        else:
            room.jobs.get(entry)
        return True

    @property
    def _over_panel(self) -> bool:
        """Whether the pointer is on the panel."""
        (x, y), (left, top) = mouse_at(), dpg.get_item_pos(self.root)
        wide, high = dpg.get_item_width(self.root) or 0, dpg.get_item_height(self.root) or 0
        return bool(left <= x < left + wide and top <= y < top + high)

    # ---- looking for models --------------------------------------------------------------------------------------

    def _type(self) -> None:
        self.room.browsing.card = ""
        self.room.browsing.look_for(str(dpg.get_value(self.field)))
        dpg.set_y_scroll(self.list.root, 0.0)

    def _forget(self) -> None:
        self.room.browsing.clear()
        self.room.browsing.chip = ""
        dpg.set_value(self.field, "")
        self._focus = 2

    def _back(self) -> None:
        self.room.browsing.card = ""
        self._focus = 2

    def _chip(self, facet: Facet) -> int:
        item = self._ui.button(FACETS[facet], partial(self._choose, facet), self._ui.themes.small_quiet)
        dpg.bind_item_font(item, self._ui.fonts.small)
        return item

    def _choose(self, facet: Facet) -> None:
        """Offer the values of a facet."""
        browsing, entries = self.room.browsing, self.room.stock.entries or ()
        now = getattr(browsing.filters, facet)

        def take(value: str) -> Callable[[], None]:
            def choose() -> None:
                browsing.card = ""
                browsing.set(facet, value)
                dpg.set_y_scroll(self.list.root, 0.0)
                self._focus = 2

            return choose

        known = choices(entries, browsing.filters, facet)
        name = FACETS[facet].lower()

        def rows(query: str) -> list[Choice]:
            values = [
                Choice(title, take(value), note=str(count), checked=value == now)
                for value, (title, count) in known.items()
                if query.casefold() in title.casefold()
            ]
            return values if query else [Choice(f"Any {name}", take(""), checked=not now), *values]

        hint = f"Find a {name}" if len(known) > MANY else ""
        self._ui.popups.show(Menu(self._ui, rows, 300.0, hint), *self._ui.under(self._chips[facet], 2.0))

    def _offer_more(self) -> None:
        """What can be done with the files of all models."""
        room, ui = self.room, self._ui

        def rows(_query: str) -> list[Choice]:
            disk = room.stock.disk
            needless = "unknown" if disk.fault else size_text(disk.prunable) if disk.prunable else "none"
            rows = [
                Choice(disk.words or "Reading \u2026"),
                *(Choice(line, color=colors.warn) for line in disk.fault),
                Choice("Add a model file \u2026", room.ask_file, icon=Icon.ADD),
                Choice(
                    "Get the models to try \u2026",
                    room.ask_get_untried,
                    note=str(len(room.untried()) or "all are here"),
                    icon=Icon.DOWNLOAD,
                    enabled=bool(room.untried()),
                ),
                Choice("Look again", room.stock.refresh, icon=Icon.REDO),
                Choice(
                    "Clear converted models that are not needed",
                    room.jobs.prune,
                    note=needless,
                    icon=Icon.TRASH,
                    enabled=disk.prunable > 0,
                ),
            ]
            for days in _UNUSED:
                unused = room.unused(days)
                note = f"{len(unused)}, {size_text(sum(entry.size for entry in unused))}" if unused else "none"
                title = f"Remove what was not used for {days} days"
                ask = partial(room.ask_remove_unused, days)
                rows.append(Choice(title, ask, note=note, icon=Icon.TRASH, enabled=bool(unused)))
            return rows

        menu = Menu(ui, rows, 420.0, news=lambda: room.stock.disk)
        ui.popups.show(menu, *ui.under(self._more, 2.0))

    # ---- where things are ----------------------------------------------------------------------------------------

    def _place(self, width: float, height: float, card: bool) -> None:
        ui, browsing, entries = self._ui, self.room.browsing, self.room.stock.entries
        chosen = browsing.filters.chosen
        placed = (width, height, card, tuple(chosen.items()), browsing.chip, entries, ui.scale, colors.version)
        if placed == self._placed:
            return
        self._placed = placed
        px = ui.px
        ui.place_text(self._title, px(_PAD), px(13))
        here = sum(entry.here for entry in entries or ())
        dpg.set_value(self._about, f"{here} of {len(entries)} on this machine" if entries else "Reading \u2026")
        ui.place_text(self._about, px(_PAD + 74.0), px(18))
        dpg.set_item_pos(self._close, [px(width - 38.0), px(9)])
        dpg.set_item_pos(self._more, [px(width - 68.0), px(9)])
        dpg.configure_item(self.field, pos=(px(_PAD), px(46)), width=px(width - 2 * _PAD))
        top = self._top = self._place_chips(width, chosen, card)
        size = {"width": px(width), "height": px(height - top)}
        dpg.configure_item(self.list.root, pos=(0, px(top)), show=not card, **size)
        dpg.configure_item(self.card.root, pos=(0, px(top)), show=card, **size)

    def _place_chips(self, width: float, chosen: dict[Facet, str], card: bool) -> float:
        """Put the filters in rows, those that are set lit; returns where what is below begins. A card has none."""
        for item in (*self._chips.values(), self._clear):
            dpg.configure_item(item, show=not card)
        if card:
            return _HEAD - 10.0
        ui, x, y = self._ui, _PAD, _HEAD - 8.0
        for facet, item in self._chips.items():
            value = chosen.get(facet, "")
            words = named(self.room.stock.entries or (), facet, value) if value else FACETS[facet]
            words = ui.faces.fit(words, ui.fonts.text, 13.0, 130.0)
            wide = ui.faces.width(words, ui.fonts.text) * 13.0 + 18.0
            if x + wide > width - _PAD:
                x, y = _PAD, y + _CHIP_ROW - 4.0
            dpg.configure_item(item, label=words, pos=(ui.px(x), ui.px(y)))
            theme = ui.themes.chip_on if value else ui.themes.chip
            dpg.bind_item_theme(item, ui.themes.chip_at if facet == self.room.browsing.chip else theme)
            x += wide + 6.0
        dpg.configure_item(self._clear, show=bool(chosen))
        at_clear = self.room.browsing.chip == "clear"
        dpg.bind_item_theme(self._clear, ui.themes.chip_at if at_clear else ui.themes.small_quiet)
        dpg.set_item_pos(self._clear, [ui.px(min(x, width - 54.0)), ui.px(y)])
        return y + _CHIP_ROW

    def _say_empty(self, some: bool, top: float) -> None:
        entries = self.room.stock.entries
        if some:
            text = ""
        elif entries is None:
            text = "Reading the library \u2026"
        else:
            text = "No model fits. Take a filter away, or look for a task, a kind or an author."
        if dpg.get_value(self._empty) != text:
            dpg.set_value(self._empty, text)
        if text:
            self._ui.place_text(self._empty, self._ui.px(_PAD), self._ui.px(top + 16.0))

    # ---- pressing ------------------------------------------------------------------------------------------------

    def _press(self) -> None:
        place = self.list.pointed()
        if place >= 0:
            self._drag.press(self.list.page.spots[place].entry)

    def _press_card(self) -> None:
        entry = self.room.stock.get(self.room.browsing.card)
        if entry is not None:
            self._drag.press(entry)

    def _show_card(self, entry: Entry) -> None:
        self.room.browsing.card = entry.id
