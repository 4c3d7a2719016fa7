"""A report of what went wrong with a node, as text to be pasted where somebody can help. Pure."""

from __future__ import annotations

from typing import Final

from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.settings.about import versions
from nodeflow.engine.messages import NodeStatus

_LONGEST_VALUE: Final = 300


def report(sheet: Sheet, node: str, status: NodeStatus) -> str:
    """What `node` is, how it was set, what it was given, what it said, and what it ran with."""
    document = sheet.graph[node]
    lines = [
        f"{sheet.title(node)} ({node}: {document.type}, version {document.version})",
        f"{status.state}: {status.message}",
        status.hint,
        "",
        *_section("Parameters", {name: repr(value)[:_LONGEST_VALUE] for name, value in _values(sheet, node).items()}),
        *_section("Inputs", dict(text.partition(": ")[::2] for text in status.inputs)),
        *_section("Calls", _calls(status)),
        *(("Traceback", status.trace, "") if status.trace else ()),
        *_section("Versions", dict(versions())),
    ]
    return "\n".join(line for place, line in enumerate(lines) if line or (place and lines[place - 1])).strip() + "\n"


def _values(sheet: Sheet, node: str) -> dict[str, object]:
    """The parameters that the node has, the defaults among them."""
    schema, params = sheet.schema(node), sheet.graph[node].params
    defaults = {param.name: param.default for param in schema.params} if schema else {}
    return {**defaults, **params}


def _calls(status: NodeStatus) -> dict[str, str]:
    calls = {"runs": str(status.runs), "failed": str(status.failed)}
    if status.frame is not None:
        calls["frame"] = str(status.frame)
    if status.runs:
        calls["a call"] = f"{status.ms:.1f} ms"
    if status.provider:
        calls["runs on"] = f"{status.provider}, {status.device}"
    return calls


def _section(title: str, pairs: dict[str, str]) -> list[str]:
    return [title, *(f"  {name}: {value}" for name, value in pairs.items()), ""] if pairs else []
