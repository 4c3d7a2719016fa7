"""What a parameter that is a path may be: a file that is chosen, one that is typed, or a sample that fits.

    path_rows(workspace, knob, "")        # the rows of its menu, for what is typed so far

No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.knob import Knob
from nodeflow.editor.icons import Icon
from nodeflow.editor.running.samples import SampleEntry
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import ParamSchema
from nodeflow.paths import SAMPLE
from nodeflow.sizes import size_text


def has_samples(workspace: Workspace, param: ParamSchema) -> bool:
    """Whether there may be samples for it: they may not have been read yet."""
    may = param.type == "folder" or (param.type == "file" and bool(param.patterns))
    return may and workspace.samples.fitting(param) != ()


def path_rows(workspace: Workspace, knob: Knob, typed: str) -> list[Choice]:
    """The rows of a file's or folder's menu. What is typed is taken as it stands, unless it is a sample's name."""
    param, now, typed = knob.param, "" if knob.mixed else knob.value, typed.strip()
    samples = [sample for sample in workspace.samples.fitting(param) or () if _is_meant(sample, typed)]
    samples.sort(key=lambda sample: _said(typed) not in sample.name.lower())  # its name says more than what is in it
    offered = [
        Choice(
            sample.name,
            partial(knob.turn, sample.ref),
            note=f"{size_text(sample.download)} to download" if sample.download else "ready",
            help=sample.title,
            checked=sample.ref == now,
        )
        for sample in samples
    ]
    rows = [Choice("Samples to try things on"), *offered] if offered else []
    if typed:
        use = Choice(f"Use {typed}", partial(knob.turn, typed), help="The path as it is typed")
        return [*rows, use] if offered else [use]
    what = "folder" if param.type == "folder" else "file"
    choose = Choice(f"Choose a {what} \u2026", partial(browse, workspace, knob), icon=Icon.FOLDER)
    none = [Choice(f"No {what}", partial(knob.turn, ""), icon=Icon.CLOSE)] if now or knob.mixed else []
    return [choose, *none, *rows]


def browse(workspace: Workspace, knob: Knob) -> None:
    """Let the person choose a file or folder for a parameter. A path below the graph's folder is kept relative."""
    param, document = knob.param, knob.sheet.document
    folder = document.folder or Path.cwd()
    now = str(knob.value or "")
    samples = workspace.samples.fitting(param) or ()

    def take(path: Path) -> None:
        knob.turn(str(path) if str(path).startswith(SAMPLE) else document.relative(path))

    of = knob.sheet.title(knob.nodes[0]) if len(knob.nodes) == 1 else f"{len(knob.nodes)} nodes"
    ask = Ask(
        "save" if param.type == "save" else "folder" if param.type == "folder" else "open",
        f"{of}: {param.name}",
        folder / now if now and not now.startswith(SAMPLE) else folder,
        param.patterns,
        tuple(sample.ref for sample in samples),
    )
    workspace.front.ask_path(ask, take)


def _is_meant(sample: SampleEntry, typed: str) -> bool:
    return _said(typed) in f"{sample.name} {sample.title}".lower()


def _said(typed: str) -> str:
    return typed.lower().removeprefix(SAMPLE).replace("_", " ")
