"""A graph as a program: it makes the same graph, gives the same values, and no graph can put anything else into it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any, TypeGuard

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from nodeflow.engine import Session, Start
from nodeflow.engine.script import python_script
from nodeflow.graph import Catalog, Graph, Link, Node, ParamSchema, View, dumps
from nodeflow.testing.graphs import TOY, documents, graphs, values
from tests.engine.parts import REGISTRY, Collect

_DATA = (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.UnaryOp, ast.USub, ast.Load)
CALLED = ("Graph", "Node", "Endpoint")
BOUNDARY = ("graph.input", "graph.output")


def script(graph: Graph, catalog: Catalog = TOY, **about: Any) -> str:
    return python_script(graph, catalog, **{"name": "g.json", "file": "g.py", **about})


def graph_in(program: str) -> Graph:
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": "/somewhere/g.py"}
    exec(compile(program, "g.py", "exec"), namespace)
    return namespace["GRAPH"]


def without_links_to_nowhere(graph: Graph) -> Graph:
    """`connect` refuses what the check refuses: links whose nodes are not there, and two into one input."""
    links: dict[Any, Link] = {}
    for link in graph.links:
        if link.source.node in graph.nodes and link.target.node in graph.nodes:
            links.setdefault(link.target, link)
    definitions = {name: without_links_to_nowhere(each) for name, each in graph.definitions.items()}
    return replace(graph, links=tuple(links.values()), definitions=definitions)


def what_runs(graph: Graph) -> Graph:
    """The graph without what a program has no use for: how it lies, what nobody knows, and subgraphs not used."""
    used = graph.subgraph(graph.nodes)
    return replace(
        used,
        nodes={name: replace(node, extra={}) for name, node in graph.nodes.items()},
        view={name: View(view.at) for name, view in used.view.items() if used.nodes[name].type in BOUNDARY},
        extra={},
        groups={},
        notes={},
        definitions={name: what_runs(each) for name, each in used.definitions.items()},
        title=graph.title,
        exposed=graph.exposed,
    )


GRAPHS = documents(max_nodes=4).map(without_links_to_nowhere) | graphs(max_nodes=5)


def frame(program: str) -> str:
    """Everything in a program but its graph and what its docstring says."""
    module = ast.parse(program)
    assert isinstance(module.body[0], ast.Expr)
    assert isinstance(module.body[0].value, ast.Constant)
    rest = [each for each in module.body[1:] if not is_graph(each)]
    return "\n".join(map(ast.dump, rest)).replace("alias(name='Endpoint'), ", "")


def is_graph(statement: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(statement, ast.Assign) and names(statement) in (["GRAPH"], ["SUBGRAPHS"])


def names(assign: ast.Assign) -> list[str]:
    return [target.id for target in assign.targets if isinstance(target, ast.Name)]


def require_data(program: str) -> None:
    """Graphs are `Graph({...}).move(...).connect(...)` of literals and `Node(...)` of literals; anything else fails."""
    for part in [part for each in ast.parse(program).body if is_graph(each) for part in ast.walk(each.value)]:
        if isinstance(part, ast.Call):
            called = part.func
            assert (isinstance(called, ast.Name) and called.id in CALLED) or (
                isinstance(called, ast.Attribute) and called.attr in ("connect", "move")
            )
        elif isinstance(part, ast.Name):
            assert part.id in (*CALLED, "SUBGRAPHS")
        elif isinstance(part, ast.Attribute):
            assert part.attr in ("connect", "move")
        elif isinstance(part, ast.keyword):
            assert part.arg in ("params", "version", "mode", "definitions", "title", "exposed")
        else:
            assert isinstance(part, _DATA), ast.dump(part)


@over(GRAPHS)
@settings(deadline=None)
def test_the_program_makes_the_same_graph_and_nothing_else(graph: Graph) -> None:
    program = script(graph)
    wanted = what_runs(graph)
    assert graph_in(program) == wanted
    assert dumps(graph_in(program)) == dumps(wanted)  # 1 is not 1.0 there
    require_data(program)
    assert frame(program) == frame(script(Graph()))


@over(values(), st.text(), st.text())
@settings(deadline=None)
def test_a_value_comes_back_as_it_was(value: Any, name: str, type_: str) -> None:
    if not type_.strip():
        return
    graph = Graph({"a": Node(type_, params={name: value, "long": [value] * 9, "deep": {name: [{name: value}]}})})
    program = script(graph)
    assert repr(graph_in(program).nodes["a"]) == repr(Node(type_, params=dict(sorted(graph.nodes["a"].params.items()))))
    require_data(program)


def test_a_long_text_has_a_line_for_each_of_its_own() -> None:
    text = "\n".join(f"{number} is a line of some length" for number in range(5))
    program = script(Graph({"a": Node("toy.text", params={"typed": text})}))
    assert max(map(len, program.splitlines())) < 100
    assert graph_in(program).nodes["a"].params["typed"] == text


@over(st.text(), st.text(), st.text(), st.text(min_size=1))
@settings(deadline=None)
def test_names_labels_and_folders_are_words_only(name: str, file: str, label: str, folder: str) -> None:
    graph = Graph({"a": Node("toy.camera")}, view={"a": View(label=label)})
    program = script(graph, name=name, file=file)
    assert frame(program) == frame(script(Graph()))
    assert graph_in(program).nodes == graph.nodes
    (assign,) = [
        each
        for each in ast.parse(script(graph, folder=folder)).body
        if isinstance(each, ast.Assign) and names(each) == ["FOLDER"]
    ]
    literals = {each.value for each in ast.walk(assign.value) if isinstance(each, ast.Constant)}
    assert literals == ({folder} if folder != "." else set())
    assert all(
        isinstance(each, ast.BinOp | ast.Div | ast.Attribute | ast.Call | ast.Name | ast.Constant | ast.Load)
        for each in ast.walk(assign.value)
    )


@pytest.mark.parametrize(
    "evil",
    [
        '"""',
        "'''",
        "\\",
        '\\"""\nimport os\n"""',
        "\n    import os",
        "\r",
        "\x0c",
        "\x00",
        "\u2028",
        "\u202e",
        "{about}",
        "%s",
    ],
)
def test_well_known_ways_out_lead_nowhere(evil: str) -> None:
    graph = Graph({"a": Node("toy.camera" + evil, params={evil: evil})}, view={"a": View(label=evil)})
    program = script(graph, name=evil, file=evil, folder=evil)
    assert frame(program).replace(repr(evil), "") == frame(script(graph, folder="x")).replace("'x'", "")
    require_data(program)
    assert graph_in(program).nodes == graph.nodes
    assert all(char.isprintable() or char == "\n" for char in program)


