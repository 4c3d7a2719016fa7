"""A window to be measured, in a process of its own: the editor, or DearPyGui's own node editor with the same nodes.

    python -m benchmarks.editor.desk ours GRAPH     # then a line of JSON for each question on the standard input

A frame's figures are its time on the clock, drawing included, and the processor time of this thread beside drawing,
which is our Python and the calls that it makes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import dearpygui.dearpygui as dpg

from nodeflow.editor import app as editor
from nodeflow.editor.canvas.gestures import Held
from nodeflow.editor.canvas.operations import frame_all
from nodeflow.engine.messages import Command, NodeStatus, Snapshot, Start
from nodeflow.graph import Graph, load
from nodeflow.node import load_registry

Step = Callable[[], object]
_HELD = Held()
_SETTLING = 30
"""Frames until a window looks as it will."""
_BEFORE = 3
"""Frames of a gesture that are not measured."""


class Pretender:
    """An engine that does nothing and tells something else of every node each time it is asked."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._asked, self._running = graph, 0, False

    def send(self, command: Command) -> None:
        self._running |= isinstance(command, Start)

    def snapshot(self) -> Snapshot:
        if not self._running:
            return Snapshot()
        self._asked += 1
        status = NodeStatus("ready", runs=self._asked, ms=1.0 + self._asked % 50, summary=f"{self._asked} x 480")
        statuses = dict.fromkeys(self._graph.nodes, status)
        return Snapshot("running", finished=self._asked, admitted=self._asked, fps=30.0, nodes=statuses)

    def trace(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        pass


class Ours(editor.App):
    """The editor, frame by frame."""

    def main(self, path: Path | None, start: bool) -> int:
        while not self._loading.ready():
            self.frame()
        self._loaded(path, start)
        for _ in range(_SETTLING):
            self.frame()
        answer(self)
        return 0

    def _make_engine(self, graph: Graph, _: Path | None) -> Pretender:
        return Pretender(graph)

    def measured(self, step: Step) -> tuple[float, float]:
        """Draw one frame in which the person does `step`."""
        began = time.perf_counter()
        dpg.render_dearpygui_frame()
        cpu = time.thread_time()
        step()
        for job in dpg.get_callback_queue() or ():
            dpg.run_callbacks([job])
        self.window.update()
        return time.perf_counter() - began, time.thread_time() - cpu

    # ---- what the person does ------------------------------------------------------------------------------------

    def all_in_sight(self) -> None:
        frame_all(self.workspace.canvas)

    def near(self) -> None:
        """The middle of the graph at 100 %."""
        canvas = self.workspace.canvas
        frame_all(canvas)
        self._zoom_to(1.0)

    def still(self) -> Iterator[Step]:
        while True:
            yield lambda: None

    def pan(self) -> Iterator[Step]:
        """With the middle button, to and fro."""
        canvas = self.workspace.canvas
        x, y = self._middle()
        canvas.press(x, y, "middle", _HELD)
        at = 0
        try:
            while True:
                at += 1
                away = at % 40 if at // 40 % 2 == 0 else 40 - at % 40
                yield partial(canvas.move, x + 9.0 * away, y + 7.0 * away, _HELD)
        finally:
            canvas.release(x, y, "middle", _HELD)

    def zoom(self) -> Iterator[Step]:
        """With the wheel, over all that there is and back."""
        canvas = self.workspace.canvas
        x, y = self._middle()
        while True:
            for turn in (*[1.0] * 24, *[-1.0] * 24):
                yield partial(canvas.wheel, x, y, turn, _HELD)

    def drag(self) -> Iterator[Step]:
        """A node by its title, in circles."""
        canvas = self.workspace.canvas
        box = min(
            canvas.scene.boxes.values(),
            key=lambda each: _far(each.bounds.center, canvas.viewport.to_world(self._middle())),
        )
        x, y = canvas.viewport.to_screen((box.at[0] + box.face.width / 2, box.at[1] + 14.0))
        canvas.press(x, y, "left", _HELD)
        at = 0
        try:
            while True:
                at += 1
                yield partial(canvas.move, x + 5.0 * (at % 20), y + 3.0 * (at % 20), _HELD)
        finally:
            canvas.cancel()
            canvas.release(x, y, "left", _HELD)

    def running(self) -> Iterator[Step]:
        """Nothing, while a graph runs."""
        self.workspace.start_or_pause()
        try:
            while True:
                yield lambda: None
        finally:
            self.workspace.run.drop()

    def _middle(self) -> tuple[float, float]:
        width, height = self.workspace.canvas.size
        return width / 2, height / 2

    def _zoom_to(self, zoom: float) -> None:
        canvas = self.workspace.canvas
        canvas.viewport = canvas.viewport.zoomed(zoom / canvas.viewport.zoom, self._middle())


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


class BuiltIn:
    """DearPyGui's own node editor, over the whole of a window of the same size."""

    def __init__(self, path: Path) -> None:
        graph, catalog = load(path), load_registry().catalog
        dpg.create_context()
        dpg.create_viewport(title="built in", width=1500, height=940, x_pos=0, y_pos=0)
        dpg.setup_dearpygui()
        dpg.show_viewport()
        ports: dict[str, int | str] = {}
        with dpg.window() as root, dpg.node_editor():
            dpg.set_primary_window(root, True)
            for name, node in graph.nodes.items():
                schema = catalog.nodes[node.type]
                with dpg.node(label=schema.title, pos=[round(along) for along in graph.view[name].at]):
                    for port in schema.inputs:
                        with dpg.node_attribute(attribute_type=dpg.mvNode_Attr_Input) as ports[f"{name}.{port.name}"]:
                            dpg.add_text(port.name)
                    for port in schema.outputs:
                        with dpg.node_attribute(attribute_type=dpg.mvNode_Attr_Output) as ports[f"{name}.{port.name}>"]:
                            dpg.add_text(port.name)
                    for param in schema.params:
                        if param.essential:
                            with dpg.node_attribute(attribute_type=dpg.mvNode_Attr_Static):
                                _widget(param.type, param.name, param.default, param.choices)
            for source, target in graph.links:
                dpg.add_node_link(ports[f"{source}>"], ports[str(target)])
        for _ in range(_SETTLING):
            dpg.render_dearpygui_frame()

    def measured(self, _: Step) -> tuple[float, float]:
        began = time.perf_counter()
        dpg.render_dearpygui_frame()
        return time.perf_counter() - began, 0.0

    def near(self) -> None:
        pass

    all_in_sight = near

    def still(self) -> Iterator[Step]:
        while True:
            yield lambda: None


def _widget(kind: str, name: str, default: Any, choices: tuple[str, ...]) -> None:
    if kind in ("number", "integer"):
        dpg.add_drag_float(label=name, width=100, default_value=float(default))
    elif kind == "toggle":
        dpg.add_checkbox(label=name, default_value=default)
    elif kind == "choice":
        dpg.add_combo(list(choices), label=name, width=100, default_value=default)
    else:
        dpg.add_input_text(label=name, width=100, default_value=str(default))


def answer(desk: Any) -> None:
    """Draw the frames that lines on the standard input ask for, and print what they took."""
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        getattr(desk, question["view"])()
        steps = getattr(desk, question["does"])()
        for _ in range(_BEFORE):
            desk.measured(next(steps))
        taken = [desk.measured(next(steps)) for _ in range(question["frames"])]
        steps.close()
        print(json.dumps({"wall": [wall for wall, _ in taken], "python": [cpu for _, cpu in taken]}), flush=True)


def main() -> None:
    kind, path = sys.argv[1:]
    if kind == "builtin":
        answer(BuiltIn(Path(path)))
        return
    with mock.patch.object(editor, "App", Ours):
        editor.run_editor(Path(path), device="cpu")


if __name__ == "__main__":
    main()
