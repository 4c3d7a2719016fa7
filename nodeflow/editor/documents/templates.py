"""The sample graphs as templates: what the start screen shows of each, read from its file. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nodeflow.graph import Catalog, Graph, GraphFileError, load, renames
from nodeflow.samples import sample_graphs, samples_folder

FIRST = "pose_overlay"
"""The one that a first run is offered."""
CAMERA = "camera"
"""The one that "Open camera" opens."""
LAST = (
    "airplanes_into_cats",
    "caption_folder",
    "colorize",
    "cut_out",
    "deblur",
    "depth_blur",
    "drawing_to_photo",
    "facades",
    "light_up",
    "picture_from_words",
    "segments",
    "streets",
    "take_out",
)
"""Those with a model that NodeFlow's own tests cannot run: they stand behind the others."""


@dataclass(frozen=True, slots=True)
class Template:
    """A graph to start from. `about` is one line; the graph is as it opens, an untitled copy."""

    path: Path
    title: str
    about: str
    graph: Graph


def template_paths() -> list[Path]:
    """The files of the templates, in the order in which they are shown."""
    found = sample_graphs()
    first = [found.pop(FIRST)] if FIRST in found else []
    last = [found.pop(name) for name in LAST if name in found]
    return [*first, *(path for name, path in found.items() if name != CAMERA), *last]


def camera_path() -> Path:
    return samples_folder() / f"{CAMERA}.json"


def read_template(path: Path, catalog: Catalog) -> Template | None:
    """The template in a file; None if it is none."""
    try:
        graph = load(path, renames(catalog))
    except GraphFileError:
        return None
    about = graph.extra.get("about")
    title = graph.title or path.stem.replace("_", " ").capitalize()
    return Template(path, title, about if isinstance(about, str) else "", copy_of(graph))


def copy_of(graph: Graph) -> Graph:
    """The graph of a template as a graph of somebody's own, which does not say what the template is about."""
    extra = {name: value for name, value in graph.extra.items() if name != "about"}
    return replace(graph, title="", extra=extra)