# ---- running it ------------------------------------------------------------------------------------------------------


def _bounded(param: ParamSchema) -> ParamSchema:
    return replace(param, minimum=1, maximum=4) if param.type in ("integer", "number") else param


SMALL = Catalog(
    {
        kind: replace(schema, params=tuple(map(_bounded, schema.params)))
        for kind, schema in REGISTRY.catalog.nodes.items()
    },
    REGISTRY.catalog.conversions,
)


def collected() -> dict[str, list[Any]]:
    """What the sinks kept: by name, for several may share one."""
    kept = {name: sorted(values) for name, values in Collect.kept.items()}
    Collect.kept.clear()
    return kept


@over(graphs(SMALL, max_nodes=6))
@settings(deadline=None, max_examples=30)
def test_the_program_gives_what_the_graph_gives(graph: Graph) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nodeflow.node.load_registry", lambda: REGISTRY)
        namespace: dict[str, Any] = {"__name__": "exported", "__file__": "g.py"}
        exec(script(graph, SMALL), namespace)
    collected()
    with Session(graph, REGISTRY) as session:
        session.send(Start())
        end = session.wait()
    wanted = collected()
    code = namespace["main"]()
    assert collected() == wanted
    assert code == (1 if end.state == "failed" or any(node.failed for node in end.nodes.values()) else 0)


def test_a_program_whose_nodes_are_gone_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": "g.py"}
    exec(script(Graph({"a": Node("no.such_node")})), namespace)
    assert namespace["main"]() == 1
    assert "no.such_node" in capsys.readouterr().err
