"""A parameter as a widget: what every sort of field does. The sorts are in fields.py and number_fields.py.

A field shows the document and asks for a change; it holds no value of its own. What applies to the next frame is
changed while the person drags or types, as one step of undo; what reopens a node is changed when they are done. Of
several nodes that differ it says so, and its first change gives all of them the same. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import ClassVar, Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.param_rows import param_rows
from nodeflow.editor.documents.knob import Knob
from nodeflow.editor.panels.menu import Menu
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Json

MIXED: Final = "mixed"
"""What stands in place of the value of nodes that differ."""
_gestures = count()


class Field:
    """One knob's widget, made in the container that is open. `width` is in logical pixels."""

    typed: ClassVar[bool] = True
    """Whether a person is at it for a while; otherwise one press changes it."""
    on_the_way: ClassVar[bool] = True
    """Whether a live parameter follows every change of the widget, or only the end of it."""

    def __init__(self, ui: Ui, workspace: Workspace, knob: Knob, width: float) -> None:
        self.ui, self.workspace, self.knob, self.param = ui, workspace, knob, knob.param
        self.go_on: Callable[[int], None] | None = None
        """Lets the person type in the next field (1) or the one before (-1)."""
        self._gesture = f"{knob.name} {next(_gestures)}"
        self._shown: tuple[Json, bool] | None = None
        """The value that stands there, and whether it is that of all the nodes."""
        self.item = self.make(width)
        self._handlers: list[int] = []
        self._handle(self.item, own=True)
        self.update()

    def name_is(self, item: int) -> None:
        """Which text names the parameter: a right click on it means what it means on the widget."""
        self._handle(item, own=False)

    def delete(self) -> None:
        """Forget the handlers, which DearPyGui keeps apart from the item."""
        for registry in self._handlers:
            dpg.delete_item(registry)

    def update(self) -> None:
        """Show what the document says, unless the person is at it. Once per frame."""
        now = self.knob.value, self.knob.mixed
        if now != self._shown and not dpg.is_item_active(self.item):
            self._shown = now
            self.mark(self.knob.mixed)
            self.show(self.knob.value)

    def offer(self) -> None:
        """List, at the pointer, what can be done with the parameter."""
        rows = partial(param_rows, self.knob)
        self.ui.popups.show(Menu(self.ui, lambda _query: rows(), width=300.0), *mouse_at())

    def begin(self) -> bool:
        """Let the person type; False where nothing is typed."""
        return False

    def make(self, width: float) -> int:
        """Make the widget, with `changed` as its callback."""
        return int(dpg.add_input_text(width=self.ui.px(width), callback=self.changed))

    def show(self, value: Json) -> None:
        """Put a value, whatever a file says it is, into the widget: of nodes that differ, that of the first."""
        text = "" if value is None or self.knob.mixed else str(value)
        dpg.set_value(self.item, text)

    def mark(self, mixed: bool) -> None:
        """Say, in place of the value, that the nodes differ, or no more."""
        dpg.configure_item(self.item, hint=MIXED if mixed else "")

    def read(self) -> Json:
        return str(dpg.get_value(self.item))

    def changed(self) -> None:
        if self.param.group == "live" and self.on_the_way:
            self.set(self.read())

    def set(self, value: Json) -> None:
        if self.knob.mixed:
            self.mark(False)
        self._shown = value, False
        self.knob.turn(value, self._gesture)

    def below(self, popup: Popup) -> None:
        """Show a popup that hangs under the widget."""
        self.ui.popups.show(popup, *self.ui.under(self.item))

    def listen(self) -> None:
        """Make the handlers of the widget itself, beside that of the right button."""
        if self.typed:
            dpg.add_item_deactivated_after_edit_handler(callback=self._done)

    def _handle(self, item: int, own: bool) -> None:
        with dpg.item_handler_registry() as registry:
            dpg.add_item_clicked_handler(dpg.mvMouseButton_Right, callback=self.offer)
            if own:
                self.listen()
        dpg.bind_item_handler_registry(item, registry)
        self._handlers.append(int(registry))

    def _done(self) -> None:
        self.set(self.read())
        self._gesture = f"{self.knob.name} {next(_gestures)}"
