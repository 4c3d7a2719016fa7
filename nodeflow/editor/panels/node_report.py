"""How the selected node does: its state and numbers, what is wrong with it, and the ways out. GUI thread only.

Read five times a second: what changes faster cannot be read.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.complaint import WAYS, Way
from nodeflow.editor.canvas.live import BROKEN, MARKS
from nodeflow.editor.icons import Icon
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.numbers import milliseconds
from nodeflow.editor.running.standing import blame, node_words
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import NodeStatus
from nodeflow.graph import Problem

_EVERY: Final = 0.2
_TRACE_LINES: Final = 9
_LONGEST: Final = 300
"""How much of a message is shown; all of it can be copied."""
_INPUTS: Final = 4
"""How many of the inputs of a failed call are told."""
_NO_STATUS: Final = NodeStatus()


class NodeReport:
    """Made in the container that is open, for one node; `width` in logical pixels."""

    def __init__(self, ui: Ui, workspace: Workspace, ways_out: WaysOut, node: str, width: float) -> None:
        self._ui, self._workspace, self._ways_out = ui, workspace, ways_out
        self._node, self._width = node, width
        self._next = 0.0
        self._told: tuple[object, ...] = ()
        self._complained: tuple[object, ...] | None = None
        self._traced = False
        """Whether the traceback is unfolded."""
        self._state = ui.text("", wrap=width)
        self._facts = ui.text("", ui.themes.dim, ui.fonts.small, wrap=0)
        self._box = int(dpg.add_group())

    def update(self) -> None:
        """Once per frame."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY
        run, node = self._workspace.run, self._node
        status = run.snapshot.nodes.get(node, _NO_STATUS)
        running = run.started or status.runs > 0 or status.state != "idle"
        words = node_words(status, run.snapshot.state)
        told = (running, words, status, self._share(status))
        if told != self._told:
            self._told = told
            self._tell(status, words, running)
        problems = [problem for problem in self._workspace.sheet.shown_problems() if problem.node == node]
        message = status.message if status.state not in ("ready", "running", "cached") else ""
        if message == status.state:  # said already
            message = ""
        if blamed := blame(status, run.whole.nodes, self._workspace.sheet.title_of):
            message = f"{blamed}: {message}" if message else blamed
        complained = (message, status.hint, status.state in BROKEN, status.inputs, status.trace, *problems)
        if complained != self._complained:
            self._complained = complained
            self._complain(status, message, problems)

    def _tell(self, status: NodeStatus, state: str, running: bool) -> None:
        themes = self._ui.themes
        roles = {"good": themes.good, "warn": themes.warn, "bad": themes.bad}
        dpg.configure_item(self._state, show=running)
        dpg.set_value(self._state, state)
        dpg.bind_item_theme(self._state, roles.get(MARKS[status.state].role, themes.faint))
        numbers = [milliseconds(status.ms), f"{status.runs} run{'s' * (status.runs != 1)}"] if status.runs else []
        numbers += [f"{status.failed} failed"] if status.failed else []
        share = self._share(status)
        facts = [
            *numbers,
            status.summary,
            f"{share:.0%} of the time of all nodes" if status.runs and share >= 0.005 else "",
            f"{status.dropped} frames dropped" if status.dropped else "",
            " on ".join(dict.fromkeys(word for word in (status.provider, status.device) if word != "cpu" and word)),
            f"tried again in {status.rests_s} s" if status.rests_s else "",
        ]
        words = "  \u00b7  ".join(fact for fact in facts if fact)
        dpg.set_value(self._facts, words)
        dpg.configure_item(self._facts, show=bool(words) and running)

    def _share(self, status: NodeStatus) -> float:
        nodes = self._workspace.run.snapshot.nodes.values()
        whole = sum(each.ms for each in nodes if each.runs)
        return status.ms / whole if whole else 0.0

    def _complain(self, status: NodeStatus, message: str, problems: list[Problem]) -> None:
        themes = self._ui.themes
        dpg.delete_item(self._box, children_only=True)
        dpg.push_container_stack(self._box)
        try:
            if message:
                broken = status.state in BROKEN
                self._say(message, status.hint, themes.bad if broken else themes.dim)
                if broken:
                    self._explain(status)
            for problem in problems:
                self._say(problem.message, problem.hint, themes.bad if problem.severity == "error" else themes.warn)
        finally:
            dpg.pop_container_stack()

    def _say(self, message: str, hint: str, theme: int) -> None:
        """Something that wants to be read, with the way out under it."""
        ui = self._ui
        ui.gap(2)
        with dpg.group(horizontal=True):
            with dpg.group():
                shown = message if len(message) <= _LONGEST else f"{message[:_LONGEST]} \u2026"
                ui.text(shown, theme, wrap=self._width - 34)
                if hint:
                    ui.text(hint, ui.themes.dim, wrap=self._width - 34)
            ui.icon_button(Icon.COPY, lambda: dpg.set_clipboard_text(f"{message} {hint}".strip()), "Copy", 26)

    def _explain(self, status: NodeStatus) -> None:
        """What can be done, what the failed call was given, and, where it is asked for, where it failed."""
        ui, themes = self._ui, self._ui.themes
        ui.gap(2)
        with dpg.group(horizontal=True):
            for way in self._ways_out.of(self._node):
                if way != "inspect":  # here it is
                    self._button(way)
        for text in status.inputs[:_INPUTS]:
            ui.text(text, themes.faint, ui.fonts.small, wrap=self._width)
        if len(status.inputs) > _INPUTS:
            ui.text(f"and {len(status.inputs) - _INPUTS} more inputs", themes.faint, ui.fonts.small)
        if status.trace:
            self._trace(status.trace)

    def _trace(self, trace: str) -> None:
        """The traceback, folded until it is asked for: what the node is set to stands under it."""
        ui = self._ui
        lines = trace.count("\n") + 1

        def fold() -> None:
            self._traced = not self._traced
            dpg.configure_item(whole, show=self._traced)
            dpg.configure_item(button, label=title())

        def title() -> str:
            return "Hide the traceback" if self._traced else f"Traceback, {lines} line{'s' * (lines != 1)}"

        button = ui.button(title(), fold, ui.themes.small_quiet)
        dpg.bind_item_font(button, ui.fonts.small)
        with dpg.group(show=self._traced) as whole:
            height = ui.px(18.0 * min(_TRACE_LINES, lines + 1))
            item = dpg.add_input_text(
                default_value=trace, multiline=True, readonly=True, width=ui.px(self._width), height=height
            )
            dpg.bind_item_font(item, ui.fonts.small)
            copy = ui.button("Copy the traceback", lambda: dpg.set_clipboard_text(trace), ui.themes.small_quiet)
            dpg.bind_item_font(copy, ui.fonts.small)

    def _button(self, way: Way) -> None:
        self._ui.button(WAYS[way][1], partial(self._ways_out.take, self._node, way))
