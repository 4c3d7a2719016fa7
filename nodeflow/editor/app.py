"""The editor as a program: one window, one loop.

`run_editor` opens the window first and loads the node types behind it, so that the first frame is there at once. The
loop draws a frame, hands the person's input on, and brings the panels up to date; it never waits for a node, a file
or a model. How often it draws is told by pace.py. DearPyGui is called from this thread only.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import dearpygui.dearpygui as dpg

from nodeflow.editor import fonts, theme
from nodeflow.editor.canvas.drawing.pen import Faces
from nodeflow.editor.canvas.layout import TEXT
from nodeflow.editor.documents.journal import Journal
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.native import draw_flat, wait_for_input
from nodeflow.editor.pace import BUSY, Cost, Pace
from nodeflow.editor.palette import PALETTES, colors, use
from nodeflow.editor.running.log import listening
from nodeflow.editor.running.run import Engine
from nodeflow.editor.screen import Screen, find_screen
from nodeflow.editor.settings.memory import Memory
from nodeflow.editor.settings.stored import config_folder, state_folder
from nodeflow.editor.settings.values import Preferences
from nodeflow.editor.texts import guard_texts
from nodeflow.editor.tidying import at_rest_only, tidy
from nodeflow.editor.ui import Ui
from nodeflow.editor.unlocked import load_unlocked
from nodeflow.editor.window import Window
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.collecting import put_off
from nodeflow.graph import Catalog, Graph, renames

if TYPE_CHECKING:
    from nodeflow.node import Registry

log = logging.getLogger(__name__)

_WIDTH, _HEIGHT = 1500, 940
_AHEAD: Final = ("networkx", "nodeflow.engine.session", "nodeflow.models")
"""What a frame would import for the first check, run or card: no frame should wait for it."""
_HAND_RESTS: Final = 1.0
"""Seconds after a move of the hand in which somebody would see that all stands still for a moment."""
_PATIENCE: Final = 70.0
"""Seconds that runs have to end when the program does. The engine gives up calls that hang, and nodes that will not
close, well before that; a program that left earlier would take with it what a writer has yet to complete."""


class NoDisplayError(RuntimeError):
    """There is no screen to open a window on."""


def run_editor(path: Path | None, *, device: str = "auto", start: bool = False) -> int:
    """Open the editor, on the graph in `path` if given, and return when the person closes it.

    `device` is "auto", "cpu" or "cuda:0", for the runs; `start` runs the graph as soon as it is open. Returns the exit
    status: 0, or 1 if a node would not close. Raises NoDisplayError where there is no screen.
    """
    preferences = Preferences(config_folder() / "settings.json")
    screen = find_screen(preferences.now.scale / 100)
    if screen is None:
        raise NoDisplayError("there is no display to open a window on: use `nodeflow run` to run a graph without one")
    load_unlocked()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)  # a busy Python thread gives way to the frame at once
    try:
        with at_rest_only():
            return App(screen, device, preferences).main(path, start)
    finally:
        sys.setswitchinterval(interval)


class App:
    """The window and its loop. DearPyGui allows one in a process, once."""

    def __init__(self, screen: Screen, device: str, preferences: Preferences) -> None:
        """`device` is where models run whatever the settings say, unless it is "auto"."""
        self._device, self._preferences = device, preferences
        self._scale = preferences.now.scale
        """The scale that was asked for last."""
        self._quitting = False
        self._failed = ""
        self._loading = _Loading()
        self._journal = Journal(state_folder() / "unsaved")
        self._pace = Pace(now=time.monotonic())
        guard_texts()
        dpg.create_context()
        dpg.configure_app(manual_callback_management=True, anti_aliased_lines_use_tex=True)
        self._open(screen)

    def main(self, path: Path | None, start: bool) -> int:
        """Until the person leaves. What is said through `logging` meanwhile stands in the editor's log."""
        with listening(self.workspace.log):
            return self._main(path, start)

    def _main(self, path: Path | None, start: bool) -> int:
        if path is None:
            self.window.show_start()
        try:
            while dpg.is_dearpygui_running() and not self._quitting:
                self.frame()
                if self._loading.ready():
                    self._loaded(path, start)
        except KeyboardInterrupt:
            log.info("interrupted")
        finally:
            closed = self._close()
        return 0 if closed else 1

    def frame(self) -> None:
        """Draw one frame and act on what happened since the last."""
        began = Cost(time.monotonic(), time.process_time())
        dpg.render_dearpygui_frame()
        for job in dpg.get_callback_queue() or ():
            self._guarded(partial(dpg.run_callbacks, [job]))
        busy = self._guarded(self.window.update)
        if self._preferences.now.scale != self._scale:
            self._guarded(self._rescale)
        self._guarded(self._keep_unsaved)
        self._wait(bool(busy), Cost(time.monotonic() - began.clock, time.process_time() - began.processors))

    def _open(self, screen: Screen) -> None:
        width, height = round(_WIDTH * screen.scale), round(_HEIGHT * screen.scale)
        if screen.size is not None:
            width, height = min(width, screen.size[0]), min(height, screen.size[1])
        use(PALETTES[self._preferences.now.theme])
        self._ui = _ui(screen.scale)
        dpg.create_viewport(
            title="NodeFlow", width=width, height=height, x_pos=0, y_pos=0, min_width=640, min_height=420,
            clear_color=colors.ground, disable_close=True,
        )  # fmt: skip
        dpg.setup_dearpygui()
        self.window = Window(
            self._ui,
            lambda window: Workspace(
                window,
                self._make_engine,
                lambda text: self._ui.faces.width(text, self._ui.fonts.text) * TEXT,
                self._preferences,
                Memory(state_folder() / "memory.json"),
            ),
            self._quit,
        )
        self.workspace = self.window.workspace
        self._preferences.tell = lambda text: self.workspace.notices.say(text, "error")
        for problem in self._preferences.problems:
            self.workspace.notices.say(problem, "warning")
        dpg.set_exit_callback(lambda: self.window.commands.run("file.quit"))
        draw_flat()
        dpg.show_viewport()
        self.window.take_drops()

    def _rescale(self) -> None:
        """Show everything at the scale that was set now, unless NODEFLOW_SCALE says another."""
        self._scale = self._preferences.now.scale
        screen = find_screen(self._scale / 100)
        if os.environ.get("NODEFLOW_SCALE"):
            self.workspace.notices.say("NODEFLOW_SCALE says how large all is: unset it to choose here", "warning")
        if screen is not None and screen.scale != self._ui.scale:
            old = [item for item in dpg.get_all_items() if not dpg.get_item_parent(item) and not _is_font(item)]
            self._ui = _ui(screen.scale)
            self.window.rebuild(self._ui, old)

    def _loaded(self, path: Path | None, start: bool) -> None:
        registry = self._loading.registry
        if registry is None:
            self.workspace.notices.say(f"The nodes could not be loaded: {self._loading.error}", "error")
            return
        self.workspace.use_catalog(registry.catalog, registry.adapted)
        from nodeflow.models import library

        library().offer = self.workspace.offers.fetch
        for problem in registry.problems:
            self.workspace.notices.say(str(problem), "error")
        recovered = self._recover(registry.catalog)
        if path is not None:
            opened = self.workspace.files.open_path(path)
            if start and opened is not None and opened not in recovered:
                self.workspace.start_or_pause()

    def _recover(self, catalog: Catalog) -> list[Sheet]:
        """Open what an editor that did not end well had not saved."""
        found, problems = self._journal.recover(renames(catalog))
        for problem in problems:
            self.workspace.notices.say(problem, "error")
        sheets = []
        for each in found:
            sheets.append(self.workspace.sheets.add(each.document))
            self._journal.take(sheets[-1], each)
        if found:
            self.window.tell_recovered(found, partial(self._discard, sheets))
        return sheets

    def _discard(self, sheets: list[Sheet]) -> None:
        """Give up what was recovered, if the person is sure."""
        self.workspace.front.ask_sure(
            "Discard the recovered work?",
            "Files that were saved are shown as they are. This cannot be undone.",
            "Discard",
            partial(self.workspace.files.discard, sheets),
        )

    def _keep_unsaved(self) -> None:
        self._journal.update(self.workspace.sheets, self._preferences.now.autosave)
        if self._journal.problem:
            self.workspace.notices.say(self._journal.problem, "error")
            self._journal.problem = ""

    def _make_engine(self, graph: Graph, folder: Path | None) -> Engine:
        from nodeflow.engine import Session

        if self._loading.registry is None:
            raise RuntimeError("the nodes are not loaded yet")
        settings = self._preferences.now
        device = settings.device if self._device == "auto" else self._device
        return Session(
            graph,
            self._loading.registry,
            device=device,
            threads=settings.threads,
            folder=folder,
            interactive=True,
            host_cache=settings.host_cache << 20,
            device_cache=settings.device_cache << 20,
        )

    def _guarded(self, action: Callable[[], object]) -> object:
        """Do something for the person; if it fails, say so and go on."""
        try:
            return action()
        except Exception as error:
            said = f"Something went wrong here: {type(error).__name__}: {error}"
            if said != self._failed:  # what fails in a frame fails in the next one, too
                self._failed = said
                log.exception("the editor failed at something")
            self.workspace.notices.say(said, "error")
            return None

    def _wait(self, busy: bool, frame: Cost) -> None:
        """Wait until the next frame is due, or the person does something."""
        now, running = time.monotonic(), self.workspace.run.active
        if busy:
            put_off(time.perf_counter() + _HAND_RESTS)
        elif not running:
            tidy(self._pace.quiet(now))
        seen = running or bool(self.workspace.notices.current()) or bool(self.workspace.sheet.aside.words)
        seen = seen or not self.workspace.ready
        wait = self._pace.after(now, busy=busy, seen=seen, running=running, frame=frame)
        time.sleep(min(wait, BUSY))
        if wait > BUSY and wait_for_input(wait - BUSY):
            self._pace.woken(time.monotonic())

    def _quit(self) -> None:
        self._quitting = True

    def _close(self) -> bool:
        """Take the window away, then end the run. What is unsaved was asked about if the person wanted to leave."""
        self._journal.close(keep=not self._quitting)
        self.window.close()
        dpg.destroy_context()
        return self.workspace.close(_PATIENCE)


def _ui(scale: float) -> Ui:
    """Fonts and themes for a scale, bound from now on."""
    faces = fonts.load(scale)
    return Ui(faces, theme.build(scale), Faces(faces.text, faces.medium, faces.icons, fonts.Ruler()))


def _is_font(item: int) -> bool:
    """Whether an item holds fonts. They stay, for when their scale comes again; DearPyGui crashes without them, too."""
    return str(dpg.get_item_type(item)).endswith("mvFontRegistry")


class _Loading:
    """The node types and what runs them, imported by a thread while the first frames are drawn."""

    def __init__(self) -> None:
        self.registry: Registry | None = None
        self.error: Exception | None = None
        self._told = False
        self._thread = threading.Thread(target=self._load, name="loading nodes", daemon=True)

    def ready(self) -> bool:
        """True once, when it is done. Starts with the first call, which is after the first frame."""
        if self._thread.ident is None:
            self._thread.start()
        if self._told or self._thread.is_alive():
            return False
        self._told = True
        return True

    def _load(self) -> None:
        try:
            for module in _AHEAD:
                importlib.import_module(module)
            from nodeflow.node import load_registry

            self.registry = load_registry()
        except Exception as error:
            log.exception("the nodes could not be loaded")
            self.error = error
