"""The editor in a process of its own, with a real window, a real mouse and a real keyboard.

    with Desk(graph_file) as desk:
        desk.drag(desk.port("clip.image"), desk.port("preview.value"))
        desk.wait(lambda look: "clip.image -> preview.value" in look["links"])

What a person would see (`Look`) is asked from the process, once per question, between two of its frames; what a person
does goes through xdotool. The process, and all that a look tells, is in desk_inside.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.editor.xclose import press_close_button
from tests.editor.xdrop import drop_files

PATIENCE = 90.0
"""Seconds that only a test which fails waits for."""

_INSIDE = str(Path(__file__).with_name("desk_inside.py"))

Look = dict[str, Any]
Point = tuple[float, float]


class Desk:
    """One running editor."""

    def __init__(
        self,
        graph: Path | None = None,
        *,
        start: bool = False,
        env: dict[str, str] | None = None,
    ) -> None:
        self._graph, self._start = graph, start
        self._config = tempfile.TemporaryDirectory()
        # what a test points at must not be on its way somewhere
        Path(self._config.name, "settings.json").write_text('{"reduced_motion": true}')
        folders = dict.fromkeys(("NODEFLOW_CONFIG", "NODEFLOW_STATE"), self._config.name)
        folders["NODEFLOW_SUBGRAPHS"] = f"{self._config.name}/subgraphs"
        ours = {"NODEFLOW_DIALOGS": "window", "NODEFLOW_SCALE": "1"} | folders
        self._env = os.environ | ours | (env or {})

    def __enter__(self) -> Self:
        job = {
            "graph": self._graph and str(self._graph),
            "start": self._start,
        }
        for key in ("Control_L", "Shift_L", "Alt_L"):  # the window of another test may have closed under them
            self.xdotool("keyup", key)
        self.process = subprocess.Popen(
            [sys.executable, _INSIDE, json.dumps(job)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._env,
        )  # fmt: skip
        self.wait(lambda look: look["ready"])
        self.wait(lambda look: look["frames"] > 5)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self._config.cleanup()

    # ---- seeing --------------------------------------------------------------------------------------------------

    def look(self) -> Look:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("look\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"the editor ended with exit status {self.process.wait()}")
        return dict(json.loads(answer))

    def wait(self, good: Callable[[Look], object], seconds: float = PATIENCE) -> Look:
        """Look until `good`, which is a condition on a look; fail with the last look after `seconds`."""
        end = time.monotonic() + seconds
        while True:
            look = self.look()
            if good(look):
                return look
            assert time.monotonic() < end, f"waited {seconds:.0f} s in vain; last seen: {json.dumps(look)[:3000]}"

    def settle(self) -> Look:
        """Look after a few more frames, when what was done has had its effect."""
        frames = self.look()["frames"]
        return self.wait(lambda look: look["frames"] >= frames + 4)

    def steady(self, find: Callable[[Look], Point | None], seconds: float = PATIENCE) -> Point:
        """Where something is, once it is there and stays: what has just opened may yet grow or move."""
        seen: list[Point | None] = [None]

        def stays(look: Look) -> bool:
            seen.append(find(look))
            return seen[-1] is not None and seen[-1] == seen[-2]

        end = time.monotonic() + seconds
        while not stays(self.settle()):
            assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for a place; last seen: {seen[-2:]}"
        at = seen[-1]
        assert at is not None
        return at

    def press(self, button: str) -> None:
        """Click a button of what floats over the window."""
        self.click(self.steady(lambda look: look["buttons"].get(button)))

    def port(self, name: str, side: str = "") -> Point:
        """Where a port is in the window: "clip.image"; `side` is "in" or "out" where the node has both."""
        ports = self.look()["ports"]
        return tuple(ports[f"{side}:{name}" if side else next(key for key in ports if key.endswith(f":{name}"))])

    def title(self, node: str) -> Point:
        """The middle of a node's title bar."""
        return tuple(self.look()["titles"][node])

    def param(self, name: str) -> Point:
        """The middle of a parameter's row on its node: "pose.score"."""
        return tuple(self.look()["params"][name])

    def empty(self) -> Point:
        """A place on the canvas where nothing is."""
        return tuple(self.look()["empty"])

    def shot(self, path: Path) -> None:
        """A picture of the whole screen."""
        subprocess.run(["import", "-window", "root", str(path)], env=self._env, check=True)

    # ---- doing ---------------------------------------------------------------------------------------------------

    def xdotool(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._env, check=True)

    def move(self, at: Point) -> None:
        self.xdotool("mousemove", round(at[0]), round(at[1]))
        self.settle()

    def click(self, at: Point, button: int = 1) -> None:
        self.move(at)
        self.xdotool("click", button)
        self.settle()

    def double_click(self, at: Point) -> None:
        self.move(at)
        self.xdotool("click", "--repeat", 2, "--delay", 80, 1)
        self.settle()

    def drag(self, start: Point, end: Point, button: int = 1) -> None:
        self.move(start)
        self.xdotool("mousedown", button)
        self.settle()
        for share in (0.3, 0.6, 1.0):
            self.move((start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share))
        self.xdotool("mouseup", button)
        self.settle()

    def key(self, keys: str) -> None:
        """One chord, in xdotool's words: "ctrl+z"."""
        self.xdotool("key", keys)
        self.settle()

    def press_close_button(self) -> None:
        """What the X in a window's corner does."""
        press_close_button(self._env["DISPLAY"], self._window())

    def drop(self, *paths: Path, at: Point) -> None:
        """Drop files on the window."""
        self.move(at)
        drop_files(self._env["DISPLAY"], self._window(), [path.as_uri() for path in paths], at)
        self.settle()

    def _window(self) -> int:
        found = subprocess.run(
            ["xdotool", "search", "--pid", str(self.process.pid)], env=self._env, check=True, capture_output=True
        )
        return int(found.stdout.split()[-1])

    def quit(self) -> None:
        """Ask the program to end; there may be nobody to look at afterwards."""
        self.xdotool("key", "ctrl+q")

    def type(self, text: str) -> None:
        self.settle()
        self.xdotool("type", "--delay", 30, text)
        self.settle()
