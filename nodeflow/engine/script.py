"""A graph as a Python program that runs it: the same nodes, parameters and links, on the public API.

    text = python_script(graph, registry.catalog, name="pose.json")

The program is a fixed frame around one expression, the graph, which is written in dictionaries, strings and numbers
only. Whatever a graph holds is a quoted literal or stands in a comment of printable characters, so no graph can make
the program do anything but run that graph. How nodes lie on the canvas is left out; labels become comments.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from nodeflow import __version__
from nodeflow.graph import Catalog, Graph, Json, Node, NodeSchema, View, without_feedback

_WIDTH = 100
_BOUNDARY = ("graph.input", "graph.output")
"""The types of nodes that are the ports of a subgraph."""

_PROGRAM = '''\
"""{about}

    python {file}

Made by nodeflow {version}. Ctrl+C ends it, and files that it writes are completed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nodeflow.engine import Session, Snapshot, Start, Stop
from nodeflow.graph import {names}
from nodeflow.node import load_registry

FOLDER = {folder}  # where relative paths start from

{subgraphs}GRAPH = {graph}


def main() -> int:
    """Run the graph to its end. Returns 0 if every call went well, 130 after Ctrl+C, else 1."""
    registry = load_registry()
    errors = [problem for problem in check(GRAPH, registry.catalog) if problem.severity == "error"]
    if errors:
        print(*errors, sep="\\n", file=sys.stderr)
        return 1
    with Session(GRAPH, registry, folder=FOLDER) as session:
        session.send(Start())
        try:
            end = follow(session)
        except KeyboardInterrupt:
            session.send(Stop())
            end = session.wait()
    print(f"{{end.state}}; frames: {{end.finished}}; {{end.message}}".rstrip("; "))
    failed = [(name, node) for name, node in end.nodes.items() if node.failed]
    for name, node in failed:
        print(f"{{name}} failed {{node.failed}} times: {{node.message}} {{node.hint}}", file=sys.stderr)
    if failed or end.state == "failed":
        return 1
    return 130 if end.state == "stopped" else 0


def follow(session: Session) -> Snapshot:
    """Wait until the run is over. On a terminal, tell how far it is."""
    while True:
        now = session.wait(0.5)
        over = now.state in ("finished", "stopped", "failed")
        if sys.stderr.isatty():
            opens = [name for name, node in now.nodes.items() if node.state == "opening"]
            frames = f"{{now.finished}} of {{now.total}}" if now.total else f"{{now.finished}}"
            told = f"{{frames}} frames, {{now.fps:.1f}} a second"
            if opens and not now.finished:
                told = f"{{opens[0]}}: {{now.nodes[opens[0]].message}}"
            line = ("" if over else told[:78]).ljust(78)
            print(line, end=chr(13), file=sys.stderr, flush=True)  # the next goes over it
        if over:
            return now


if __name__ == "__main__":
    sys.exit(main())
