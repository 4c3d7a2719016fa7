"""The sample graphs as templates: what the start screen shows of each, read from its file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from nodeflow.graph import Catalog, Graph, GraphFileError, load, renames
from nodeflow.samples import sample_graphs, samples_folder

FIRST = "pose_overlay"
"""The one that a first run is offered."""
CAMERA = "camera"
"""The one that "Open camera" opens."""
GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Extract & identify": (
            "pose_overlay",
            "pose_two_people",
            "pose_compare",
            "objects",
            "hands",
            "face_mesh",
            "expressions",
            "describe_faces",
            "classify_folder",
            "hot_dog",
            "edges",
            "segments",
            "cut_out",
        ),
        "Transform": (
            "background",
            "style",
            "style_from_picture",
            "paint",
            "upscale",
            "denoise",
            "mask_by_hand",
            "old_photo",
            "deblur",
            "colorize",
            "light_up",
            "depth_blur",
            "take_out",
        ),
        "Generate": (
            "latent_walk",
            "airplanes_into_cats",
            "picture_from_words",
            "facades",
            "streets",
            "drawing_to_photo",
        ),
        "Sound": ("live_captions", "transcribe", "speak_and_read_back", "sound_events", "notes", "tuner"),
        "Text": ("read_text", "name_or_read", "spam", "caption_folder"),
        "Basics": ("camera", "blur_who_passes", "onnx_files"),
    }
)
"""The templates by group, in the order in which they are shown: those with a model that NodeFlow's own tests cannot
run stand behind the others of their group."""


@dataclass(frozen=True, slots=True)
class Template:
    """A graph to start from. `about` is one line; the graph is as it opens, an untitled copy."""

    path: Path
    title: str
    about: str
    graph: Graph
    everything: str = ""
    """What it is found by: what it is called and about, its group, and what is in it."""


def template_groups() -> dict[str, list[Path]]:
    """The files of the templates by group, in the order in which they are shown; the last group has all others."""
    found = sample_graphs()
    groups = {title: [found.pop(name) for name in names if name in found] for title, names in GROUPS.items()}
    groups[next(reversed(groups))] += found.values()
    return groups


def template_paths() -> list[Path]:
    """The files of all templates, in the same order."""
    return [path for paths in template_groups().values() for path in paths]


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
    about = about if isinstance(about, str) else ""
    group = next((group for group, names in GROUPS.items() if path.stem in names), "")
    everything = " ".join([title, about, group, *_parts(graph, catalog)]).replace("/", " ")
    return Template(path, title, about, copy_of(graph), everything)


def _parts(graph: Graph, catalog: Catalog) -> Iterator[str]:
    """What its nodes are called, where they stand among the nodes, and their models."""
    for node in graph.nodes.values():
        schema = catalog.nodes.get(node.type)
        if schema is not None:
            yield f"{schema.title} {schema.category}"
            for each in schema.params:
                if each.type == "model":
                    yield f"{each.task} {node.params.get(each.name, each.default)}"


def copy_of(graph: Graph) -> Graph:
    """The graph of a template as a graph of somebody's own, which does not say what the template is about."""
    extra = {name: value for name, value in graph.extra.items() if name != "about"}
    return replace(graph, title="", extra=extra)
