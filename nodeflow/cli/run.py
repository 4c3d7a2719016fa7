"""`nodeflow run`: a graph from its first frame to its last, with a progress bar, a report and an exit code."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nodeflow.cli.downloads import told_first
from nodeflow.cli.faults import Fault
from nodeflow.cli.files import existing_graph, require_writable, write
from nodeflow.cli.printing import say, shown, warn

if TYPE_CHECKING:
    from nodeflow.engine import NodeStatus, Session, Snapshot
    from nodeflow.graph import Catalog, Graph, Json, ParamSchema

_REFRESH = 0.1
_SPANS = 1_000_000
"""How many calls a trace holds at most."""
_INTERRUPTED = 130
"""The exit code of a run that was stopped, as shells give it for Ctrl+C."""


def add_to(app: typer.Typer) -> None:
    @app.command("run")
    def run(
        graph: Annotated[str, typer.Argument(help="A graph file, or the name of a sample graph.")],
        set_: Annotated[
            list[str] | None, typer.Option("--set", metavar="NODE.PARAM=VALUE", help="Change a parameter; repeatable.")
        ] = None,
        frames: Annotated[int | None, typer.Option(min=1, help="Stop after so many frames.")] = None,
        device: Annotated[str, typer.Option(help="Where models run: auto, cpu or cuda:0.")] = "auto",
        threads: Annotated[int, typer.Option(min=1, max=64, help="Threads that one call of a model may use.")] = 1,
        report: Annotated[Path | None, typer.Option(help="Write what was measured to this file, as JSON.")] = None,
        trace: Annotated[
            Path | None, typer.Option(help="Write what ran when to this file, for Perfetto (ui.perfetto.dev).")
        ] = None,
    ) -> int:
        """Run a graph without a window."""
        return run_graph(existing_graph(graph), set_ or (), frames, device, threads, report, trace)


def run_graph(
    path: Path,
    changes: Sequence[str] = (),
    frames: int | None = None,
    device: str = "auto",
    threads: int = 1,
    report: Path | None = None,
    trace: Path | None = None,
) -> int:
    """Run the graph in `path` to its end. Returns 0 if every call of every node went well, 130 if it was stopped, else
    1."""
    from nodeflow.cli.ports import with_ports
    from nodeflow.engine import Session, Start
    from nodeflow.graph import load, lowered
    from nodeflow.models import library
    from nodeflow.node import load_registry
    from nodeflow.samples import folder_of

    registry = load_registry()
    library().offer = told_first
    folder = folder_of(path)
    outside = [change for change in changes if not _is_inside(change)]
    graph = changed(load(path), outside, registry.catalog)
    graph = with_ports(graph, {change.partition("=")[0] for change in outside}, registry, folder)
    require_sound(graph, registry.catalog, path)
    if inside := [change for change in changes if _is_inside(change)]:
        graph = changed(lowered(graph, registry.catalog), inside, registry.catalog)
    for file in (report, trace):
        if file is not None:
            require_writable(file)
    most = _SPANS if trace else 0
    device = checked_device(device)
    with (
        _told_to_stop() as told,
        Session(graph, registry, device=device, threads=threads, folder=folder, frames=frames, spans=most) as session,
    ):
        session.send(Start())
        end = _follow(session, told)
        measured = session.report()
        spans = session.trace() if trace else None
    try:
        code = _conclude(path, end, measured)
    finally:  # of a run that failed, too
        if report is not None:
            write(report, json.dumps(measured, indent=2) + "\n")
        if trace is not None:
            write(trace, json.dumps(spans))
    every = lowered(graph, registry.catalog)
    written = list(_written(every, registry.catalog, end))
    for name, place in written:
        say(f"{path.name}: {name} wrote {place}")
    if report is not None:
        say(f"{path.name}: what was measured is in {report}")
    if trace is not None:
        say(f"{path.name}: what ran when is in {trace}: ui.perfetto.dev opens it")
    if not written and not code:
        _tell_shown(path, every, registry.catalog, end)
    return code


def checked_device(text: str) -> str:
    """The device, if it is written as one. Raises Fault."""
    if not re.fullmatch(r"auto|cpu|cuda:\d{1,2}", text):
        raise Fault(f"{text!r} is no device: use auto, cpu, or cuda:0 (cuda:1 ...)")
    return text


def require_sound(graph: Graph, catalog: Catalog, path: Path) -> None:
    """Raise Fault, naming the first problem, if the graph cannot run; say what else is amiss with it."""
    from nodeflow.graph import check

    problems = check(graph, catalog)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more: `nodeflow check {path}` lists them)" if len(errors) > 1 else ""
        raise Fault(f"{path}: {errors[0]}{more}")
    for problem in problems:
        warn(f"{path}: {problem.severity}: {problem}")


def changed(graph: Graph, changes: Sequence[str], catalog: Catalog) -> Graph:
    """The graph with `node.param=value` changes made. Raises Fault for a node, parameter or value that cannot be."""
    from nodeflow.graph import subgraphs

    catalog = subgraphs(graph, catalog).catalog
    for change in changes:
        target, equals, text = change.partition("=")
        name, dot, param = target.partition(".")
        if not (equals and dot):
            raise Fault(f"--set {change!r}: write NODE.PARAM=VALUE, such as pose.score=0.5")
        if name not in graph.nodes:
            raise Fault(f"--set {change!r}: there is no node {name!r}; there is {', '.join(sorted(graph.nodes))}")
        schema = catalog.get(graph.nodes[name].type)
        known = schema.param(param) if schema else None
        if schema and known is None:
            names = ", ".join(param.name for param in schema.params) or "no parameter at all"
            raise Fault(f"--set {change!r}: {name!r} has no parameter {param!r}; it has {names}")
        graph = graph.set_param(name, param, _value(change, text, known))
    return graph


def _is_inside(change: str) -> bool:
    """Whether a change is of a node inside a subgraph: "soft_face/blur.radius=3"."""
    return "/" in change.partition("=")[0]


def _value(change: str, text: str, schema: ParamSchema | None) -> Json:
    from nodeflow.graph import fault

    value: Json = text
    if schema is not None and schema.type in ("number", "integer", "toggle"):
        try:
            value = json.loads({"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.lower(), text))
        except ValueError:
            value = text
    wrong = fault(schema, value) if schema else ""
    if wrong:
        raise Fault(f"--set {change!r}: {wrong}")
    return value


def _follow(session: Session, told: list[int]) -> Snapshot:
    """Show the run's progress until it is over. Ctrl+C, or being told to end, stops it: what was written until then is
    completed."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    from nodeflow.engine import Stop

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[fps]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=None, fps="")
        while True:
            now = session.wait(_REFRESH)
            if told:
                session.send(Stop())
                told.clear()
            opening = next(((name, n) for name, n in now.nodes.items() if n.state == "opening"), None)
            if opening and now.finished == 0:
                done, total = (opening[1].fraction or 0.0) * 100, 100.0 if opening[1].fraction is not None else None
                progress.update(
                    task, description=shown(f"{opening[0]}: {opening[1].message}"), completed=done, total=total
                )
            else:
                fps = f"{now.fps:.1f} fps" if now.fps else ""
                progress.update(task, description="running", completed=now.finished, total=now.total, fps=fps)
            if now.state in ("finished", "stopped", "failed"):
                return now


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """A list that the first signal to end goes into. A second one interrupts as usual, should stopping take too long.

    A handler that raised would do so anywhere, and one that called the session could wait for a lock held below it.
    """
    told: list[int] = []

    def note(number: int, _: object) -> None:
        told.append(number)
        signal.signal(number, signal.default_int_handler)

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # What was ignored stays so: `nohup` means it.
    before = {number: signal.signal(number, note) for number in numbers if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _conclude(path: Path, end: Snapshot, measured: dict[str, object]) -> int:
    failed = {name: node for name, node in end.nodes.items() if node.failed}
    if end.state == "failed":
        raise Fault(f"{path}: {end.message}")
    frames = f"{end.finished} frame{'' if end.finished == 1 else 's'}"
    rate = f" in {measured['seconds']:.1f} s, {measured['fps']:.1f} fps" if end.finished > 1 else ""
    dropped = f", {end.dropped} dropped" if end.dropped else ""
    say(f"{path.name}: {end.state}, {frames}{rate}{dropped}")
    for name, node in end.nodes.items():
        if node.state in ("ready", "cached") and node.message:  # a remark, such as that a file was damaged half way
            warn(f"{path.name}: {name}: {node.message}")
    for name, node in failed.items():
        times = "once" if node.failed == 1 else f"{node.failed} times"
        say(f"{path.name}: {name} failed {times}: {_last_error(node)}")
    if failed:
        return 1
    return _INTERRUPTED if end.state == "stopped" else 0


def _written(graph: Graph, catalog: Catalog, end: Snapshot) -> Iterator[tuple[str, str]]:
    """The nodes that wrote, and what: the file, or the pattern of files, as the graph names it."""
    for name, node in graph.nodes.items():
        schema, status = catalog.get(node.type), end.nodes.get(name)
        if schema is None or status is None or not status.runs or status.failed:
            continue
        for param in schema.params:
            if param.type == "save":
                yield name, str(node.params.get(param.name, param.default))


def _tell_shown(path: Path, graph: Graph, catalog: Catalog, end: Snapshot) -> None:
    """What came last to the nodes that only show, for a graph without one that writes."""
    from nodeflow.samples import is_sample

    for name, node in graph.nodes.items():
        schema, status = catalog.get(node.type), end.nodes.get(name)
        if schema is not None and schema.sink and status is not None and status.summary:
            say(f"{path.name}: {name} shows {status.summary}")
    called = path.stem if is_sample(path) else path
    hint = f"`nodeflow edit {called}` shows it, and a node such as Image writer keeps it"
    warn(f"{path.name}: nothing was written: {hint}")


def _last_error(node: NodeStatus) -> str:
    """Why its last frame failed, and the way out; a node that has recovered since no longer tells."""
    return f"{node.message} {node.hint}".rstrip() if node.state == "failed" else "not on its last frame"
