"""What there is to say of a node type: what it takes, gives, can be set to and costs, and where it is used. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.templates import template_groups
from nodeflow.graph import NodeSchema, ParamSchema
from nodeflow.samples import sample_graphs

_MANY = 30
"""More choices than these are counted, not listed."""
_RESOURCES = {"cpu": "the CPU", "io": "files, the network or a device"}


def paragraphs(doc: str) -> str:
    """A docstring with its lines joined, so that a panel can break them where it likes."""
    return "\n\n".join(" ".join(part.split()) for part in doc.strip().split("\n\n"))


def range_of(param: ParamSchema) -> str:
    """What a parameter may be, in its unit; "" where that is anything."""
    unit = f" {param.unit}" if param.unit else ""
    if param.minimum is not None and param.maximum is not None:
        return f"{param.minimum:,.9g} to {param.maximum:,.9g}{unit}"
    if param.minimum is not None:
        return f"{param.minimum:,.9g}{unit} or more"
    if param.maximum is not None:
        return f"{param.maximum:,.9g}{unit} or less"
    if param.choices and param.type == "choice":
        return ", ".join(param.choices) if len(param.choices) <= _MANY else f"one of {len(param.choices)} names"
    return {"toggle": "on or off", "color": "a colour", "model": f"a model for {param.task}"}.get(param.type, "")


def default_of(param: ParamSchema) -> str:
    """Its default in words, "" where there is none."""
    if isinstance(param.default, bool):
        return "on" if param.default else "off"
    return "" if param.default in (None, "") else str(param.default)


def about_param(param: ParamSchema) -> str:
    """What a parameter is, what it may be, and what a change of it costs."""
    default = default_of(param)
    said = f"Default: {default}" if default else ""
    cost = "A change opens the node again." if param.group == "setup" else ""
    return "\n".join(line for line in (param.doc or param.name, range_of(param), said, cost) if line)


def behaviour(schema: NodeSchema) -> list[str]:
    """How a node of this type behaves in a run, in sentences."""
    models = any(param.type == "model" for param in schema.params)
    where = "the device that models run on" if models else _RESOURCES.get(schema.resource, schema.resource)
    said = [f"It runs on {where}."]
    if schema.clock == "live":
        said.append("It is a live source: where what follows is slower, older frames are dropped for newer ones.")
    elif schema.clock == "every":
        said.append("It is a source that loses nothing: it waits for what follows.")
    elif not schema.inputs:
        said.append("It runs once, and its value is kept.")
    if schema.holds:
        said.append("It keeps its newest value for whoever asks, so its output joins any other stream.")
    if schema.batch:
        said.append("It takes a whole list in one call.")
    if schema.process:
        said.append("It runs in a process of its own.")
    if schema.pure:
        said.append("What it gives depends on nothing but its inputs and values, so a result may be used again.")
    return said


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample graph: what it is called, where it is, and the node types in it."""

    title: str
    path: Path
    types: frozenset[str]


def sample_choices(open_path: Callable[[Path], object]) -> list[Choice]:
    """The sample graphs by group, as what hangs on a branch of a menu."""

    def opened(path: Path) -> None:
        open_path(path)

    titles = {sample.path: sample.title for sample in samples()}
    rows = []
    for group, paths in template_groups().items():
        rows.append(Choice(group, level=1))
        rows += [Choice(titles[path], partial(opened, path), level=1) for path in paths if path in titles]
    return rows


def examples(node_type: str) -> list[Sample]:
    """The sample graphs that use a node type, the smallest first."""
    return [sample for sample in samples() if node_type in sample.types]


@cache
def samples() -> tuple[Sample, ...]:
    """The sample graphs, those of fewest nodes first. A file that is no graph is none."""
    found = []
    for name, path in sample_graphs().items():
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            types = [str(node["type"]) for node in content["nodes"].values()]
            title = str(content.get("title") or name.replace("_", " "))
            found.append((len(types), title, Sample(title, path, frozenset(types))))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
    return tuple(sample for _count, _title, sample in sorted(found, key=lambda each: each[:2]))
