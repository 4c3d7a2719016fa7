"""How a node looks: its box, cut into title, ports, parameter rows, preview and status line.

    face = make_face(node, catalog.get(node.type), view)

A `Face` is measured in world units from the node's own top left corner and knows nothing of where the node lies, so
moving a node keeps its face, and a painter needs to draw it anew only when `face` is another object. All sizes of the
canvas stand in this file and nowhere else.

    +------------------------------+
    | v  Title                   o |   fold, eye
    o image                  poses o   ports, inputs left and outputs right
    | [ model     blazepose-full ] |   essential parameters, and exposed ones
    | [ score               0.30 ] |
    | +--------------------------+ |
    | |         preview          | |
    | +--------------------------+ |
    | 21.4 ms                      |   status line, filled in by the painter
    +-----------------------------/+   grip
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Literal, NamedTuple

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.graph import ANY, Json, Mode, Node, NodeSchema, ParamSchema, PortSchema, View

Side = Literal["in", "out"]
FacePart = Literal["param", "fold", "eye", "grip", "title", "preview", "body"]
"""What a press on a node may mean, where it is not on a port."""

GRID = 20.0
"""Nodes snap to this, and their width is a multiple of it."""
TEXT, TITLE_TEXT, STATUS_TEXT = 13.0, 14.0, 12.0
"""Text heights."""
TITLE, ROW, STATUS = 28.0, 22.0, 20.0
"""Heights of the title bar, of a port or parameter row, and of the status line."""
PAD = 10.0
"""From a box's edge to what is in it."""
GAP = 4.0
"""Between the parts of a box."""
BUTTON = 20.0
"""Side of the two buttons in the title bar."""
GRIP = 14.0
CORNER = 6.0
PORT_RADIUS = 5.5
WIDTH_MIN, WIDTH_MAX = 160.0, 320.0
"""Limits of the width a node takes for its texts. A person may drag it wider."""
PREVIEW_WIDTH, PREVIEW_HEIGHT, PREVIEW_HEIGHT_MIN = 240.0, 180.0, 48.0

DOT_WIDTH, DOT_HEIGHT = 60.0, 20.0
"""A dot in a wire: a piece of that wire with a handle in its middle."""

ROWS_ZOOM = 0.45
"""Below this zoom texts are too small to read: rows are not drawn, and a press on one is a press on the body."""
PORTS_ZOOM = 0.2
"""Below this zoom ports are not drawn."""

FROM_WIRE = "from wire"
"""What stands in place of a value that a wire decides."""

Measure = Callable[[str], float]
"""The width of a text of height `TEXT`."""

_NARROW, _WIDE = frozenset("ijltfrI.,:;|!'()[]/ "), frozenset("mwMWQO@%")


def approximate_width(text: str) -> float:
    """Roboto's widths, near enough to lay a node out where no font is at hand."""
    narrow = sum(char in _NARROW for char in text)
    wide = sum(char in _WIDE for char in text)
    return TEXT * (0.27 * narrow + 0.84 * wide + 0.54 * (len(text) - narrow - wide))


class PortFace(NamedTuple):
    """A port: its centre, and the kind that gives it colour and shape.

    A port that is not `known` is there only because a link names it. A `socket` stands at the row of a parameter, which
    a wire may decide; it is shown where one does, and where one might. `text` is what people read.
    """

    name: str
    side: Side
    kind: str
    at: Point
    optional: bool = False
    known: bool = True
    title: str = ""
    socket: bool = False

    @property
    def text(self) -> str:
        return self.title or self.name


