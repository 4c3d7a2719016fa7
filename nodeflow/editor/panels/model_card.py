"""A model's card: what it is, what it is not good for, what it takes on this machine, and what can be done with it.

GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.icons import Icon
from nodeflow.editor.models.entries import FAMILIES, Entry
from nodeflow.editor.models.held import told_together
from nodeflow.editor.models.measures import Measurement
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.numbers import milliseconds
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.model_art import draw_kinds
from nodeflow.editor.panels.pictures_of_models import ModelPictures
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.sizes import size_text

_PAD: Final = 14.0
_SCROLLBAR: Final = 10.0
_COMMERCIAL: Final = {
    "yes": "Commercial use is allowed",
    "no": "No commercial use",
    "unclear": "It is unclear whether commercial use is allowed",
}
_WHY: Final = {
    "no": "The licence forbids it.",
    "unclear": "Its licence, or that of what it was trained on, leaves it open. Ask its author first.",
}


class ModelCard:
    """A child window of its own, filled for the model whose card is open."""

    def __init__(
        self,
        ui: Ui,
        workspace: Workspace,
        room: ModelRoom,
        pictures: ModelPictures,
        parent: int,
        back: Callable[[], None],
        press: Callable[[], None],
    ) -> None:
        """`press` is called when the picture is pressed, as where a drag begins."""
        self._ui, self._workspace, self._room, self._pictures, self._back = ui, workspace, room, pictures, back
        self.root = int(dpg.add_child_window(parent=parent, show=False, always_use_window_padding=True))
        dpg.bind_item_theme(self.root, ui.themes.padded)
        self._shown: tuple[object, ...] = ()
        self._inner = 0.0
        self._bar = self._text = 0
        self.buttons: dict[str, int] = {}
        """What can be pressed, by its label."""
        with dpg.item_handler_registry() as self._clicked:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Left, callback=press)

    def update(self, entry: Entry, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        job, fetching = self._room.jobs.of(entry.id), self._room.jobs.fetching(entry.id)
        taker = self._room.taker(entry)
        title = self._workspace.title(taker) if taker else ""
        loaded = self._room.held.of(entry.id)
        memory = told_together(loaded) if loaded else ""
        shown = (
            entry,
            job and job.what,
            fetching is not None,
            taker,
            title,
            memory,
            width,
            self._pictures.version,
            colors.version,
        )
        if shown != self._shown:
            before, self._shown = self._shown, shown
            same = isinstance(before[0], Entry) and before[0].id == entry.id if before else False
            scroll = dpg.get_y_scroll(self.root) if same else 0.0
            self._inner = width - 2 * _PAD - _SCROLLBAR
            self._build(entry, taker, title)
            dpg.set_y_scroll(self.root, scroll)
        goes_on = fetching or job
        if goes_on is not None and self._bar:
            share = goes_on.fraction
            dpg.set_value(self._bar, share or 0.0)
            dpg.configure_item(self._bar, overlay="" if share is None else f"{share:.0%}")
            dpg.set_value(self._text, goes_on.text)

    def _build(self, entry: Entry, taker: str | None, title: str) -> None:
        ui = self._ui
        dpg.delete_item(self.root, children_only=True)
        self.buttons = {}
        self._bar = self._text = 0
        dpg.push_container_stack(self.root)
        try:
            self._button("\u2039  All models", self._back, ui.themes.small_quiet)
            self._picture(entry)
            ui.gap(2)
            ui.text(entry.title, font=ui.fonts.large, wrap=self._inner)
            about = f"{FAMILIES[entry.family]}  \u00b7  {entry.task_title}"
            ui.text(about + ("  \u00b7  the default" if entry.default else ""), ui.themes.faint, ui.fonts.small)
            ui.text(entry.summary, ui.themes.dim, wrap=self._inner)
            ui.gap(2)
            self._state(entry)
            self._memory(entry)
            self._actions(entry, taker, title)
            self._limits(entry)
            self._licence(entry)
            self._measured(entry)
            self._facts(entry)
            self._care(entry)
        finally:
            dpg.pop_container_stack()

    # ---- its parts -----------------------------------------------------------------------------------------------

    def _picture(self, entry: Entry) -> None:
        ui, high = self._ui, min(self._inner * 0.56, 320.0)
        drawing = int(dpg.add_drawlist(ui.px(self._inner), ui.px(high)))
        dpg.bind_item_handler_registry(drawing, self._clicked)
        pen = ui.pen(drawing)
        self._pictures.draw(pen, Rect(0.0, 0.0, self._inner, high), entry, kinds=False)
        if entry.picture is not None and entry.measured is not None:
            ui.text(f"Made here of {entry.measured.on}", ui.themes.faint, ui.fonts.small)

    def _state(self, entry: Entry) -> None:
        ui = self._ui
        if self._room.jobs.fetching(entry.id) is not None:
            self._progress()
            return
        with dpg.group(horizontal=True):
            if entry.here:
                ui.icon(Icon.CHECK, ui.themes.good)
                ui.text(f"On this machine, {size_text(entry.size)}", ui.themes.good)
            else:
                ui.icon(Icon.DOWNLOAD, ui.themes.dim)
                kept = f", of which {size_text(entry.size)} are kept" if entry.download > entry.size * 1.05 else ""
                ui.text(f"To be fetched: {size_text(entry.download)}{kept}", ui.themes.dim, wrap=self._inner - 30.0)
        if not entry.checked:
            with dpg.group(horizontal=True):
                ui.icon(Icon.WARNING, ui.themes.warn)
                said = "Not checked here: NodeFlow's own tests have not run these weights."
                ui.text(said, ui.themes.warn, wrap=self._inner - 30.0)

    def _memory(self, entry: Entry) -> None:
        """That it is in memory now, and what frees that."""
        loaded = self._room.held.of(entry.id)
        if not loaded:
            return
        ui, used = self._ui, any(model.users for model in loaded)
        with dpg.group(horizontal=True):
            ui.icon(Icon.LAYERS, ui.themes.dim)
            ui.text(told_together(loaded), ui.themes.dim, wrap=self._inner - (30.0 if used else 110.0))
            if not used:
                item = self._button("Unload", lambda: self._unload(entry), ui.themes.small_quiet)
                ui.tip(item, "It goes from memory, and comes back when a node needs it.")

    def _unload(self, entry: Entry) -> None:
        for model in self._room.held.of(entry.id):
            self._room.unload(model)

    def _progress(self) -> None:
        ui = self._ui
        self._bar = int(dpg.add_progress_bar(width=ui.px(self._inner), height=ui.px(16)))
        self._text = ui.text("", ui.themes.dim, ui.fonts.small, wrap=self._inner)

    def _cancel(self, entry: Entry, width: float = 0.0) -> None:
        self._button("Cancel", lambda: self._room.jobs.cancel(entry.id), 0, width)

    def _actions(self, entry: Entry, taker: str | None, title: str) -> None:
        ui, room = self._ui, self._room
        told_here = room.jobs.fetching(entry.id) is not None
        wide = (self._inner - 8.0) / 2
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(8)):
            if told_here:
                self._cancel(entry, wide)
            elif not entry.here:
                label = f"Get  {size_text(entry.download)}"
                self._button(label, lambda: room.jobs.get(entry), ui.themes.primary, wide, "Get")
            theme = ui.themes.primary if entry.here else 0
            alone = entry.here and not told_here
            self._button("Add to canvas", lambda: room.add(entry), theme, self._inner if alone else wide)
        if taker is not None:
            named = ui.faces.fit(title, ui.fonts.text, 15.0, wide - 70.0)
            with dpg.group(horizontal=True, horizontal_spacing=ui.px(8)):
                use = self._button(f"Use in {named}", lambda: room.replace(entry), 0, wide, "Use")
                ui.tip(use, "The selected node gets this model. Its wires and all its other values stay.")
                compare = self._button("Compare", lambda: room.compare(entry), 0, wide)
                ui.tip(
                    compare, "A second node with this model, fed from the same wires, and both results in the viewer."
                )
        else:
            said = "Or drag the picture onto the canvas: on a node, on a wire, or where there is room."
            ui.text(said, ui.themes.faint, ui.fonts.small, wrap=self._inner)

    def _limits(self, entry: Entry) -> None:
        ui = self._ui
        self._heading("Known limits", Icon.WARNING)
        ui.text(entry.limits, wrap=self._inner)

    def _licence(self, entry: Entry) -> None:
        ui = self._ui
        self._heading("Licence")
        good = entry.commercial == "yes"
        with dpg.group(horizontal=True):
            ui.icon(Icon.CHECK if good else Icon.WARNING, ui.themes.good if good else ui.themes.warn)
            theme = ui.themes.good if good else ui.themes.warn
            ui.text(_COMMERCIAL[entry.commercial], theme, wrap=self._inner - 30.0)
        ui.text(entry.licence, ui.themes.dim, wrap=self._inner)
        if not good:
            ui.text(_WHY[entry.commercial], ui.themes.dim, wrap=self._inner)

    def _measured(self, entry: Entry) -> None:
        ui, room, measured = self._ui, self._room, entry.measured
        self._heading("On this machine", Icon.GAUGE)
        if measured is not None:
            for name, value in measured_rows(measured):
                self._row(name, value)
        else:
            said = "Not measured yet." if entry.here else "Not measured: it is not here yet."
            ui.text(said, ui.themes.dim, wrap=self._inner)
        job = room.jobs.of(entry.id)
        if job is not None and job.what == "measure":
            self._progress()
            self._cancel(entry)
        elif entry.here and job is None:
            label = "Measure again" if measured is not None else "Measure here"
            item = self._button(label, lambda: room.jobs.measure(entry), 0, 0.0, "Measure")
            said = "Runs it on a sample for some seconds, in a process of its own, and keeps what it made of it."
            ui.tip(item, f"{said} What else runs meanwhile makes it slower.")

    def _facts(self, entry: Entry) -> None:
        ui = self._ui
        self._heading("About it")
        with dpg.group(horizontal=True, xoffset=ui.px(92.0)):
            ui.text("Turns", ui.themes.dim)
            turns = f"{', '.join(entry.inputs)} to {', '.join(entry.outputs)}"
            ui.text(turns, wrap=self._inner - 92.0)
        drawing = int(dpg.add_drawlist(ui.px(self._inner), ui.px(16)))
        draw_kinds(ui.pen(drawing), (98.0, 8.0), entry, 5.0)
        for name, value in (
            ("Author", entry.author),
            ("Paper", entry.paper),
            ("Trained on", entry.training_data),
            ("Meant for", entry.intended_use),
            ("Runs on", entry.runtime),
            ("From", ", ".join(entry.sources)),
        ):
            self._row(name, value)

    def _care(self, entry: Entry) -> None:
        """What keeps the files in order, and the files."""
        ui, room = self._ui, self._room
        self._heading("Files")
        for name, about in entry.files:
            ui.text(name, ui.themes.dim, ui.fonts.small, wrap=self._inner)
            ui.text(about, ui.themes.faint, ui.fonts.small, wrap=self._inner)
        if entry.here and room.jobs.of(entry.id) is None:
            with dpg.group(horizontal=True, horizontal_spacing=ui.px(8)):
                self._button("Verify", lambda: room.jobs.verify(entry))
                self._button("Remove", lambda: room.ask_remove(entry))
        ui.gap(8)

    # ---- pieces --------------------------------------------------------------------------------------------------

    def _heading(self, title: str, icon: str = "") -> None:
        ui = self._ui
        ui.gap(4)
        dpg.add_separator()
        ui.gap(2)
        with dpg.group(horizontal=True):
            if icon:
                ui.icon(icon, ui.themes.warn if icon == Icon.WARNING else ui.themes.dim)
            ui.text(title, font=ui.fonts.medium)

    def _row(self, name: str, value: str) -> None:
        ui = self._ui
        with dpg.group(horizontal=True, xoffset=ui.px(92.0)):
            ui.text(name, ui.themes.dim)
            ui.text(value, wrap=self._inner - 92.0)

    def _button(
        self, label: str, action: Callable[[], object], theme: int = 0, width: float = 0.0, name: str = ""
    ) -> int:
        item = self._ui.button(label, action, theme, width)
        self.buttons[name or label] = item
        return item


def measured_rows(measured: Measurement) -> list[tuple[str, str]]:
    """What was measured, as lines: never more than that."""
    day = date.fromisoformat(measured.day)
    return [
        ("A call", f"{milliseconds(measured.ms)} on {measured.device}, the median of {measured.calls}"),
        ("Memory", "not told by this system" if measured.memory is None else size_text(measured.memory)),
        ("Loading", f"{measured.load_s:.2g} s"),
        ("Given", measured.on),
        ("When", f"{day.day} {day:%B %Y}"),
    ]
