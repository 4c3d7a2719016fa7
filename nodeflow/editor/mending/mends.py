"""What mends a problem for sure, as one step of the document. Pure.

    mend = mend_of(graph, catalog, problem)     # None where a person has to decide
    sheet.rewrite(mend.step, mend.do(graph))

A problem inside a subgraph is mended in its definition, and so for all uses of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nodeflow.editor.canvas.names import Names
from nodeflow.graph import Catalog, Graph, Link, Problem
from nodeflow.graph.definitions import definition_of
from nodeflow.graph.names import INSIDE

_BROKEN_LINKS = ("dangling-link", "unknown-port", "kind-mismatch")


@dataclass(frozen=True, slots=True)
class Mend:
    """`title` is what a button says, `step` what the undo list does; `do` makes the whole document mended."""

    title: str
    step: str
    do: Callable[[Graph], Graph]


def mend_of(whole: Graph, catalog: Catalog, problem: Problem) -> Mend | None:
    """The one way to mend a problem of the document `whole`, or None if there is none, or more than one."""
    *uses, node = problem.node.split(INSIDE)
    definition = _definition(whole, uses)
    if definition is None:
        return None
    level, port = (whole.definitions[definition] if definition else whole), problem.port
    names = Names(level, catalog)

    def mend(title: str, step: str, edit: Callable[[Graph], Graph]) -> Mend:
        return Mend(title, step, partial(_edited, definition, edit))

    if problem.code in _BROKEN_LINKS:
        link = _link(level, node, port, problem.related)
        if link is not None:
            return mend("Remove the wire", f"Remove {names.link(link)}", lambda graph: graph.disconnect(link))
    elif problem.code == "bad-param" and node in level.nodes:
        step = f"Reset {names.node(node)}.{port}"
        return mend("Use the default", step, lambda graph: graph.unset_params(node, [port]))
    elif problem.code == "unknown-param" and node in level.nodes:
        step = f"Remove {names.node(node)}.{port}"
        return mend("Remove the value", step, lambda graph: graph.unset_params(node, [port]))
    elif problem.code == "nothing-comes" and len(problem.related) == 1:
        *_, silent = problem.related[0].split(INSIDE)
        if silent in level.nodes and level.nodes[silent].mode == "muted":
            words = f"Turn {names.node(silent)} on"
            return mend(words, words, lambda graph: graph.set_mode([silent], "on"))
    return None


def _definition(whole: Graph, uses: list[str]) -> str | None:
    """The definition that lies behind these uses, one inside the other; "" is the graph itself."""
    name, level = "", whole
    for use in uses:
        made = level.nodes.get(use)
        found = definition_of(made.type) if made else None
        if found is None or found not in whole.definitions:
            return None
        name, level = found, whole.definitions[found]
    return name


def _edited(definition: str, edit: Callable[[Graph], Graph], whole: Graph) -> Graph:
    return whole.closed(definition, edit(whole.opened(definition))) if definition else edit(whole)


def _link(level: Graph, node: str, port: str, related: tuple[str, ...]) -> Link | None:
    """The link that leads into a port, if there is one and no more."""
    into = [link for link in level.links if link.target == (node, port)]
    if len(into) > 1:
        sources = {name.rpartition(INSIDE)[2] for name in related}
        into = [link for link in into if link.source.node in sources]
    return into[0] if len(into) == 1 else None