class ParamFace(NamedTuple):
    """A parameter row. `text` is the value in few words; `fraction` (0..1) how far a bounded number has come.

    One that is not `open` cannot be changed here: a wire decides in its place. One that is `exposed` is set by each use
    of the subgraph that it is in.
    """

    schema: ParamSchema
    value: Json
    text: str
    rect: Rect
    fraction: float | None = None
    open: bool = True
    exposed: bool = False

    @property
    def name(self) -> str:
        return self.schema.name


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A node's looks, from its own top left corner. `known` is False where its type is not installed.

    `through` are the inputs and outputs that a bypassed node joins. A `dot` is nothing but a bend in a wire.
    """

    title: str
    width: float
    height: float
    known: bool
    collapsed: bool
    ports: tuple[PortFace, ...]
    params: tuple[ParamFace, ...]
    preview: Rect | None
    status: Rect | None
    mode: Mode = "on"
    through: tuple[tuple[str, str], ...] = ()
    dot: bool = False

    @property
    def bar(self) -> Rect:
        """The title bar."""
        return Rect(0.0, 0.0, self.width, min(TITLE, self.height))

    @property
    def fold(self) -> Rect:
        """The button that collapses."""
        return Rect.of(GAP, (TITLE - BUTTON) / 2, BUTTON, BUTTON)

    @property
    def eye(self) -> Rect:
        """The button that turns the preview on and off."""
        return Rect.of(self.width - GAP - BUTTON, (TITLE - BUTTON) / 2, BUTTON, BUTTON)

    @property
    def grip(self) -> Rect | None:
        """The corner that resizes."""
        return None if self.collapsed else Rect.of(self.width - GRIP, self.height - GRIP, GRIP, GRIP)

    def port(self, side: Side, name: str) -> PortFace | None:
        for port in self.ports:  # no generator: the wires of a large graph ask ten thousands of times
            if port.name == name and port.side == side:
                return port
        return None

    def part_at(self, point: Point, zoom: float) -> tuple[FacePart, str | None]:
        """The part that is under a point of it, and which parameter, if it is one that can be changed here."""
        if self.dot:
            return "title", None
        if zoom >= ROWS_ZOOM:
            for param in self.params:
                if param.open and param.rect.contains(point):
                    return "param", param.name
            if self.fold.contains(point):
                return "fold", None
            if self.eye.contains(point):
                return "eye", None
            if self.grip and self.grip.contains(point):
                return "grip", None
        if self.bar.contains(point):
            return "title", None
        return ("preview" if self.preview and self.preview.contains(point) else "body"), None


def on_grid(along: float) -> float:
    """The nearest place on the grid."""
    return round(along / GRID) * GRID


def make_face(
    node: Node,
    schema: NodeSchema | None,
    view: View,
    linked_inputs: Collection[str] = (),
    linked_outputs: Iterable[str] = (),
    measure: Measure = approximate_width,
    exposed: Collection[str] = (),
) -> Face:
    """The looks of `node`. Linked ports that the schema does not have get a place too, so that their wires show.

    What stands in rows are the essential parameters, and those that are `exposed` or decided by a wire: that it is each
    use, or the wire, which sets them has to be seen. (A drawing has no room in a row.)
    """
    decided = schema.from_wire(linked_inputs) if schema else set()
    inputs = _ports(
        schema.inputs if schema else (), [name for name in linked_inputs if not (schema and schema.socket(name))]
    )
    outputs = _ports(schema.outputs if schema else (), linked_outputs)
    seen = {*exposed, *decided}
    shown = [
        each
        for each in (schema.params if schema else ())
        if each.essential or (each.name in seen and each.type != "drawing")
    ]
    rows = [(param, FROM_WIRE if param.name in decided else value_text(param, node.params)) for param in shown]
    previewed = shows_preview(schema, view)
    title = " ".join((view.label or (schema.title if schema else node.type))[:200].split())
    if view.size:
        width = max(view.size[0], WIDTH_MIN)
    else:
        texts = [] if view.collapsed else [*_port_widths(inputs, outputs, measure), *_row_widths(rows, measure)]
        picture = PREVIEW_WIDTH + 2 * PAD if previewed and not view.collapsed else WIDTH_MIN
        width = math.ceil(min(max(picture, _title_width(title, measure), *texts), WIDTH_MAX) / GRID) * GRID
    if schema is not None and schema.passes:
        return _dot_face(title, schema, view)
    sockets = [socket for param in shown if schema and (socket := schema.socket(param.name))]
    if view.collapsed:
        wired = [(socket, True) for socket in sockets if socket.name in decided]
        folded = (*_folded_ports("in", inputs + wired, 0.0), *_folded_ports("out", outputs, width))
        return Face(title, width, TITLE, schema is not None, True, folded, (), None, None)

    ports = (*_port_column("in", inputs, 0.0), *_port_column("out", outputs, width))
    y = TITLE + GAP + ROW * max(len(inputs), len(outputs))
    faces = [_param_face(param, text, node.params, y + i * ROW, width) for i, (param, text) in enumerate(rows)]
    faces = [row._replace(open=False, fraction=None) if row.name in decided else row for row in faces]
    params = tuple([row._replace(exposed=row.name in exposed) for row in faces])
    ports += tuple(_sockets(sockets, params))
    y += ROW * len(params) + GAP
    preview = None
    if previewed:
        wanted = view.size[1] - y - GAP - STATUS if view.size else PREVIEW_HEIGHT
        preview = Rect.of(PAD, y, width - 2 * PAD, max(wanted, PREVIEW_HEIGHT_MIN))
        y = preview.bottom + GAP
    status = Rect.of(PAD, y, width - 2 * PAD - GRIP, STATUS)
    return Face(title, width, status.bottom, schema is not None, False, ports, params, preview, status)


def _dot_face(title: str, schema: NodeSchema, view: View) -> Face:
    middle = DOT_HEIGHT / 2
    ports = (
        *(PortFace(port.name, "in", port.kind, (0.0, middle)) for port in schema.inputs[:1]),
        *(PortFace(port.name, "out", port.kind, (DOT_WIDTH, middle)) for port in schema.outputs[:1]),
    )
    return Face(title if view.label else "", DOT_WIDTH, DOT_HEIGHT, True, True, ports, (), None, None, dot=True)


def shows_preview(schema: NodeSchema | None, view: View) -> bool:
    """Whether the node shows what it gives. Where nobody said, a sink that writes no file is there to be looked at."""
    if view.preview is not None:
        return view.preview
    return schema is not None and schema.sink and not any(param.type in ("save", "folder") for param in schema.params)


def value_text(param: ParamSchema, values: Mapping[str, Json]) -> str:
    """A parameter's value in few words, whatever a file says it is."""
    value = values.get(param.name, param.default)
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    number = number_of(value)
    if number is not None:
        text = f"{number:.{_decimals(step_of(param))}f}" if abs(number) < 1e9 else f"{number:g}"
        return f"{text} {param.unit}".rstrip()
    text = str(value).lstrip().partition("\n")[0]
    if param.type in ("file", "folder", "save"):
        text = text.replace("\\", "/").rstrip("/").rpartition("/")[2] or text
    return text if len(text) <= 40 else text[:39] + "\u2026"


