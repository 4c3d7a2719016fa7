"""What a person can do with subgraphs: make one, go in and out, open its ports and parameters, take it apart again.

`NESTING` is the table that shortcuts, menus and the palette are made from. Everything is done to what is selected on
the sheet; where there is nothing to do it does nothing. No DearPyGui here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nodeflow.editor.canvas.operation import chosen
from nodeflow.editor.canvas.port_places import port_places
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.graph import INPUT, OUTPUT, Endpoint, Graph, Node, enclose, expanded, independent
from nodeflow.graph.definitions import definition_of, needed, uses
from nodeflow.graph.names import free_names
from nodeflow.graph.schema import PORT_NODES


def make(sheet: Sheet) -> None:
    """Put the selected nodes into a subgraph, which stands in their place."""
    canvas = sheet.canvas
    canvas.cancel()
    nodes = [node for node in chosen(canvas) if canvas.graph[node].type not in PORT_NODES]
    if not nodes:
        return
    pads = canvas.selection.pads
    graph, use = enclose(
        canvas.graph,
        nodes,
        _free_title(canvas.graph),
        groups=[pad.name for pad in pads if pad.kind == "group"],
        notes=[pad.name for pad in pads if pad.kind == "note"],
    )
    graph = _with_ports_in_sight(sheet, graph, definition_of(graph[use].type) or "")
    canvas.edit(f"Make a subgraph of {len(nodes)} node{'s' if len(nodes) > 1 else ''}", graph)
    canvas.select(Selection(frozenset({use})))
    canvas.scene.raise_up([use])


def enter(sheet: Sheet) -> None:
    """Show what is inside the selected subgraph."""
    use = selected_use(sheet)
    if use is not None:
        sheet.enter(use)


def leave(sheet: Sheet) -> None:
    """Show the graph around this subgraph."""
    sheet.leave()


def expand(sheet: Sheet) -> None:
    """Put what is inside the selected subgraph in its place."""
    use = selected_use(sheet)
    if use is None:
        return
    name = definition_of(sheet.graph[use].type) or ""
    graph, new = expanded(sheet.graph, use)
    sheet.edit(f"Expand {sheet.title(use)}", _without_unused(sheet, graph, name))
    sheet.canvas.select(Selection(frozenset(new.nodes.values())))


def separate(sheet: Sheet) -> None:
    """Give the selected subgraph contents of its own, which no other use of it shares."""
    use = selected_use(sheet)
    if use is not None:
        sheet.edit(f"Make {sheet.title(use)} independent", independent(sheet.graph, use))


def add_port(sheet: Sheet, node_type: str) -> None:
    """Add a port to the subgraph that is shown, where the pointer is."""
    if sheet.levels.path:
        graph, node = sheet.graph.add(Node(node_type), sheet.canvas.spot())
        sheet.canvas.edit(f"Add {PORT_NODES[node_type].title}", graph)
        sheet.canvas.select(Selection(frozenset({node})))


def exposed_name(graph: Graph, param: Endpoint) -> str | None:
    """What a parameter inside a subgraph is called on its uses; None if it is hidden."""
    return next((name for name, each in graph.exposed.items() if each == param), None)


def expose(sheet: Sheet, param: Endpoint) -> None:
    """Show a parameter on every use of the subgraph, or hide it again."""
    graph, called = sheet.graph, sheet.canvas.names.end(param)
    name = exposed_name(graph, param)
    if name is None:
        exposed = {**graph.exposed, free_names(graph.exposed)(param.port): param}
        sheet.edit(f"Expose {called}", graph.expose(exposed))
    else:
        sheet.edit(f"Hide {called}", graph.expose({each: it for each, it in graph.exposed.items() if each != name}))


def rename(sheet: Sheet) -> None:
    """Ask for another title for the subgraph that is selected, or else for the one that is shown."""
    use, path = selected_use(sheet), sheet.levels.definitions(sheet.document.graph)
    name = definition_of(sheet.graph[use].type) if use is not None else path[-1] if path else None
    if name is not None:
        ask_title(sheet, name)


def ask_title(sheet: Sheet, name: str) -> None:
    """Ask for another title for the definition `name`."""
    title = sheet.document.graph.definitions[name].title or name
    sheet.ask_name("Rename the subgraph", title, partial(entitle, sheet, name))


def entitle(sheet: Sheet, name: str, title: str) -> None:
    """Call the definition `name` something else, wherever it is used."""
    whole, title = sheet.document.graph, title.strip()
    if name in whole.definitions and title and title != whole.definitions[name].title:
        sheet.rewrite(f"Call the subgraph {title}", whole.redefine({name: whole.definitions[name].entitled(title)}))


def remove_unused(sheet: Sheet) -> None:
    """Remove the definitions that nothing in the document uses, neither straight nor through others."""
    unused = _unused(sheet.document.graph)
    if unused:
        what = f"{len(unused)} unused subgraph{'s' if len(unused) > 1 else ''}"
        sheet.rewrite(f"Remove {what}", sheet.document.graph.undefine(unused))
        sheet.say(f"Removed {what}")


def selected_use(sheet: Sheet) -> str | None:
    """The one selected node, if it is a subgraph that there is."""
    nodes = chosen(sheet.canvas)
    name = definition_of(sheet.graph[nodes[0]].type) if len(nodes) == 1 else None
    return nodes[0] if name in sheet.document.graph.definitions else None


def _with_ports_in_sight(sheet: Sheet, graph: Graph, name: str) -> Graph:
    """The graph with the ports of the definition `name` where their wires can be seen: how large nodes are is known
    here, not where it was made."""
    scene = Scene(sheet.canvas.scene.catalog, sheet.canvas.scene.measure)
    scene.update(graph.opened(name))
    return graph.redefine({name: graph.definitions[name].move(port_places(scene))})


def _free_title(graph: Graph) -> str:
    """Something to call a new subgraph by until the person does."""
    titles = {definition.title for definition in graph.definitions.values()}
    names = (f"Subgraph {count}" for count in range(2, len(titles) + 3))
    return next(title for title in ("Subgraph", *names) if title not in titles)


def _unused(whole: Graph) -> set[str]:
    return set(whole.definitions.keys() - needed(whole.definitions, whole.nodes.values()).keys())


def _without_unused(sheet: Sheet, level: Graph, name: str) -> Graph:
    """The level without a definition that nothing in the document uses any more."""
    whole = sheet.levels.whole(sheet.document.graph, level)
    used = uses(node for graph in (whole, *whole.definitions.values()) for node in graph.nodes.values())
    return level if name in used else level.undefine([name])


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of the table: a name that stays, a title for people, keys, and when it can be done."""

    name: str
    title: str
    keys: tuple[str, ...]
    do: Callable[[Sheet], None]
    can: Callable[[Sheet], bool]


