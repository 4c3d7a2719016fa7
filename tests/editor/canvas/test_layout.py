from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.layout import (
    DOT_HEIGHT,
    DOT_WIDTH,
    FROM_WIRE,
    GRID,
    PORT_RADIUS,
    TITLE,
    WIDTH_MAX,
    WIDTH_MIN,
    Face,
    approximate_width,
    make_face,
    value_text,
)
from nodeflow.graph import ANY, Graph, Json, Node, NodeSchema, ParamSchema, PortSchema, View
from nodeflow.testing.graphs import TOY, documents, values

POSE, PREVIEW = TOY.nodes["toy.pose"], TOY.nodes["toy.preview"]


def face_of(node_type: str, view: View = View(), **params: Json) -> Face:  # noqa: B008
    return make_face(Node(node_type, 1, params), TOY.get(node_type), view)


def test_ports_are_on_the_edges_in_the_order_of_the_schema() -> None:
    face = face_of("toy.pose")
    assert [(port.side, port.name, port.kind) for port in face.ports] == [
        ("in", "image", "Image"),
        ("out", "poses", "Poses"),
        ("out", "count", "Number"),
        ("in", "score", "Number"),
    ]
    assert [port.at[0] for port in face.ports] == [0, face.width, face.width, 0]
    assert face.ports[0].at[1] == face.ports[1].at[1] < face.ports[2].at[1]


def test_a_live_parameter_has_a_socket_at_its_row() -> None:
    face = face_of("toy.pose")
    _model, score = face.params
    assert [(port.name, port.at) for port in face.ports if port.socket] == [("score", (0.0, score.rect.center[1]))]
    assert face_of("toy.pose", View(collapsed=True)).port("in", "score") is None


def test_what_a_wire_decides_stands_in_a_row_that_cannot_be_turned() -> None:
    schema = replace(POSE, params=tuple(replace(each, essential=False) for each in POSE.params))
    assert make_face(Node("toy.pose"), schema, View()).params == ()
    face = make_face(Node("toy.pose"), schema, View(), {"image", "score"})
    (row,) = face.params
    assert (row.name, row.text, row.open) == ("score", FROM_WIRE, False)
    assert face.part_at(row.rect.center, 1.0) == ("body", None)
    folded = make_face(Node("toy.pose"), schema, View(collapsed=True), {"image", "score"})
    assert [port.name for port in folded.ports if port.side == "in"] == ["image", "score"]


def test_a_row_shows_the_value_or_the_default_and_how_far_it_has_come() -> None:
    assert [(row.name, row.text, row.fraction) for row in face_of("toy.pose").params] == [
        ("model", "small", None),
        ("score", "0.30", pytest.approx(0.3)),
    ]
    assert face_of("toy.pose", score=0.75).params[1].text == "0.75"


def test_a_dot_is_a_piece_of_wire_without_parts() -> None:
    face = face_of("toy.dot", View(size=(500, 500), preview=True, label="here"))
    assert face.dot
    assert (face.width, face.height, face.title) == (DOT_WIDTH, DOT_HEIGHT, "here")
    assert [(port.side, port.at) for port in face.ports] == [
        ("in", (0, DOT_HEIGHT / 2)),
        ("out", (DOT_WIDTH, DOT_HEIGHT / 2)),
    ]
    assert (face.params, face.preview, face.status, face.grip) == ((), None, None, None)
    assert face.bar == Rect(0, 0, DOT_WIDTH, DOT_HEIGHT)


@given(st.sampled_from(sorted(TOY.nodes.keys() - {"toy.dot"})), st.booleans(), st.text())
def test_parts_lie_inside_one_below_the_other(node_type: str, preview: bool, label: str) -> None:
    face = face_of(node_type, View(preview=preview, label=label))
    whole = Rect(0, 0, face.width, face.height)
    parts = [face.bar, *(row.rect for row in face.params), *filter(None, (face.preview, face.status))]
    assert all(whole.contains((part.left, part.top)) and whole.contains((part.right, part.bottom)) for part in parts)
    assert all(upper.bottom <= lower.top for upper, lower in itertools.pairwise(parts))
    rows = [Rect(*port.at, *port.at).grown(PORT_RADIUS) for port in face.ports]
    assert all(port.top >= TITLE for port in rows)
    assert not any(row.rect.meets(port) for row in face.params for port in rows)
    assert WIDTH_MIN <= face.width <= WIDTH_MAX
    assert face.width % GRID == 0


def test_a_collapsed_node_is_its_title_with_its_ports_at_the_sides() -> None:
    face = face_of("toy.pose", View(collapsed=True, preview=True))
    assert (face.height, face.params, face.preview, face.grip) == (TITLE, (), None, None)
    assert len({port.at for port in face.ports}) == 3
    assert all(0 < port.at[1] < TITLE for port in face.ports)


def test_a_preview_shows_where_asked_and_on_sinks_that_write_no_file() -> None:
    assert face_of("toy.preview").preview is not None
    assert face_of("toy.pose").preview is None
    assert face_of("toy.pose", View(preview=True)).preview is not None
    assert face_of("toy.preview", View(preview=False)).preview is None


