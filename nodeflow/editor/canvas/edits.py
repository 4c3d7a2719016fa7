"""The canvas's changes to a graph, as functions from one graph to the next. Nothing here knows of a pointer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import DOT_HEIGHT, DOT_WIDTH, GAP, GRID, ROW, TITLE, make_face, shows_preview
from nodeflow.editor.canvas.names import Names
from nodeflow.editor.canvas.own_files import with_own_files
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import (
    Catalog,
    Copies,
    Endpoint,
    Graph,
    Link,
    Node,
    NodeSchema,
    PortSchema,
    View,
    dumps,
    try_connect,
)
from nodeflow.graph.ways import Ways

_PICTURE = "Image"
ROOM = 2 * GRID
"""Between a node that was put into a wire and those that it is wired to."""


def link_between(one: Port, other: Port) -> Link:
    """The link between an input and an output, whichever comes first."""
    source, target = (one, other) if one.side == "out" else (other, one)
    return Link(Endpoint(source.node, source.name), Endpoint(target.node, target.name))


def without(graph: Graph, catalog: Catalog, selection: Selection) -> Graph:
    """The graph without what is selected. A dot that goes leaves the wire whole."""
    there = selection.within(graph)
    if not there:
        return graph
    dots = [node for node in there.nodes if (schema := catalog.get(graph[node].type)) and schema.passes]
    graph = healed(graph, catalog, sorted(dots))
    groups = {pad.name for pad in there.pads if pad.kind == "group"}
    notes = {pad.name for pad in there.pads if pad.kind == "note"}
    return graph.disconnect(*there.links).remove(there.nodes, groups, notes)


def healed(graph: Graph, catalog: Catalog, nodes: Iterable[str]) -> Graph:
    """The graph with wires past `nodes`: from what comes into each to all that takes from it, where that fits."""
    for node in nodes:
        schema = catalog.get(graph[node].type)
        into = {link.target.port: link.source for link in graph.links_into(node)}
        for link in graph.links_from(node) if schema else ():
            way = catalog.handed_on(schema, link.source.port, into) if schema else None
            past = Link(into[way], link.target) if way else None
            if past is not None and try_connect(graph.disconnect(link), catalog, past) is None:
                graph = graph.connect(past)
    return graph


def dotted(graph: Graph, catalog: Catalog, link: Link, at: Point) -> tuple[Graph, str] | None:
    """The graph with a dot in the wire `link`, its middle at `at`, and the dot's id; None if there are no dots."""
    schema = next((each for each in catalog.nodes.values() if each.passes), None)
    if schema is None:
        return None
    corner = at[0] - DOT_WIDTH / 2, at[1] - DOT_HEIGHT / 2
    graph, dot = graph.add(Node(schema.type, schema.version), corner)
    into, out = Endpoint(dot, schema.inputs[0].name), Endpoint(dot, schema.outputs[0].name)
    return graph.disconnect(link).connect(Link(link.source, into), Link(out, link.target)), dot


def inserted(graph: Graph, catalog: Catalog, node: str, link: Link) -> Graph | None:
    """The graph with `node` put into the wire `link`, or None if it does not fit there or is wired already."""
    schema, source, target = (catalog.get(graph[each].type) for each in (node, link.source.node, link.target.node))
    output = source and source.output(link.source.port)
    input_ = target and target.input(link.target.port)
    if graph.links_into(node) or graph.links_from(node) or not (schema and output and input_):
        return None
    into = taker(schema, Ways(graph, catalog).kind(link.source), catalog)
    out = giver(schema, input_.kind, catalog)
    if into is None or out is None:
        return None
    return graph.disconnect(link).connect(
        Link(link.source, Endpoint(node, into.name)), Link(Endpoint(node, out.name), link.target)
    )


def put_into(
    graph: Graph, catalog: Catalog, boxes: Mapping[str, Rect], node: str, bounds: Rect, link: Link
) -> Graph | None:
    """The graph with `node`, which fills `bounds`, put into the wire `link`, or None if it does not fit there.

    It keeps clear of what comes before it, and what comes after it moves to the right as far as it takes; `boxes` say
    where those lie.
    """
    wired = inserted(graph, catalog, node, link)
    return _parted(wired, boxes, node, bounds, link) if wired is not None else None


def _parted(graph: Graph, boxes: Mapping[str, Rect], node: str, bounds: Rect, link: Link) -> Graph:
    before, after = boxes[link.source.node], boxes[link.target.node]
    if before.right > after.left:
        return graph
    dx = max(before.right + ROOM - bounds.left, 0.0) if _beside(bounds, before) else 0.0
    on = max(bounds.right + dx + ROOM - after.left, 0.0) if _beside(bounds, after) else 0.0
    moves = {node: (bounds.left + dx, bounds.top)} if dx else {}
    if on:
        follow = {link.target.node, *graph.downstream([link.target.node])} - {node}
        moves |= {each: (boxes[each].left + on, boxes[each].top) for each in follow if boxes[each].left >= after.left}
    return graph.move(moves) if moves else graph


def _beside(one: Rect, other: Rect) -> bool:
    """Whether two rectangles lie side by side, one at least partly as high as the other."""
    return one.top < other.bottom and other.top < one.bottom


def fed(graph: Graph, catalog: Catalog, node: str, source: Endpoint) -> Graph | None:
    """The graph with what `source` gives wired to an input of `node`, too, or None if none of them takes it."""
    schema = catalog.get(graph[node].type)
    into = taker(schema, Ways(graph, catalog).kind(source), catalog) if schema else None
    return graph.connect(Link(source, Endpoint(node, into.name))) if into else None


