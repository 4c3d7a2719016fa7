"""Measuring a model on this machine: how long a call takes, on what, and how much memory it costs.

    sampled = trial_of(entry, catalog)      # the part of a sample graph that shows the model at work
    measure(entry, sampled, ...)            # runs it in a process of its own, keeps the figures and a picture

What is measured is what a person would wire: the node of the model's task in a sample graph that has one, with this
model in it, or where no sample has one, that node fed by the samples that other graphs read. A camera is replaced by
such a sample, too, so that the same is measured everywhere and no camera is switched on. Figures are only kept if they
were taken.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nodeflow.editor.documents.templates import read_template, template_paths
from nodeflow.editor.models.entries import Entry
from nodeflow.editor.models.jobs import Job, Measure, Stopped
from nodeflow.editor.models.measures import Measurement, keep_measurement, this_machine
from nodeflow.editor.models.placing import picture_behind, with_drawing
from nodeflow.editor.models.uses import model_of, model_param, use_of
from nodeflow.editor.numbers import milliseconds
from nodeflow.graph import Catalog, Endpoint, Graph, Link, Node, NodeSchema, dumps, lowered
from nodeflow.paths import SAMPLE

_LOOK: Final = 0.1
"""How often to look whether it was cancelled, in seconds."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A graph with a node that has the model, and the node behind it that makes a picture. `on` says what goes in;
    `others` are the models that it also needs."""

    graph: Graph
    node: str
    end: str
    on: str
    others: tuple[str, ...]


def trial_of(entry: Entry, catalog: Catalog) -> Sampled | None:
    """The part of a sample graph in which the model does its work, or one made for it; None where nothing feeds it.

    One that reads a sample goes before one with a picture of its own, which a person may have painted over.
    """
    read = (read_template(path, catalog) for path in template_paths())
    graphs = [lowered(template.graph, catalog) for template in read if template is not None]
    tried = [each for graph in graphs for each in _in_graph(entry, graph, graphs, catalog)]
    best = min(tried, key=lambda each: (not each.on, len(each.others), len(each.graph.nodes)), default=None)
    return best or _on_its_own(entry, graphs, catalog)


def measuring(catalog: Callable[[], Catalog], device: Callable[[], str], threads: Callable[[], int]) -> Measure:
    """The work of a job that measures; the three say what holds when it begins."""

    def work(entry: Entry, job: Job) -> str:
        from nodeflow.models import library

        folder = library().cache.folder
        sampled = trial_of(entry, catalog())
        if sampled is None:
            raise RuntimeError("there is no sample of what it takes, so it cannot be measured yet")
        missing = [each for each in sampled.others if library().status(each) != "ready"]
        if missing:
            raise RuntimeError(f"its sample also needs {', '.join(missing)}: get that first")
        order = {
            "graph": dumps(sampled.graph),
            "node": sampled.node,
            "end": sampled.end,
            "device": device(),
            "threads": threads(),
            "picture": str(folder / "pictures" / f"{entry.id}.png"),
        }
        made = _tried(order, job)
        day = date.today().isoformat()
        measured = Measurement(
            made["ms"], made["calls"], made["provider"] or "CPU", made["memory"], made["load_s"], sampled.on,
            this_machine(), day,
        )  # fmt: skip
        keep_measurement(folder, entry.id, measured)
        return f"{entry.title}: {milliseconds(measured.ms)} a call on {measured.device}"

    return work


# ---- inside ------------------------------------------------------------------------------------------------------


def _in_graph(entry: Entry, graph: Graph, graphs: list[Graph], catalog: Catalog) -> Iterator[Sampled]:
    """What each node for the task in a graph makes of it."""
    for name, node in graph.nodes.items():
        param = model_param(catalog.get(node.type), entry.task)
        if param is None:
            continue
        with_it = graph.set_param(name, param.name, entry.id)
        end = picture_behind(with_it, catalog, name)
        last = end.node if end is not None else name
        needed = with_it.upstream(with_it.downstream({name}) & with_it.upstream({last}))
        part = with_it.remove(with_it.nodes.keys() - needed)
        fed = _fed(part, graphs, catalog)
        if fed is not None:
            others = _models(fed[0], catalog, name)
            yield Sampled(fed[0], name, last, fed[1], others)


def _on_its_own(entry: Entry, graphs: list[Graph], catalog: Catalog) -> Sampled | None:
    """The node that runs the model, each input fed by a sample."""
    use = use_of(catalog, entry.task, entry.inputs, entry.outputs)
    if use is None:
        return None
    graph, node = Graph().add(Node(use.schema.type, use.schema.version, {use.param.name: entry.id}))
    given: list[str] = []
    for port in use.schema.inputs:
        found = next(_samples(graphs, catalog, port.kind), None)
        if found is None and not port.optional:
            return None
        if found is not None:
            graph, source = graph.add(found[0])
            graph = graph.connect(Link(Endpoint(source, found[1]), Endpoint(node, port.name)))
            schema = catalog.nodes[found[0].type]
            given.append((_file_of(found[0], schema) or schema.title).removeprefix(SAMPLE))
    end = picture_behind(graph, catalog, node)
    if end is None:
        graph, end = with_drawing(graph, catalog, node, {})
    return Sampled(graph, node, end.node, ", ".join(given), ())


def _samples(graphs: list[Graph], catalog: Catalog, kind: str) -> Iterator[tuple[Node, str]]:
    """Sources of a kind in the sample graphs that give the same everywhere, each with its output."""
    for graph in graphs:
        for node in graph.nodes.values():
            schema = catalog.get(node.type)
            if schema and not schema.inputs and schema.clock != "live" and _file_of(node, schema) != "":
                yield from ((node, port.name) for port in schema.outputs if port.kind == kind)


def _models(graph: Graph, catalog: Catalog, but: str) -> tuple[str, ...]:
    """The models of the other nodes."""
    schemas = {name: catalog.get(node.type) for name, node in graph.nodes.items() if name != but}
    return tuple(
        model_of(graph, name, param)
        for name, schema in schemas.items()
        for param in (schema.params if schema else ())
        if param.type == "model"
    )


def _fed(graph: Graph, graphs: list[Graph], catalog: Catalog) -> tuple[Graph, str] | None:
    """The graph with sources that are the same everywhere, and what these give."""
    given: list[str] = []
    for name, node in graph.nodes.items():
        schema = catalog.get(node.type)
        if schema is None or schema.inputs:
            continue
        if schema.clock == "live" or _file_of(node, schema) == "":
            stand_in = _stand_in(schema, node, graphs, catalog)
            if stand_in is None:
                return None
            graph, schema = graph.with_nodes({name: stand_in}), catalog.get(stand_in.type) or schema
            node = stand_in
        given.append((_file_of(node, schema) or schema.title).removeprefix(SAMPLE))
    return graph, ", ".join(given)


def _file_of(node: Node, schema: NodeSchema) -> str | None:
    """The sample that a source reads; "" where it reads something else, None where it reads nothing."""
    params = [param for param in schema.params if param.type in ("file", "folder")]
    if not params:
        return None
    values = [str(node.params.get(param.name, param.default)) for param in params]
    return next((value for value in values if value.startswith(SAMPLE)), "")


def _stand_in(schema: NodeSchema, node: Node, graphs: list[Graph], catalog: Catalog) -> Node | None:
    """A source of some sample graph that gives the same from a sample: the one that the node itself names, if any."""
    wanted = _file_of(node, schema)
    found: list[Node] = []
    for graph in graphs:
        for other in graph.nodes.values():
            known = catalog.get(other.type)
            same = known and _gives(known) == _gives(schema)
            if known and same and known.clock != "live" and (sample := _file_of(other, known)):
                if sample == wanted:
                    return other
                found.append(other)
    return found[0] if found else None


def _gives(schema: NodeSchema) -> list[tuple[str, str]]:
    return [(port.name, port.kind) for port in schema.outputs]


def _tried(order: dict[str, Any], job: Job) -> dict[str, Any]:
    """Try it in a process of its own, which a cancel ends. Raises Stopped, RuntimeError."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nodeflow.engine.trial"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    errors: list[str] = []
    readers = (
        threading.Thread(target=_read, args=(process.stdout, lines), name="measuring", daemon=True),
        threading.Thread(target=lambda: errors.extend(process.stderr or ()), name="measuring", daemon=True),
    )
    try:
        for reader in readers:
            reader.start()
        with suppress(BrokenPipeError):  # it has ended already: `_answer` says why
            process.stdin.write(json.dumps(order))
            process.stdin.close()
        return _answer(lines, errors, job)
    finally:
        process.kill()
        process.wait()
        for reader in readers:
            reader.join()
        process.stdout.close()
        process.stderr.close()


def _read(stream: Any, lines: queue.SimpleQueue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _answer(lines: queue.SimpleQueue[str | None], errors: list[str], job: Job) -> dict[str, Any]:
    while True:
        try:
            line = lines.get(timeout=_LOOK)
        except queue.Empty:
            line = ""
        if job.cancelled:
            raise Stopped
        if line is None:
            last = next((each.strip() for each in reversed(errors) if each.strip()), "it said nothing")
            raise RuntimeError(f"it could not be measured: {last[:300]}")
        if line.startswith("{"):  # a library may print something of its own
            said = json.loads(line)
            if "tell" in said:
                job.tell(*said["tell"])
            elif "failed" in said:
                raise RuntimeError(f"it could not be measured: {said['failed']}")
            elif "made" in said:
                return dict(said["made"])
