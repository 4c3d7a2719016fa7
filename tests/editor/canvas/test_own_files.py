"""A node that writes a file does not begin with the file of another."""

from __future__ import annotations

from nodeflow.editor.canvas.edits import added
from nodeflow.graph import Catalog, Graph, NodeSchema, ParamSchema, check

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
