"""What a parameter that is a path may be: a file that is chosen, one that is typed, or a sample that fits.

    path_rows(workspace, "video", param, "")        # the rows of its menu, for what is typed so far

No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.fonts import Icon
from nodeflow.editor.running.samples import SampleEntry
from nodeflow.editor.running.shelf import megabytes
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import ParamSchema
from nodeflow.paths import SAMPLE


def has_samples(workspace: Workspace, param: ParamSchema) -> bool:
    """Whether there may be samples for it: they may not have been read yet."""
    may = param.type == "folder" or (param.type == "file" and bool(param.patterns))
    return may and workspace.samples.fitting(param) != ()


def path_rows(workspace: Workspace, node: str, param: ParamSchema, typed: str) -> list[Choice]:
    """The rows of a file's or folder's menu. What is typed is taken as it stands, unless it is a sample's name."""
    now, typed = workspace.graph[node].params.get(param.name, param.default), typed.strip()
    samples = [sample for sample in workspace.samples.fitting(param) or () if _is_meant(sample, typed)]
    take = partial(workspace.set_param, node, param.name)
    offered = [
        Choice(
            sample.name,
            partial(take, sample.ref),
            note=f"{megabytes(sample.download)} to download" if sample.download else "ready",
            help=sample.title,
            checked=sample.ref == now,
        )
        for sample in samples
    ]
    rows = [Choice("Samples to try things on"), *offered] if offered else []
    if typed:
        use = Choice(f"Use {typed}", partial(take, typed), help="The path as it is typed")
        return [*rows, use] if offered else [use]
    what = "folder" if param.type == "folder" else "file"
    choose = Choice(f"Choose a {what} \u2026", partial(browse, workspace, node, param), icon=Icon.FOLDER)
    none = [Choice(f"No {what}", partial(take, ""), icon=Icon.CLOSE)] if now else []
    return [choose, *none, *rows]


def browse(workspace: Workspace, node: str, param: ParamSchema) -> None:
    """Let the person choose a file or folder for a parameter. A path below the graph's folder is kept relative."""
    folder = workspace.document.folder or Path.cwd()
    now = workspace.graph[node].params.get(param.name, param.default)
    samples = workspace.samples.fitting(param) or ()

    def take(path: Path) -> None:
        is_sample = str(path).startswith(SAMPLE)
        workspace.set_param(node, param.name, str(path) if is_sample else workspace.document.relative(path))

    ask = Ask(
        "save" if param.type == "save" else "folder" if param.type == "folder" else "open",
        f"{workspace.title(node)}: {param.name}",
        folder / str(now) if now and not str(now).startswith(SAMPLE) else folder,
        param.patterns,
        tuple(sample.ref for sample in samples),
    )
    workspace.front.ask_path(ask, take)


def _is_meant(sample: SampleEntry, typed: str) -> bool:
    words = typed.lower().removeprefix(SAMPLE).replace("_", " ")
    return words in f"{sample.name} {sample.title}".lower()