def test_a_size_widens_the_node_and_gives_the_rest_to_its_preview() -> None:
    face = face_of("toy.preview", View(size=(600, 500)))
    assert (face.width, face.height) == (600, 500)
    assert face.preview is not None
    assert face.preview.width > 570
    assert face_of("toy.preview", View(size=(1, 1))).width == WIDTH_MIN


def test_an_unknown_type_has_the_ports_that_links_name() -> None:
    face = make_face(Node("gone.node"), None, View(), {"image"}, {"poses", "count"})
    assert not face.known
    assert face.title == "gone.node"
    assert [(port.side, port.name, port.kind, port.known) for port in face.ports] == [
        ("in", "image", ANY, False),
        ("out", "count", ANY, False),
        ("out", "poses", ANY, False),
    ]


def test_a_link_to_a_port_that_is_not_there_shows_too() -> None:
    face = make_face(Node("toy.pose"), POSE, View(), {"image", "mask"})
    assert [(port.name, port.known) for port in face.ports if port.side == "in" and not port.socket] == [
        ("image", True),
        ("mask", False),
    ]


def test_a_link_to_what_a_node_chooses_by_shows_though_another_wire_decides_that() -> None:
    use = ParamSchema("use", "choice", "a", choices=("a", "b"))
    ports = PortSchema("a", ANY), PortSchema("b", ANY), PortSchema("choice", "Number", optional=True)
    switch = NodeSchema("toy.switch", "Switch", "Toy", inputs=ports, params=(use,), selects="use", chooser="choice")
    face = make_face(Node("toy.switch"), switch, View(), {"a", "choice", "use"})
    assert [(port.name, port.known) for port in face.ports] == [
        ("a", True),
        ("b", True),
        ("choice", True),
        ("use", False),
    ]
    assert [(row.name, row.open) for row in face.params] == [("use", False)]


def test_a_label_takes_the_place_of_the_title_on_one_line() -> None:
    assert face_of("toy.pose", View(label="Left\n camera")).title == "Left camera"


def test_width_comes_from_the_given_font() -> None:
    wide = make_face(Node("toy.pose"), POSE, View(), measure=lambda text: 30.0 * len(text))
    assert wide.width > face_of("toy.pose").width


@pytest.mark.parametrize(
    ("param", "value", "text"),
    [
        (ParamSchema("n", "number", 0.0, minimum=0, maximum=1), 0.30000000000000004, "0.30"),
        (ParamSchema("n", "number", 0.0, minimum=0, maximum=50, unit="px"), 2, "2.0 px"),
        (ParamSchema("n", "number", 0.0, step=0.001), 0.5, "0.500"),
        (ParamSchema("n", "integer", 0), 7, "7"),
        (ParamSchema("n", "integer", 0), 10**400, str(10**400)[:39] + "…"),
        (ParamSchema("n", "toggle", True), False, "off"),
        (ParamSchema("n", "file", ""), "/home/me/clips/walk.mp4", "walk.mp4"),
        (ParamSchema("n", "folder", ""), "C:\\clips\\out\\", "out"),
        (ParamSchema("n", "text", ""), "two\nlines", "two"),
        (ParamSchema("n", "text", "x"), "", "none"),
    ],
)
def test_a_value_in_few_words(param: ParamSchema, value: Json, text: str) -> None:
    assert value_text(param, {"n": value}) == text


@given(st.sampled_from(POSE.params + TOY.nodes["toy.draw"].params + TOY.nodes["toy.clip"].params), values())
def test_any_value_that_a_file_can_hold_has_a_short_text(param: ParamSchema, value: Json) -> None:
    assert len(value_text(param, {param.name: value})) <= 41 + len(param.unit)


@settings(deadline=None, max_examples=40)
@given(documents())
def test_any_document_has_faces(graph: Graph) -> None:
    for name, node in graph.nodes.items():
        face = make_face(node, TOY.get(node.type), graph.view.get(name, View()))
        assert face.width >= (DOT_WIDTH if face.dot else WIDTH_MIN)
        assert face.height >= (DOT_HEIGHT if face.dot else TITLE)


@pytest.mark.parametrize(
    ("text", "width"),
    [("Pose overlay", 73.8), ("blazepose-full", 80.8), ("Write a video file", 95.8), ("score", 32.2), ("", 0)],
)
def test_the_approximate_font_is_near_roboto(text: str, width: float) -> None:
    # The widths are the sums of Roboto Regular's advances at 13 px to the em.
    assert approximate_width(text) == pytest.approx(width, rel=0.08)


def test_a_parameter_that_each_use_sets_has_a_row_whether_it_is_essential_or_not() -> None:
    params = (
        ParamSchema("size", "number", 1.0),
        ParamSchema("seed", "integer", 7, essential=False),
        ParamSchema("more", "text", "", essential=False),
        ParamSchema("strokes", "drawing", None, essential=False),
    )
    schema = NodeSchema("toy.noise", "Noise", "Toy", params=params)

    def rows(*exposed: str) -> list[tuple[str, bool]]:
        face = make_face(Node("toy.noise"), schema, View(), exposed=exposed)
        return [(row.name, row.exposed) for row in face.params]

    assert rows() == [("size", False)]
    assert rows("seed", "strokes") == [("size", False), ("seed", True)]
