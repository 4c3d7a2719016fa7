"""Errors as one line."""

from __future__ import annotations


class Fault(Exception):
    """Something wrong with what was asked for; the message is shown as it is."""


class NoDisplay(Fault):
    """There is no screen for the editor's window."""

    def __init__(self) -> None:
        way_out = "Use `nodeflow run GRAPH` to run a graph without a window."
        super().__init__(f"there is no display for the editor's window. {way_out}")


def explain(fault: BaseException) -> str:
    """One line that says what went wrong, for the people's own mistakes and for ours."""
    from nodeflow.graph import GraphFileError
    from nodeflow.models import ModelError
    from nodeflow.node import NodeError

    usage = getattr(fault, "format_message", None)
    if usage is not None:  # typer's word for a command that was not written as it should be
        where = getattr(getattr(fault, "ctx", None), "command_path", "nodeflow")
        return one_line(f"{usage().rstrip('.')}: `{where} --help` tells how it is written")
    if isinstance(fault, NodeError):
        return one_line(f"{fault.message} {fault.hint}")
    if isinstance(fault, (Fault, GraphFileError, ModelError)):
        return one_line(str(fault))
    if isinstance(fault, OSError):
        why = fault.strerror or str(fault)
        return one_line(f"{fault.filename}: {why}" if fault.filename else why)
    return one_line(f"internal error: {type(fault).__name__}: {fault} (run again with --debug to see where)")


def one_line(text: str) -> str:
    return " ".join(text.split())
