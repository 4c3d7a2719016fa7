"""Graphs for tests: a small fixed catalog, and hypothesis strategies for catalogs, sound graphs and odd documents.

    @given(graphs(TOY))
    def test_mine(graph: Graph) -> None: ...

A sound graph has no error, and a nested one is sound, too; a document is anything that a file may hold. Hypothesis is
imported when a strategy is made, so that only tests need it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nodeflow.graph import (
    ANY,
    Catalog,
    Conversion,
    Endpoint,
    Graph,
    Group,
    Json,
    Link,
    Mode,
    Node,
    NodeSchema,
    Note,
    ParamSchema,
    PortSchema,
    View,
    enclose,
)
from nodeflow.graph.schema import Clock

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

_IMAGE = PortSchema("image", "Image")
_TYPES = (
    NodeSchema("toy.camera", "Camera", "Toy", outputs=(_IMAGE,), clock="live"),
    NodeSchema("toy.clip", "Clip", "Toy", outputs=(_IMAGE,), params=(ParamSchema("path", "file", ""),), clock="every"),
    NodeSchema("toy.still", "Still", "Toy", outputs=(_IMAGE,), params=(ParamSchema("color", "color", "#ff8800"),)),
    NodeSchema(
        "toy.pose",
        "Pose",
        "Toy",
        inputs=(_IMAGE,),
        outputs=(PortSchema("poses", "Poses"), PortSchema("count", "Number")),
        params=(
            ParamSchema("model", "choice", "small", "setup", choices=("small", "large")),
            ParamSchema("score", "number", 0.3, minimum=0, maximum=1),
        ),
    ),
    NodeSchema(
        "toy.draw",
        "Draw",
        "Toy",
        inputs=(_IMAGE, PortSchema("poses", "Poses", optional=True)),
        outputs=(_IMAGE,),
        params=(ParamSchema("width", "integer", 2, minimum=1, maximum=9), ParamSchema("names", "toggle", True)),
    ),
    NodeSchema(
        "toy.blend", "Blend", "Toy", inputs=(PortSchema("a", "Image"), PortSchema("b", "Image")), outputs=(_IMAGE,)
    ),
    NodeSchema("toy.hold", "Hold latest", "Toy", inputs=(_IMAGE,), outputs=(_IMAGE,), holds=True),
    NodeSchema(
        "toy.dot", "Dot", "Toy", inputs=(PortSchema("value", ANY),), outputs=(PortSchema("value", ANY),), passes=True
    ),
    NodeSchema("toy.say", "Say", "Toy", inputs=(PortSchema("text", "Text"),), sink=True),
    NodeSchema("toy.preview", "Preview", "Toy", inputs=(PortSchema("value", ANY),), sink=True),
)
TOY = Catalog(
    {schema.type: schema for schema in _TYPES},
    {
        ("Number", "Text"): Conversion("Number", "Text", lossless=True),
        ("Image", "Mask"): Conversion("Image", "Mask", lossless=False),
    },
)
"""Two sources of each pace and a still one, nodes with one and two inputs, a dot, parameters of most types, sinks."""


def ids() -> SearchStrategy[str]:
    """Node ids, many of them ending in a count as copies do."""
    from hypothesis import strategies as st

    return st.from_regex(r"[a-z][a-z_]{0,4}(_[1-9])?", fullmatch=True)


def values() -> SearchStrategy[Json]:
    """Any JSON value that a graph can hold."""
    from hypothesis import strategies as st

    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=8
    )


def params_of(schema: NodeSchema) -> SearchStrategy[dict[str, Json]]:
    """Good values for some of the parameters of a type."""
    from hypothesis import strategies as st

    return st.fixed_dictionaries({}, optional={param.name: _values_of(param) for param in schema.params})


def catalogs() -> SearchStrategy[Catalog]:
    """A few types that share three kinds: always a source and a sink, and some others between them."""
    from hypothesis import strategies as st

    kinds = st.sampled_from(("Image", "Poses", "Number"))

    @st.composite
    def catalog(draw: DrawFn) -> Catalog:
        def ports(prefix: str, least: int) -> tuple[PortSchema, ...]:
            drawn = draw(st.lists(st.tuples(kinds, st.booleans()), min_size=least, max_size=3))
            return tuple(PortSchema(f"{prefix}{at}", *port) for at, port in enumerate(drawn))

        clock: Clock = draw(st.sampled_from(("live", "every")))
        types = [
            NodeSchema("some.source", "Source", "", outputs=ports("out", 1), clock=clock),
            NodeSchema("some.sink", "Sink", "", inputs=(PortSchema("value", ANY),), sink=True),
            *(
                NodeSchema(f"some.node{at}", "Node", "", inputs=ports("in", 0), outputs=ports("out", 0))
                for at in range(draw(st.integers(0, 4)))
            ),
        ]
        return Catalog({schema.type: schema for schema in types})

    return catalog()


def graphs(catalog: Catalog = TOY, max_nodes: int = 12) -> SearchStrategy[Graph]:
    """Graphs without an error: no loop, every needed input fed with its kind, one live source or lossless ones only."""
    from hypothesis import strategies as st

    @st.composite
    def graph(draw: DrawFn) -> Graph:
        live_allowed = draw(st.booleans())
        nodes: dict[str, Node] = {}
        links: list[Link] = []
        outputs: list[tuple[Endpoint, str]] = []
        for name in draw(st.lists(ids(), max_size=max_nodes, unique=True)):
            has_source = any(_clock(catalog, node) for node in nodes.values())
            types = [
                schema
                for schema in catalog.nodes.values()
                if (schema.clock is None or (schema.clock == "live") == live_allowed)
                and not (schema.clock == "live" and has_source)
                and all(port.optional or _feeding(catalog, outputs, port) for port in schema.inputs)
            ]
            if not types:
                continue
            schema = draw(st.sampled_from(types))
            nodes[name] = Node(schema.type, schema.version, draw(params_of(schema)))
            given = ANY
            for port in (*schema.inputs, *filter(None, (schema.socket(param.name) for param in schema.params))):
                feeding = _feeding(catalog, outputs, port)
                if feeding and (not port.optional or draw(st.booleans())):
                    source = draw(st.sampled_from(feeding))
                    given = dict(outputs)[source]
                    links.append(Link(source, Endpoint(name, port.name)))
            outputs += [(Endpoint(name, port.name), given if schema.passes else port.kind) for port in schema.outputs]
        return Graph(nodes, tuple(links), {name: draw(_views()) for name in nodes if draw(st.booleans())})

    return graph()


def nested(catalog: Catalog = TOY, max_nodes: int = 10) -> SearchStrategy[Graph]:
    """Graphs as `graphs` makes them, with parts of them made into subgraphs: one inside the other now and then, some
    used again, some with a parameter that is set from outside."""
    from hypothesis import strategies as st

    @st.composite
    def graph(draw: DrawFn) -> Graph:
        made = draw(graphs(catalog, max_nodes))
        for title in draw(st.lists(st.sampled_from(("Soft face", "Two", "Two", "")), max_size=3)):
            chosen = draw(st.sets(st.sampled_from(sorted(made.nodes)))) if made.nodes else set()
            if chosen:
                made, use = enclose(made, chosen, title)
                made = _exposing(draw, catalog, made, use)
        for use in sorted(node for node in made.nodes if made[node].type.startswith("subgraph.")):
            if not made.links_from(use) and draw(st.booleans()):
                made, _ = made.duplicate([use])
        return made

    return graph()


def documents(catalog: Catalog = TOY, max_nodes: int = 8) -> SearchStrategy[Graph]:
    """Anything that a graph file may hold: strange types, loops, links to nowhere, fields that nobody knows."""
    from hypothesis import strategies as st

    ports = st.sampled_from(
        sorted({port.name for schema in catalog.nodes.values() for port in schema.inputs} | {"image"})
    )
    ends = st.builds(Endpoint, ids(), ports)
    fields = st.dictionaries(st.text().map("x-{}".format), values(), max_size=2)
    boundary = ("graph.input", "graph.output", "flow.reroute")
    uses = ids().map("subgraph.{}".format) | st.sampled_from(("subgraph.a", "subgraph.b"))
    node = st.builds(
        Node,
        st.sampled_from((*sorted(catalog.nodes), *boundary)) | uses | st.text(min_size=1).filter(str.strip),
        st.integers(1, 9),
        st.dictionaries(st.text(), values(), max_size=3),
        fields,
        modes(),
    )

    @st.composite
    def document(draw: DrawFn, most: int = max_nodes, inner: bool = False) -> Graph:
        nodes = draw(st.dictionaries(ids(), node, max_size=most))
        known = st.sampled_from(sorted(nodes)) if nodes else ids()
        inside = st.builds(Endpoint, known, ports)
        links = draw(st.lists(st.builds(Link, ends | inside, ends | inside), max_size=2 * most))
        graph = Graph(nodes, tuple(links), draw(st.dictionaries(known, _views(), max_size=most)), draw(fields))
        if draw(st.integers(0, 3)) == 3:
            graph = replace(graph, groups=draw(st.dictionaries(ids(), _groups(), max_size=2)))
            graph = replace(graph, notes=draw(st.dictionaries(ids(), _notes(), max_size=2)))
        if not inner and draw(st.integers(0, 3)) == 3:
            graph = graph.redefine(draw(st.dictionaries(st.sampled_from("ab"), document(3, inner=True), max_size=2)))
        if inner and draw(st.booleans()):
            params = st.dictionaries(ids(), st.builds(Endpoint, known, ids()), max_size=2)
            graph = replace(graph, title=draw(st.text(max_size=9)), exposed=draw(params))
        return graph

    return document()


def modes() -> SearchStrategy[Mode]:
    """How a node runs; mostly it does."""
    from hypothesis import strategies as st

    return st.sampled_from(("on", "on", "on", "muted", "bypassed"))


def _exposing(draw: DrawFn, catalog: Catalog, graph: Graph, use: str) -> Graph:
    """The graph with, perhaps, a parameter of what is inside `use` exposed and set."""
    from hypothesis import strategies as st

    name = graph[use].type.removeprefix("subgraph.")
    definition = graph.definitions[name]
    types = {node: schema for node, inner in definition.nodes.items() if (schema := catalog.get(inner.type))}
    params = [(Endpoint(node, param.name), param) for node, schema in types.items() for param in schema.params]
    if not params or not draw(st.booleans()):
        return graph
    inner, param = draw(st.sampled_from(params))
    graph = graph.redefine({name: definition.expose({**definition.exposed, "knob": inner})})
    return graph.set_param(use, "knob", draw(_values_of(param))) if draw(st.booleans()) else graph


def _views() -> SearchStrategy[View]:
    from hypothesis import strategies as st

    points, sizes = _places()
    return st.builds(
        View,
        points,
        st.none() | sizes,
        st.none() | st.booleans(),
        st.booleans(),
        st.none() | st.text(),
        _strange_fields(),
    )


def _groups() -> SearchStrategy[Group]:
    from hypothesis import strategies as st

    return st.builds(Group, st.text(), *_places(), st.none() | st.text(max_size=9), _strange_fields())


def _notes() -> SearchStrategy[Note]:
    from hypothesis import strategies as st

    return st.builds(Note, st.text(), *_places(), st.none() | st.text(max_size=9), _strange_fields())


def _places() -> tuple[SearchStrategy[tuple[float, float]], SearchStrategy[tuple[float, float]]]:
    """Points on the canvas, and sizes."""
    from hypothesis import strategies as st

    along, length = st.integers(-5000, 5000) | st.floats(-1e6, 1e6), st.floats(1, 1e6)
    return st.tuples(along, along), st.tuples(length, length)


def _strange_fields() -> SearchStrategy[dict[str, Json]]:
    from hypothesis import strategies as st

    return st.dictionaries(st.text().map("x-{}".format), values(), max_size=1)


def _values_of(param: ParamSchema) -> SearchStrategy[Json]:
    from hypothesis import strategies as st

    low, high = param.minimum, param.maximum
    match param.type:
        case "number":
            return st.floats(low, high, allow_nan=False, allow_infinity=False)
        case "integer":
            return st.integers(None if low is None else int(low), None if high is None else int(high))
        case "toggle":
            return st.booleans()
        case "choice":
            return st.sampled_from(param.choices)
        case "color":
            return st.from_regex("#[0-9a-f]{6}", fullmatch=True)
        case _:
            return st.text()


def _clock(catalog: Catalog, node: Node) -> str | None:
    schema = catalog.get(node.type)
    return schema.clock if schema else None


def _feeding(catalog: Catalog, outputs: list[tuple[Endpoint, str]], port: PortSchema) -> list[Endpoint]:
    return [end for end, kind in outputs if catalog.connects(kind, port.kind)]
