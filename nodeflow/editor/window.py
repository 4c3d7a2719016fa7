"""The window: it brings the panels up to date, frame by frame, and asks the person what the rest has to ask.

    window = Window(ui, make_workspace, quit); ... window.update() once per frame

It is the workspace's `Front`. GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import dearpygui.dearpygui as dpg

from nodeflow.editor.applied import Applied
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.looks import looks_of
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Hit, Onto, Scene
from nodeflow.editor.commands.actions import all_commands
from nodeflow.editor.commands.binding import Binder
from nodeflow.editor.commands.finder import Finder
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.journal import Recovered
from nodeflow.editor.looking.living import Living
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.native import clipboard_text, on_drop
from nodeflow.editor.panels.about_window import AboutWindow
from nodeflow.editor.panels.arrangement import GRIP, TOP, Arrangement
from nodeflow.editor.panels.decisions import SureQuestion, UnsavedQuestion
from nodeflow.editor.panels.dock import Dock
from nodeflow.editor.panels.help_window import HelpWindow
from nodeflow.editor.panels.menu import Menu
from nodeflow.editor.panels.offer import OfferNote
from nodeflow.editor.panels.panels import Panels
from nodeflow.editor.panels.path_questions import PathQuestions
from nodeflow.editor.panels.questions import NameQuestion
from nodeflow.editor.panels.recovered import RecoveredNote
from nodeflow.editor.panels.settings_window import SettingsWindow
from nodeflow.editor.panels.status_bar import HEIGHT as STATUS
from nodeflow.editor.panels.toolbar import HEIGHT as TOOLBAR
from nodeflow.editor.panels.viewer import Viewer
from nodeflow.editor.pointer import Pointer
from nodeflow.editor.settings.side_place import SidePlace
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import NodeSchema


class Window:
    """What lasts while the panels are made anew for another scale, and whom the rest asks for what needs a person.

    `quit_` is called when the person wants to leave and nothing unsaved is lost.
    """

    def __init__(self, ui: Ui, make_workspace: Callable[[Window], Workspace], quit_: Callable[[], None]) -> None:
        self.workspace = make_workspace(self)
        self._models = ModelRoom(self.workspace)
        self._sides = SidePlace(self.workspace.memory)
        self._quit = quit_
        self._sheet = self.workspace.sheet
        self._dropped: list[Path] = []
        self._title = ""
        self._asked = "", 0
        """The settings to show again, and in which frame: a question needs the window under it to be there before."""
        self._build(ui)

    def rebuild(self, ui: Ui, old: Iterable[int]) -> None:
        """Make everything anew with another `ui`, in place of the `old` items. What is open stays so, and no run
        notices."""
        panels, places, popup = self.panels, self._places, self._ui.popups.now
        settings = popup.section if isinstance(popup, SettingsWindow) else ""
        if popup is not None:
            popup.close()
        self._paths.close()
        panels.textures.clear()
        panels.library.leave()
        for item in old:
            if dpg.does_item_exist(item):
                dpg.delete_item(item)
        self._build(ui)
        self.viewer.expanded = panels.viewer.expanded
        self._places.viewer_height = places.viewer_height
        if panels.start.open:
            self.show_start()
        self._asked = settings, dpg.get_frame_count() + 2

    def _build(self, ui: Ui) -> None:
        workspace = self.workspace
        self._ui = ui
        self._paths = PathQuestions(ui)
        self._ways_out = WaysOut(workspace, ui.faces, self.write_clipboard, self.leave_viewer)
        self.commands = all_commands(workspace, self, self._ways_out)
        self._applied = Applied(workspace, self.commands, ui)
        self._finder = Finder(workspace, self.commands, self._add_in_the_middle, self._models.rows)
        self.panels = Panels(ui, workspace, self.commands, self._models, self._ways_out)
        self._places = Arrangement(ui, self.panels, self._sides)
        self._living = Living(workspace, self.panels.textures, self.panels.watching, self._ways_out.of)
        self._pointer = Pointer(ui, workspace, self.commands, self.panels, self._ways_out)
        self._front: tuple[Scene | None, tuple[str, ...]] = (None, ())

    # ---- once per frame ------------------------------------------------------------------------------------------

    def update(self) -> bool:
        """Bring everything up to date; True if the person is doing something."""
        workspace, panels = self.workspace, self.panels
        self._applied.update()
        self._places.pull()
        width = dpg.get_viewport_client_width() / self._ui.scale
        height = dpg.get_viewport_client_height() / self._ui.scale
        canvas = self._places.place(width, height)
        workspace.sheets.refresh()
        workspace.check_when_quiet()
        self._paths.update()
        self._take_dropped()
        self._look_at_front()
        self._ways_out.point(self._living.broken, self._pointer.over_canvas)
        workspace.run.refresh()
        workspace.gather_news()
        panels.troubles.update()
        live = self._living.update(panels.painter.shown, self._ui.scale, self._ways_out.pointed)
        on_canvas = self._pointer.over_canvas and not panels.viewer.expanded
        panels.wire_tip.update(on_canvas)
        panels.status_tip.update(on_canvas, live)
        panels.watching.tell(workspace.run, workspace.graph.nodes)
        gliding = workspace.canvas.advance(time.monotonic())
        if not panels.viewer.expanded:
            workspace.canvas.size = (canvas.width, canvas.height)
            panels.painter.draw(workspace.canvas.scene, looks_of(workspace.canvas), live)
        panels.toolbar.update(width)
        panels.tabs.update(width)
        panels.breadcrumb.update()
        viewer = canvas if panels.viewer.expanded else Rect(0.0, 0.0, self._places.side, self._places.viewer_height)
        if viewer.width:
            panels.viewer.update(viewer.width, viewer.height)
        else:
            panels.viewer.rest()
        if self._places.side:
            panels.inspector.update(self._places.side)
        panels.library.update(canvas.left - GRIP, height - STATUS - TOP, shown=canvas.left > 0.0)
        panels.dock.update(canvas.width, max(height - STATUS - canvas.bottom - GRIP, 1.0))
        panels.status.update(width)
        panels.start.update(width, height - STATUS - TOP)
        panels.hint.update(canvas, hidden=self._ui.popups.now is not None)
        px = self._ui.px
        panels.toasts.update((px(canvas.left), px(canvas.top), px(canvas.right), px(canvas.bottom)))
        self._tell_title()
        self._offer_model()
        if self._asked[0] and dpg.get_frame_count() >= self._asked[1]:
            self.open_settings(self._asked[0])
            self._asked = "", 0
        popup = self._ui.popups.now
        if popup is not None:
            popup.update()
        return self._pointer.active() or gliding or panels.painter.unfinished or self._paths.asking

    def _offer_model(self) -> None:
        """Ask about a model that a run waits for, once nothing else is asked."""
        offer = self.workspace.next_offer()
        if offer is not None and self._ui.popups.now is None:
            self._ui.popups.show_centered(OfferNote(self._ui, self.workspace, offer))

    def take_drops(self) -> None:
        """Take files that are dropped on the window, once it is shown."""
        on_drop(self._dropped.extend)

    def _take_dropped(self) -> None:
        if self._dropped and self.workspace.ready:
            paths, self._dropped[:] = tuple(self._dropped), ()
            self.workspace.files.take(paths)

    def _look_at_front(self) -> None:
        """Where another sheet, or another level of it, has come to the front, leave what belonged to the one before."""
        if self._sheet is not self.workspace.sheet:
            self._sheet = self.workspace.sheet
            if self._sheet.blank and len(self.workspace.sheets) == 1:
                self.panels.start.show()  # the last graph was closed
        front = self.workspace.canvas.scene, self.workspace.sheet.levels.path
        if self._front != front:
            if self._front[0] is not front[0]:
                self.panels.painter.clear()
            self._front = front
            self.panels.watching.forget()
            self._living.forget()
            self.panels.textures.clear()
            popup = self._ui.popups.now
            if popup is not None and not popup.holds:
                popup.close()

    def _tell_title(self) -> None:
        document = self.workspace.document
        title = f"{'* ' if document.dirty else ''}{document.name} - NodeFlow"
        if title != self._title:
            self._title = title
            dpg.set_viewport_title(title)

    # ---- what commands ask ---------------------------------------------------------------------------------------

    def quit(self) -> None:
        self.workspace.files.leave(self._quit)

    def read_clipboard(self) -> str:
        return clipboard_text()

    def write_clipboard(self, text: str) -> None:
        dpg.set_clipboard_text(text)

    def open_palette(self) -> None:
        self.workspace.library.refresh()
        self._models.stock.want()
        hint = "Find an action, a node, a model or a setting"
        palette = Menu(self._ui, self._finder.find, 560.0, hint, news=lambda: self.workspace.addable)
        middle = dpg.get_viewport_client_width() / 2
        self._ui.popups.show(palette, middle - self._ui.px(280), self._ui.px(TOOLBAR + 8))

    def open_settings(self, section: str = "") -> None:
        binder = Binder(self.workspace.preferences, self.commands)
        self._ui.popups.show_centered(SettingsWindow(self._ui, self.workspace.preferences, binder, section))

    def open_about(self) -> None:
        self._ui.popups.show_centered(AboutWindow(self._ui))

    def open_help(self) -> None:
        for node in self.workspace.canvas.selection.nodes:
            schema = self.workspace.schema(node)
            if schema is not None:
                self._ui.popups.show_centered(HelpWindow(self._ui, self.workspace, schema))

    def show_start(self) -> None:
        self.panels.start.show()

    def leave_start(self) -> None:
        self.panels.start.hide()

    @property
    def scale(self) -> float:
        return self._ui.scale

    @property
    def viewer(self) -> Viewer:
        return self.panels.viewer

    @property
    def dock(self) -> Dock:
        return self.panels.dock

    def toggle_library(self) -> None:
        if self.panels.start.hide():
            self.panels.library.show()
        else:
            self.panels.library.toggle()

    @property
    def library_open(self) -> bool:
        return self.panels.library.open

    def toggle_side(self) -> None:
        self._sides.toggle()

    @property
    def side_open(self) -> bool:
        return self._sides.open

    def leave_viewer(self) -> bool:
        was, self.viewer.expanded = self.viewer.expanded, False
        return was

    # ---- what the workspace asks ---------------------------------------------------------------------------------

    def open_viewer(self) -> None:
        self.viewer.expanded = True

    def open_models(self, task: str) -> None:
        self.panels.start.hide()
        self.panels.library.show(task)

    def open_search(self, at: Point, onto: Onto | None) -> None:
        self.panels.on_canvas.search(at, onto)

    def open_menu(self, at: Point, hit: Hit) -> None:
        self.panels.on_canvas.menu(at, hit)

    def open_rename(self, node: str) -> None:
        self.panels.on_canvas.rename(node)

    def open_words(self, pad: PadId) -> None:
        self.panels.on_canvas.words(pad)

    def open_connect(self, node: str) -> None:
        self.panels.on_canvas.connect(node)

    def open_param(self, node: str, param: str, by_keys: bool = False) -> None:
        self.panels.on_canvas.param(node, param, by_keys)

    def ask_path(self, ask: Ask, then: Callable[[Path], object]) -> None:
        self._paths.ask(ask, then)

    def ask_name(self, title: str, name: str, take: Callable[[str], None]) -> None:
        self._ui.popups.show_centered(NameQuestion(self._ui, title, name, take))

    def ask_sure(self, question: str, more: str, yes: str, do: Callable[[], None]) -> None:
        self._ui.popups.show_centered(SureQuestion(self._ui, question, more, yes, do))

    def ask_unsaved(self, question: str, more: str, save: Callable[[], None], leave: Callable[[], None]) -> None:
        self._ui.popups.show_centered(UnsavedQuestion(self._ui, question, more, save, leave))

    def tell_recovered(self, recovered: Sequence[Recovered], discard: Callable[[], None]) -> None:
        self._ui.popups.show_centered(RecoveredNote(self._ui, recovered, discard))

    def close(self) -> None:
        """Take what this window started off the screen."""
        self._paths.close()
        self.panels.library.close()

    # ---- inside --------------------------------------------------------------------------------------------------

    def _add_in_the_middle(self, schema: NodeSchema) -> None:
        canvas = self.workspace.canvas
        self.workspace.add(schema, canvas.viewport.to_world((canvas.size[0] / 2 - 90.0, canvas.size[1] / 3)))