'''


def python_script(graph: Graph, catalog: Catalog, *, name: str, file: str, folder: str | None = "") -> str:
    """The text of the program.

    `name` says what it was made of and `file` what it is called, both for people. Relative paths in the graph start
    from `folder`, seen from where the program lies, or with None from where it is called.
    """
    graph = graph.subgraph(graph.nodes)  # without subgraphs that nobody uses
    definitions = graph.definitions
    names = ["Endpoint"] * any(each.exposed for each in definitions.values()) + ["Graph", "Node", "check"]
    return _PROGRAM.format(
        about=f"Runs the graph of {_quotable(name)}.",
        file=_quotable(file),
        version=__version__,
        names=", ".join(names),
        folder=_folder(folder),
        subgraphs=_subgraphs(definitions, catalog) if definitions else "",
        graph=_expression(graph, catalog, "    definitions=SUBGRAPHS," if definitions else ""),
    )


def way(folder: Path, place: Path) -> str:
    """Where a graph's relative paths start from, `folder`, as seen from the folder in which its program lies."""
    try:
        return Path(os.path.relpath(folder.resolve(), place.resolve())).as_posix()
    except ValueError:  # another drive
        return folder.resolve().as_posix()


def _folder(folder: str | None) -> str:
    if folder is None:
        return "Path.cwd()"
    here = "Path(__file__).absolute().parent"
    return here if folder in ("", ".") else f"{here} / {_quoted(folder)}"


def _subgraphs(definitions: Mapping[str, Graph], catalog: Catalog) -> str:
    lines = ["SUBGRAPHS = {"]
    for name in sorted(definitions):
        made = _expression(definitions[name], catalog, *_interface(definitions[name]))
        lines.append(textwrap.indent(f"{_quoted(name)}: {made},", "    "))
    return "\n".join([*lines, "}\n\n"])


def _interface(definition: Graph) -> Iterator[str]:
    """What a subgraph says of itself to those who use it."""
    if definition.title:
        yield f"    title={_quoted(definition.title)},"
    if definition.exposed:
        yield "    exposed={"
        for name, (node, param) in sorted(definition.exposed.items()):
            yield f"        {_quoted(name)}: Endpoint({_quoted(node)}, {_quoted(param)}),"
        yield "    },"


def _expression(graph: Graph, catalog: Catalog, *more: str) -> str:
    """The graph; `more` are lines of further arguments."""
    sorted_ = without_feedback(graph, catalog).in_order
    place = {node: at for at, node in enumerate([*sorted_, *sorted(graph.nodes.keys() - sorted_)])}
    lines = ["Graph(", "    {"]
    for node in place:
        about = _about(graph.view.get(node, View()).label, catalog.get(graph.nodes[node].type))
        lines += [f"        # {about}"] * bool(about)
        lines.append(f"        {_quoted(node)}: {_node(graph.nodes[node], f'{_quoted(node)}: ')},")
    lines += ["    },", *filter(None, more), ")"]
    ports = [node for node in place if graph.nodes[node].type in _BOUNDARY and node in graph.view]
    if ports:  # they stand in the order in which they lie
        places = ", ".join(f"{_quoted(node)}: {graph.view[node].at!r}" for node in ports)
        lines[-1] += f".move({{{places}}})"
    if graph.links:
        links = sorted(graph.links, key=lambda link: (place[link.source.node], place[link.target.node], link))
        lines[-1] += ".connect("
        lines += [*(f"    {_quoted(str(link))}," for link in links), ")"]
    return "\n".join(lines)


def _about(label: str | None, schema: NodeSchema | None) -> str:
    """What a node is, in a line."""
    title = schema.title if schema else ""
    named = f"{label} ({title})" if label else title
    what = _plain(schema.doc).split(". ")[0].rstrip(".") if schema else ""
    line = ": ".join(part for part in (_plain(named), what) if part)
    return line if len(line) <= _WIDTH - 10 else f"{line[: _WIDTH - 13]}..."


def _node(node: Node, before: str) -> str:
    """The call that makes a node, behind `before` on its line."""
    parts: dict[str, Json] = {"version": node.version} if node.version != 1 else {}
    if node.mode != "on":
        parts["mode"] = node.mode
    if node.params:
        parts["params"] = {name: node.params[name] for name in sorted(node.params)}
    words = [_quoted(node.type), *(f"{name}={_literal(value)}" for name, value in parts.items())]
    line = f"Node({', '.join(words)})"
    if 8 + len(before) + len(line) < _WIDTH:
        return line
    indent = " " * 12
    words = [_quoted(node.type), *(f"{name}={_literal(value, indent, len(name) + 1)}" for name, value in parts.items())]
    return "\n".join(["Node(", *(f"{indent}{word}," for word in words), f"{indent[4:]})"])


def _literal(value: Json, indent: str | None = None, column: int = 0) -> str:
    """`value` in Python: on one line, or behind an `indent` over several if it needs more room."""
    if isinstance(value, str):
        return _quoted(value) if indent is None else _text(value, indent, column)
    if not isinstance(value, Mapping | list | tuple):
        return repr(value)
    start, end = "{}" if isinstance(value, Mapping) else "[]"
    names = [f"{_quoted(name)}: " for name in value] if isinstance(value, Mapping) else [""] * len(value)
    items = list(value.values()) if isinstance(value, Mapping) else list(value)
    line = start + ", ".join(f"{name}{_literal(item)}" for name, item in zip(names, items, strict=True)) + end
    if indent is None or not items or len(indent) + column + len(line) < _WIDTH:
        return line
    deeper = f"{indent}    "
    lines = [f"{deeper}{name}{_literal(item, deeper, len(name))}," for name, item in zip(names, items, strict=True)]
    return "\n".join([start, *lines, f"{indent}{end}"])


def _text(text: str, indent: str, column: int) -> str:
    """A string literal; one that needs more room has a line for each of its own."""
    literal, lines = _quoted(text), text.splitlines(keepends=True)
    if len(lines) < 2 or len(indent) + column + len(literal) < _WIDTH:
        return literal
    return "\n".join(["(", *(f"{indent}    {_quoted(line)}" for line in lines), f"{indent})"])


def _quoted(text: str) -> str:
    """A string literal, as Python writes it but in double quotes where those need no escape."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if "'" not in text and '"' not in text else literal


def _quotable(text: str) -> str:
    """`text` such that it can stand in a docstring."""
    return _plain(text).replace("\\", "/").replace('"', "'")


def _plain(text: str) -> str:
    """`text` on one line, without characters that do not print: none that end a line or turn it round."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
