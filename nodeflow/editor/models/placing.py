"""Models and the graph: a node with a model, another model in a node, two models side by side. Pure.

    target = target_at(canvas, task, node, world)          # what a drop of a node with a model there would do
    placed(canvas, node, title, world, target.link)        # lays it down, in a wire if there is one

Dropped on a node of the same task, a model takes the place of its model and the wires stay (`use_in`); on a wire, its
node goes in between, or where it gives something else, takes what the wire carries; elsewhere, its node lies there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from nodeflow.editor.canvas.edits import fed, inserted, link_between, put_into
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import make_face
from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.models.uses import model_of, model_param
from nodeflow.graph import Catalog, Endpoint, Graph, Link, Node, NodeSchema, View

_REACH: Final = 16.0
"""How near to a wire a drop is one on it, in screen pixels."""
_HAND: Final = (90.0, 14.0)
"""Where in a new node the pointer is: in the middle of its title bar."""
_APART: Final = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """What a drop would do: give `node` another model, put a node into `link` or feed it from there, or with neither,
    lay one down."""

    node: str = ""
    link: Link | None = None
    between: bool = True
    """Whether the node goes into the wire, rather than beside it."""


def target_at(canvas: Interaction, task: str, node: Node, world: Point) -> Target:
    """What a drop of a node with a model of the task at a world point would do."""
    box = canvas.scene.box_at(world)
    if box is not None:
        schema = canvas.scene.catalog.get(canvas.graph[box.node].type)
        return Target(box.node) if model_param(schema, task) else Target()
    wire = canvas.scene.wire_near(world, _REACH / canvas.viewport.zoom)
    if wire is None:
        return Target()
    catalog, link = canvas.scene.catalog, wire.link
    graph, name = canvas.graph.add(node, world)
    if inserted(graph, catalog, name, link):
        return Target(link=link)
    return Target(link=link, between=False) if fed(graph, catalog, name, link.source) else Target()


def placed(canvas: Interaction, node: Node, title: str, world: Point, link: Link | None = None) -> str:
    """Lay a node down under a world point; returns its id. Where `link` is given, it is put into that wire, and what
    lies there makes room, or it is fed from it."""
    graph, name = _added(canvas, node, (world[0] - _HAND[0], world[1] - _HAND[1]))
    catalog = canvas.scene.catalog
    within = None
    if link is not None:
        view = graph.view.get(name, View())
        face = make_face(node, catalog.get(node.type), view, measure=canvas.scene.measure)
        within = put_into(graph, catalog, canvas.scene.rects, name, Rect.of(*view.at, face.width, face.height), link)
    if within is not None and link is not None:
        canvas.edit(f"Insert {title} into {canvas.names.link(link)}", within)
    else:
        beside = fed(graph, catalog, name, link.source) if link is not None else None
        canvas.edit(f"Add {title}", beside or graph)
    canvas.select(Selection(frozenset({name})))
    return name


def added(canvas: Interaction, node: Node, title: str) -> str:
    """Add a node: behind the one selected node, wired to it where that fits, else in the middle; returns its id."""
    scene, graph, selected = canvas.scene, canvas.graph, canvas.selection.nodes
    before = next(iter(selected)) if len(selected) == 1 else None
    link = None
    if before is not None:
        bounds = scene.boxes[before].bounds
        at = (bounds.right + _APART, bounds.top)
        link = _fitting(graph, scene.catalog, before, scene.catalog.get(node.type))
    else:
        x, y = canvas.viewport.shown(canvas.size).center
        at = (x - _HAND[0], y - 60.0)
    made, name = _added(canvas, node, at)
    made = canvas.apart(made, name, scene.catalog.get(node.type))
    if link is not None:
        made = made.connect(Link(link[0], Endpoint(name, link[1])))
    canvas.edit(f"Add {title}", made)
    canvas.select(Selection(frozenset({name})))
    canvas.reveal(name)
    return name


def use_in(canvas: Interaction, node: str, task: str, model_id: str, title: str) -> None:
    """Give a node another model of the same task. Its wires and all its other values stay."""
    param = model_param(canvas.scene.catalog.get(canvas.graph[node].type), task)
    if param is not None and model_of(canvas.graph, node, param) != model_id:
        canvas.edit(f"Use {title} in {canvas.names.node(node)}", canvas.graph.set_param(node, param.name, model_id))
    canvas.select(Selection(frozenset({node})))


@dataclass(frozen=True, slots=True)
class Compared:
    """Two models at the same work: what to look at of the one and of the other. `copy` is the node with the second."""

    graph: Graph
    one: Endpoint
    other: Endpoint
    copy: str


def compared(
    graph: Graph,
    catalog: Catalog,
    node: str,
    model: tuple[str, str, str],
    boxes: Mapping[str, Rect],
) -> Compared:
    """The graph with a second node like `node` that has another model, given as (parameter, id, title), fed from the
    same wires. What makes a picture of the first one's results is doubled with it, or added for both. The copies lie
    below everything that is there; `boxes` say where that is."""
    param, model_id, title = model
    end = picture_behind(graph, catalog, node)
    if end is None:
        graph, end = with_drawing(graph, catalog, node, boxes)
    doubled = sorted(graph.downstream({node}) & graph.upstream({end.node}))
    views = {each: graph.view.get(each, View()) for each in doubled}
    below = max((box.bottom for box in boxes.values()), default=0.0) + _APART
    drop = below - min(view.at[1] for view in views.values())
    names: dict[str, str] = {}
    links = [link for each in doubled for link in graph.links_into(each)]
    for each, view in views.items():
        graph, names[each] = graph.add(graph[each], (view.at[0], view.at[1] + drop))
        named = title if each == node else f"{_title(graph, catalog, each)}: {title}"
        graph = graph.set_view({names[each]: replace(view, at=graph.view[names[each]].at, label=named)})
    for link in links:
        source, target = (_in(names, each) for each in link)
        graph = graph.connect(Link(source, target))
    graph = graph.set_param(names[node], param, model_id)
    return Compared(graph, end, _in(names, end), names[node])


# ---- inside ------------------------------------------------------------------------------------------------------


def _added(canvas: Interaction, node: Node, at: Point) -> tuple[Graph, str]:
    graph, name = canvas.graph.add(node, canvas.habits.spot(at))
    return canvas.habits.dressed(graph, name), name


def _fitting(graph: Graph, catalog: Catalog, before: str, schema: NodeSchema | None) -> tuple[Endpoint, str] | None:
    """An output of the node before and an input of the new one that fit, the same kinds before converted ones."""
    known = catalog.get(graph[before].type)
    ways = [
        (out.kind != into.kind, Endpoint(before, out.name), into.name)
        for out in (known.outputs if known else ())
        for into in (schema.inputs if schema else ())
        if catalog.connects(out.kind, into.kind)
    ]
    first = min(ways, key=lambda way: way[0], default=None)
    return first[1:] if first else None


def _in(names: Mapping[str, str], end: Endpoint) -> Endpoint:
    """The same end of a link at the copy of its node, if that has one."""
    return Endpoint(names.get(end.node, end.node), end.port)


def picture_behind(graph: Graph, catalog: Catalog, node: str) -> Endpoint | None:
    """The picture that is made of what a node gives: its own, or that of the nearest node behind it that has one; a
    mask where there is no picture."""
    waiting, seen = [node], {node}
    mask: Endpoint | None = None
    for each in waiting:
        schema = catalog.get(graph[each].type)
        outputs = {port.kind: port.name for port in reversed(schema.outputs)} if schema else {}
        if "Image" in outputs:
            return Endpoint(each, outputs["Image"])
        if "Mask" in outputs and mask is None:
            mask = Endpoint(each, outputs["Mask"])
        behind = sorted({link.target.node for link in graph.links_from(each)} - seen)
        seen.update(behind)
        waiting += behind
    return mask


def with_drawing(graph: Graph, catalog: Catalog, node: str, boxes: Mapping[str, Rect]) -> tuple[Graph, Endpoint]:
    """The graph with a node that draws the results of `node` into the picture it was given, and what that gives. Where
    no node does, the results themselves are what is looked at."""
    schema = catalog.get(graph[node].type)
    fed = {link.target.port: link.source for link in graph.links_into(node)}
    ports = schema.inputs if schema else ()
    picture = next((fed[port.name] for port in ports if port.kind == "Image" and port.name in fed), None)
    for output in schema.outputs if schema else ():
        drawer = _drawer(catalog, output.kind)
        if drawer is None or picture is None:
            continue
        bounds = boxes.get(node) or Rect.of(0.0, 0.0, 200.0, 90.0)
        graph, drawn = graph.add(Node(drawer.type, drawer.version), (bounds.right + _APART, bounds.top))
        into = {port.kind: port.name for port in reversed(drawer.inputs)}
        graph = graph.connect(
            Link(picture, Endpoint(drawn, into["Image"])),
            link_between(Port(node, output.name, "out"), Port(drawn, into[output.kind], "in")),
        )
        return graph, Endpoint(drawn, drawer.outputs[0].name)
    return graph, Endpoint(node, schema.outputs[0].name if schema and schema.outputs else "")


def _drawer(catalog: Catalog, kind: str) -> NodeSchema | None:
    """A node type that draws values of a kind into a picture: it takes these two and needs no more."""
    for schema in sorted(catalog.nodes.values(), key=lambda each: (len(each.inputs), each.type)):
        kinds = [port.kind for port in schema.inputs]
        others = (port for port in schema.inputs if port.kind not in ("Image", kind))
        gives = [port.kind for port in schema.outputs]
        if gives == ["Image"] and kinds.count("Image") == kinds.count(kind) == 1 and all(o.optional for o in others):
            return schema
    return None


def _title(graph: Graph, catalog: Catalog, node: str) -> str:
    schema, view = catalog.get(graph[node].type), graph.view.get(node, View())
    return view.label or (schema.title if schema else graph[node].type)