def _some(sheet: Sheet) -> bool:
    return bool(sheet.canvas.selection.nodes)


def _one_use(sheet: Sheet) -> bool:
    return selected_use(sheet) is not None


def _some_unused(sheet: Sheet) -> bool:
    return bool(_unused(sheet.document.graph))


def _inside(sheet: Sheet) -> bool:
    return bool(sheet.levels.path)


def _one_use_or_inside(sheet: Sheet) -> bool:
    return _one_use(sheet) or _inside(sheet)


NESTING: tuple[Deed, ...] = (
    Deed("subgraph.make", "Make a subgraph", ("Ctrl+G",), make, _some),
    Deed("subgraph.enter", "Enter the subgraph", ("Ctrl+]",), enter, _one_use),
    Deed("subgraph.leave", "Leave the subgraph", ("Ctrl+[",), leave, _inside),
    Deed("subgraph.expand", "Expand the subgraph", ("Ctrl+Alt+G",), expand, _one_use),
    Deed("subgraph.rename", "Rename the subgraph", (), rename, _one_use_or_inside),
    Deed("subgraph.separate", "Make this use independent", (), separate, _one_use),
    Deed("subgraph.input", "Add an input to the subgraph", (), partial(add_port, node_type=INPUT), _inside),
    Deed("subgraph.output", "Add an output to the subgraph", (), partial(add_port, node_type=OUTPUT), _inside),
    Deed("subgraph.remove_unused", "Remove unused subgraphs", (), remove_unused, _some_unused),
)
