"""Nodes whose ports follow from what they are set to: told by a thread, since a file may have to be read for it.

    adapting.want("detector", "file", "yolo.onnx", merge)      # a person sets a parameter
    adapting.apply()                                           # once per frame: makes the edit when the ports are known

The edit is one step of undo: the parameter, the ports and the links that still fit. It is nearly always made at once,
because a signature is read in some hundredths of a second; a slow disk stops no frame. Where the ports cannot be told,
the parameter is set all the same, the ports stay, and the reason is said. A node that is added for a file comes with
its ports, or gets them later where reading takes long. GUI thread only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from nodeflow.editor.canvas.names import title_of
from nodeflow.editor.notices import Notices
from nodeflow.graph import Catalog, Graph, Json, Node, base_type, refitted
from nodeflow.paths import placed

PATIENCE = 0.05
"""Seconds that a person's press may take."""
DROP_PATIENCE = 1.0
"""Seconds that dropping a file may take."""

Adapt = Callable[[Node, str, Callable[[str], Path]], Node]
"""What `Registry.adapted` is."""


class Shown(Protocol):
    """The part of a sheet that is needed: the graph that is shown, and changing it."""

    @property
    def graph(self) -> Graph: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def folder(self) -> Path | None: ...
    def edit(self, name: str, graph: Graph, merge: Hashable | None = None) -> None: ...


class _Telling:
    """One node whose ports are being told."""

    def __init__(self, adapt: Adapt, node: Node, changed: str, folder: Path | None) -> None:
        self.before = node
        self.after: Node | None = None
        self.fault = ""
        start = folder or Path.cwd()
        self._work = partial(adapt, node, changed, partial(placed, start))
        self._thread = threading.Thread(target=self._run, name="reading a model's ports", daemon=True)
        self._thread.start()

    def done(self, patience: float = 0.0) -> bool:
        self._thread.join(patience)
        return not self._thread.is_alive()

    @property
    def params(self) -> Mapping[str, Json]:
        """The parameters that are set with it."""
        after = self.after or self.before
        return {name: value for name, value in after.params.items() if self.before.params.get(name) != value}

    def _run(self) -> None:
        try:
            self.after = self._work()
        except Exception as error:  # the code of a pack, and a file that may be anything
            self.fault = str(error) or type(error).__name__


class Adapting:
    """The nodes of one sheet. `adapt` gives what tells the ports; None while the packs are not loaded."""

    def __init__(self, sheet: Shown, adapt: Callable[[], Adapt | None], notices: Notices) -> None:
        self._sheet, self._adapt, self._notices = sheet, adapt, notices
        self._waiting: list[tuple[str, str, Json, Hashable | None, _Telling]] = []
        self._late: list[tuple[str, _Telling]] = []
        """Files that took long to read when they were dropped, with the parameter that names them."""

    def want(self, name: str, param: str, value: Json, merge: Hashable | None = None) -> None:
        """Set a parameter on which the ports depend."""
        adapt, graph = self._adapt(), self._sheet.graph
        if adapt is None:
            self._sheet.edit(f"Set {self._called(name)}.{param}", graph.set_param(name, param, value), merge)
            return
        node = graph.nodes[name]
        changed = replace(node, params={**node.params, param: value})
        telling = _Telling(adapt, changed, param, self._sheet.folder)
        self._waiting.append((name, param, value, merge, telling))
        telling.done(PATIENCE)
        self.apply()

    def apply(self) -> None:
        """Make the edits that wait for nothing any more, in their order. Once per frame."""
        while self._waiting and self._waiting[0][-1].done():
            name, param, value, merge, telling = self._waiting.pop(0)
            node = self._sheet.graph.nodes.get(name)
            if node is None or base_type(node.type) != base_type(telling.before.type):
                continue  # it is gone, or another level is shown
            self._fit(name, {param: value}, f"Set {self._called(name)}.{param}", telling, merge)
        for param, telling in [late for late in self._late if late[1].done()]:
            self._late.remove((param, telling))
            added, nodes = telling.before, self._sheet.graph.nodes
            for name in [name for name, node in nodes.items() if _is_still(added, node, param)]:
                self._fit(name, {}, f"Give {self._called(name)} its ports", telling)

    def told(self, node: Node, param: str) -> Node | None:
        """A node that is about to be added, with its ports; as it is where they cannot be told, and None where that
        takes long: it is to be added as it is, then, and gets its ports once they are known."""
        adapt = self._adapt()
        if adapt is None:
            return node
        if any((of, late.before) == (param, node) for of, late in self._late):
            return None  # it is asked with every move of a drag
        telling = _Telling(adapt, node, param, self._sheet.folder)
        if not telling.done(DROP_PATIENCE):
            self._late.append((param, telling))
            self._notices.say("This file takes long to read: its node gets its ports then", "warning")
            return None
        if telling.fault:
            self._notices.say(telling.fault, "error")
        return telling.after or node

    def _fit(
        self, name: str, params: Mapping[str, Json], title: str, telling: _Telling, merge: Hashable | None = None
    ) -> None:
        """Give a node the ports that were told, with these parameters and those that follow from them."""
        node = self._sheet.graph.nodes[name]
        type_ = telling.after.type if telling.after else node.type
        made = replace(node, type=type_, params={**node.params, **params, **telling.params})
        if telling.fault:
            self._notices.say(f"{self._called(name)}: {telling.fault}", "error")
        self._sheet.edit(title, refitted(self._sheet.graph, self._sheet.catalog, name, made), merge)

    def _called(self, name: str) -> str:
        return title_of(self._sheet.graph, self._sheet.catalog, name)


def _is_still(added: Node, node: Node, param: str) -> bool:
    """Whether a node on the canvas is what was added for a file, however else it was changed."""
    return node.type == added.type and node.params.get(param) == added.params.get(param)
