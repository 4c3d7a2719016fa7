"""The graphs that come with NodeFlow, and where a graph's relative paths start from.

A graph's relative paths start from its own folder. The sample graphs are templates, wherever they are installed: what
they write goes below the folder one works in.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def samples_folder() -> Path:
    """The folder of the sample graphs: inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / "sample_graphs"
    return inside if inside.is_dir() else _PACKAGE.parent / "sample_graphs"


def sample_graphs() -> dict[str, Path]:
    """The sample graphs by name, sorted."""
    return {path.stem: path for path in sorted(samples_folder().glob("*.json"))}


def find_graph(text: str) -> Path:
    """A graph file, or a sample graph by its name ("pose_overlay"). Nothing is said about whether it exists."""
    path = Path(text).expanduser()
    return path if path.exists() or path.suffix else sample_graphs().get(text, path)


def is_sample(path: Path) -> bool:
    """Whether a file is one of the sample graphs, which are never written to."""
    return path.absolute().parent.resolve() == samples_folder().resolve()


def folder_of(path: Path) -> Path:
    """Where the relative paths of the graph in `path` start from."""
    return Path.cwd() if is_sample(path) else path.absolute().parent