def number_of(value: Json) -> float | None:
    """The number that `value` is, or None if it is something else or beyond a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def step_of(param: ParamSchema) -> float:
    """The step of a number: its own, or one that suits its range."""
    if param.step:
        return param.step
    if param.type == "integer":
        return 1.0
    if param.minimum is None or param.maximum is None or param.maximum <= param.minimum:
        return 0.01
    return float(10.0 ** math.floor(math.log10((param.maximum - param.minimum) / 100)))


@lru_cache(maxsize=1024)
def _decimals(step: float) -> int:
    return min(max(0, -math.floor(math.log10(step))), 6)


def _ports(own: Iterable[PortSchema], linked: Iterable[str]) -> list[tuple[PortSchema, bool]]:
    """The schema's ports and then those that only a link knows, each with whether the schema knows it."""
    ports = [(port, True) for port in own]
    names = {port.name for port, _ in ports}
    return ports + [(PortSchema(name, ANY), False) for name in sorted(set(linked) - names)]


def _title_width(title: str, measure: Measure) -> float:
    return measure(title) * TITLE_TEXT / TEXT + 2 * (BUTTON + 2 * GAP)


def _port_widths(
    inputs: list[tuple[PortSchema, bool]], outputs: list[tuple[PortSchema, bool]], measure: Measure
) -> Iterator[float]:
    """What each line of ports takes: an input's name, an output's, and room between them."""
    for left, right in zip_longest(inputs, outputs):
        yield 2 * PAD + GRID + sum(measure(pair[0].title or pair[0].name) for pair in (left, right) if pair)


def _row_widths(rows: list[tuple[ParamSchema, str]], measure: Measure) -> Iterator[float]:
    return (2 * PAD + GRID + measure(param.name) + measure(text) for param, text in rows)


def _port_column(side: Side, ports: list[tuple[PortSchema, bool]], x: float) -> list[PortFace]:
    top = TITLE + GAP + ROW / 2
    return [
        PortFace(port.name, side, port.kind, (x, top + i * ROW), port.optional, known, port.title)
        for i, (port, known) in enumerate(ports)
    ]


def _folded_ports(side: Side, ports: list[tuple[PortSchema, bool]], x: float) -> list[PortFace]:
    """The ports of a collapsed node, spread over the height of its title bar."""
    step = TITLE / (len(ports) + 1)
    return [
        PortFace(port.name, side, port.kind, (x, (i + 1) * step), port.optional, known, port.title)
        for i, (port, known) in enumerate(ports)
    ]


def _sockets(sockets: Iterable[PortSchema], rows: Iterable[ParamFace]) -> Iterator[PortFace]:
    """The ports at the rows of parameters that a wire may decide."""
    middles = {row.name: row.rect.center[1] for row in rows}
    for each in sockets:
        yield PortFace(each.name, "in", each.kind, (0.0, middles[each.name]), optional=True, socket=True)


def _param_face(param: ParamSchema, text: str, values: Mapping[str, Json], y: float, width: float) -> ParamFace:
    value = values.get(param.name, param.default)
    number, fraction = number_of(value), None
    if number is not None and param.minimum is not None and param.maximum is not None:
        span = param.maximum - param.minimum
        fraction = min(max((number - param.minimum) / span, 0.0), 1.0) if span > 0 else None
    rect = Rect.of(PAD, y + 1, width - 2 * PAD, ROW - 2)
    return ParamFace(param, value, text, rect, fraction)