def added(
    graph: Graph, catalog: Catalog, schema: NodeSchema, at: Point, port: Port | None = None, kind: str = ""
) -> tuple[Graph, str]:
    """The graph with a new node of `schema`, and its id.

    With `port`, of `kind`, the node's first fitting port is wired to it, and the picture that it also needs to what was
    looked at (see `pictured`); the node then lies with its ports at `at`, otherwise with its top left corner.
    """
    node = Node(schema.type, schema.version)
    if port is not None:
        face = make_face(node, schema, View())
        at = at[0] - (face.width if port.side == "in" else 0.0), at[1] - TITLE - GAP - ROW / 2
    graph, new = graph.add(node, at)
    graph = with_own_files(graph, catalog, [new])
    if port is None:
        return graph, new
    fitting = taker(schema, kind, catalog) if port.side == "out" else giver(schema, kind, catalog)
    if fitting is None:
        return graph, new
    wired = graph.connect(link_between(port, Port(new, fitting.name, "in" if port.side == "out" else "out")))
    return (pictured(wired, catalog, new, port.node) if port.side == "out" and kind != _PICTURE else wired), new


def pictured(graph: Graph, catalog: Catalog, node: str, origin: str) -> Graph:
    """The graph with the picture that `node` still needs: the one in which `origin`, or the nearest node before it that
    looks at one, found what it gives. The same graph where it needs none or several, or where there are several."""
    schema = catalog.get(graph[node].type)
    wired = {link.target.port for link in graph.links_into(node)}
    inputs = [port for port in schema.inputs if not port.optional and port.name not in wired] if schema else []
    wanted = [port.name for port in inputs if port.kind == _PICTURE]
    source = _picture_before(graph, catalog, origin) if len(wanted) == 1 else None
    if source is None:
        return graph
    link = Link(source, Endpoint(node, wanted[0]))
    return graph.connect(link) if try_connect(graph, catalog, link) is None else graph


def _picture_before(graph: Graph, catalog: Catalog, origin: str) -> Endpoint | None:
    """The one picture that a node takes, or, where it takes none, what feeds it; None where there are several."""
    near, seen = {origin}, {origin}
    while near:
        links = [link for each in near for link in graph.links_into(each)]
        pictures = {link.source for link in links if _kind_of(graph, catalog, link.target) == _PICTURE}
        if pictures:
            return next(iter(pictures)) if len(pictures) == 1 else None
        near = {link.source.node for link in links} - seen
        seen |= near
    return None


def folded(graph: Graph, catalog: Catalog, nodes: Collection[str]) -> tuple[str, Graph]:
    """The graph with these nodes collapsed, or expanded if all are collapsed; what the step is called comes first."""
    views = {node: graph.view.get(node, View()) for node in nodes}
    are = all(view.collapsed for view in views.values())
    changed = {node: replace(view, collapsed=not are) for node, view in views.items()}
    return Names(graph, catalog).step("Expand" if are else "Collapse", nodes), graph.set_view(changed)


def previewed(graph: Graph, catalog: Catalog, nodes: Collection[str]) -> tuple[str, Graph]:
    """The graph with the previews of these nodes shown, or hidden if all are; what the step is called comes first."""
    views = {node: graph.view.get(node, View()) for node in nodes}
    are = all(shows_preview(catalog.get(graph[node].type), view) for node, view in views.items())
    changed = {node: replace(view, preview=not are) for node, view in views.items()}
    return Names(graph, catalog).step(f"{'Hide' if are else 'Show'} the preview of", nodes), graph.set_view(changed)


def _kind_of(graph: Graph, catalog: Catalog, target: Endpoint) -> str:
    """The kind that an input takes; "" where that is not known."""
    schema = catalog.get(graph[target.node].type)
    port = schema.input(target.port) if schema else None
    return port.kind if port else ""


def copied(graph: Graph, nodes: Iterable[str], pads: Iterable[PadId] = (), outer: bool = False) -> str:
    """These as text for the clipboard: a small graph file. With `outer`, also the links that come in to the nodes."""
    pads = list(pads)
    groups = [pad.name for pad in pads if pad.kind == "group"]
    notes = [pad.name for pad in pads if pad.kind == "note"]
    return dumps(graph.subgraph(nodes, outer, groups=groups, notes=notes))


def placed(graph: Graph, part: Graph, at: Point) -> tuple[Graph, Copies]:
    """The graph with what is in `part`, the top left corner of it at `at`, and the ids that each thing got."""
    part = part.set_view({node: part.view.get(node, View()) for node in part.nodes})
    places = [part.view[node].at for node in part.nodes]
    places += [group.at for group in part.groups.values()] + [note.at for note in part.notes.values()]
    left, top = min((x for x, _ in places), default=0.0), min((y for _, y in places), default=0.0)
    return graph.paste(part, (at[0] - left, at[1] - top))


def taker(schema: NodeSchema, kind: str, catalog: Catalog) -> PortSchema | None:
    """The first input that takes `kind`, the same kind before a converted one."""
    fitting = [port for port in schema.inputs if catalog.connects(kind, port.kind)]
    return min(fitting, key=lambda port: port.kind != kind, default=None)


def giver(schema: NodeSchema, kind: str, catalog: Catalog) -> PortSchema | None:
    """The first output that gives `kind`, the same kind before a converted one."""
    fitting = [port for port in schema.outputs if catalog.connects(port.kind, kind)]
    return min(fitting, key=lambda port: port.kind != kind, default=None)
