"""A node that writes a file does not begin with the file of another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas import clipping
from nodeflow.editor.canvas.edits import added
from nodeflow.editor.canvas.own_files import with_own_files
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, ParamSchema, check
from nodeflow.testing.pilot import Pilot

WRITER = NodeSchema(
    "toy.writer", "Writer", "Toy", params=(ParamSchema("path", "save", "out/frame_{index:05}.png"),), sink=True
)
CATALOG = Catalog({WRITER.type: WRITER})


def test_writers_that_are_added_write_files_of_their_own() -> None:
    graph = Graph()
    for _ in range(3):
        graph, _ = added(graph, CATALOG, WRITER, (0.0, 0.0))
    paths = [node.params.get("path") for node in graph.nodes.values()]
    assert paths == [None, "out/frame_{index:05}_2.png", "out/frame_{index:05}_3.png"]
    assert not any(problem.code == "same-file" for problem in check(graph, CATALOG))


def test_a_name_that_is_free_again_is_taken() -> None:
    graph, first = added(Graph(), CATALOG, WRITER, (0.0, 0.0))
    graph, new = added(graph.set_params(first, {"path": "elsewhere.png"}), CATALOG, WRITER, (0.0, 0.0))
    assert "path" not in graph[new].params


def _writers(*paths: str) -> Graph:
    graph = Graph()
    for path in paths:
        graph, _ = graph.add(Node(WRITER.type, params={"path": path}), (0.0, 0.0))
    return graph


def _paths(graph: Graph) -> list[object]:
    return [node.params.get("path") for node in graph.nodes.values()]


def test_copies_write_files_of_their_own_pasted_or_beside_the_original() -> None:
    pilot = Pilot(CATALOG, _writers("out/a.png", "out/a_2.png", "b.png"))
    pilot.canvas.select(Selection(frozenset(pilot.graph.nodes)))
    text = clipping.copy(pilot.canvas)
    clipping.duplicate(pilot.canvas)
    assert _paths(pilot.graph)[3:] == ["out/a_3.png", "out/a_4.png", "b_2.png"]
    clipping.paste(pilot.canvas, text)
    assert _paths(pilot.graph)[6:] == ["out/a_5.png", "out/a_6.png", "b_3.png"]
    pilot.undo()
    pilot.undo()
    pilot.canvas.select(Selection(frozenset(pilot.graph.nodes)))
    clipping.cut(pilot.canvas)
    clipping.paste(pilot.canvas, text)
    assert _paths(pilot.graph) == ["out/a.png", "out/a_2.png", "b.png"], "nobody else writes them any more"


@given(st.lists(st.sampled_from(("", ".", "..", "/", "a", "a_2", "./a", "a_99999999999", "x/a_3.c", 7)), max_size=6))
def test_whatever_is_written_copies_add_no_warning(paths: list[str]) -> None:
    graph = _writers(*paths)
    before = [problem.node for problem in check(graph, CATALOG) if problem.code == "same-file"]
    copies, new = graph.duplicate(list(graph.nodes), (10.0, 10.0))
    copies = with_own_files(copies, CATALOG, new.nodes.values())
    told = [problem.node for problem in check(copies, CATALOG) if problem.code == "same-file"]
    odd = sum(isinstance(path, str) and path in (".", "/") for path in paths)
    assert len(told) <= len(before) + odd, "a folder has no name to be numbered"
    assert all(copies[node] == graph[node] for node in graph.nodes)


def test_many_copies_are_numbered_in_little_time() -> None:
    graph = _writers(*(f"a_{number}.png" for number in range(2, 2002)))
    copies, new = graph.duplicate(list(graph.nodes), (10.0, 10.0))
    copies = with_own_files(copies, CATALOG, new.nodes.values())
    assert len(set(_paths(copies))) == 4000
