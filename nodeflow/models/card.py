"""What a model says of itself: one TOML file per model, shown before the first download.

    the card    id, title, task, what goes in and out, author, paper, licence, training data, intended use, limits
    files       name, sha256 (if anybody knows it), size and where each may be fetched, in the order to try (sources.py)
    networks    the files that onnxruntime runs, by role, with what must lie beside them
    assets      the files that the pipeline itself reads, by role: torch weights, a tokenizer, names of classes
    pipeline    how values go in and results come out: its kind and its numbers (pipelines)
    words       what else people may look for it by, such as things that it knows under other names
    checked     whether the suite has run the model on real inputs; what it has not is said to be "not checked here"

A card is data, never code. It may come from a stranger: every field is bounded. What a card does not say is an error,
except what nobody knows: then it says "not stated" or "not studied". Importing this module imports pydantic: import it
inside functions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from nodeflow.models.card_files import read_toml
from nodeflow.models.errors import CardError
from nodeflow.models.pipelines import Pipeline
from nodeflow.models.sources import File, FileName, Slug, Strict, Text
from nodeflow.models.tasks import TASKS
from nodeflow.paths import SAMPLE


class Network(Strict):
    """A file that the pipeline runs.

    When it is converted, the files `beside` lie in the same folder, `shapes` pins inputs that it leaves open, and
    `outputs`, unless empty, are all that is kept: what only serves other outputs is cut away. `architecture` names the
    network that a file of weights belongs to.
    """

    file: FileName
    beside: tuple[FileName, ...] = ()
    shapes: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    outputs: tuple[Text, ...] = ()
    architecture: Literal[
        "",
        "efficientnet-lite0",
        "dcgan-64",
        "biggan-deep",
        "minilm-l6",
        "hed",
        "pix2pix-256",
        "pix2pix-unet-256",
        "cyclegan-resnet-9",
        "sci",
        "ffdnet",
        "zero-dce",
        "crepe",
        "yamnet",
        "whisper-encoder",
        "whisper-decoder",
    ] = ""


class Card(Strict):
    """All there is to know of a model before it is fetched."""

    id: Slug
    title: Text
    summary: Text
    task: Slug
    family: Literal["extract", "generate", "transform"]
    inputs: tuple[Text, ...]
    outputs: Annotated[tuple[Text, ...], Field(min_length=1)]
    author: Text
    paper: Text
    licence: Text
    commercial_use: Literal["yes", "no", "unclear"]
    training_data: Text
    intended_use: Text
    limits: Text
    checked: bool = False
    words: tuple[Text, ...] = ()
    runtime: Literal["onnxruntime", "torch", "numpy"]
    pipeline: Pipeline
    networks: Annotated[dict[Slug, Network], Field(max_length=16)] = Field(default_factory=dict)
    assets: Annotated[dict[Slug, FileName], Field(max_length=16)] = Field(default_factory=dict)
    files: Annotated[tuple[File, ...], Field(min_length=1, max_length=64)]
    folder: Path = Field(default=Path(), exclude=True)

    @property
    def ref(self) -> str:
        """What a graph calls it."""
        return self.id

    @property
    def task_title(self) -> str:
        """What its task is called."""
        known = TASKS.get(self.task)
        return known.title if known else self.task.replace("-", " ").capitalize()

    @property
    def other_words(self) -> str:
        """What else people may look for it by, or for its task."""
        known = TASKS.get(self.task)
        return " ".join((*self.words, known.words if known else ""))

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    def file(self, name: str) -> File:
        """The file of that name. Raises KeyError if the card lists none."""
        for file in self.files:
            if file.name == name:
                return file
        raise KeyError(name)

    @model_validator(mode="after")
    def _files_are_listed(self) -> Card:
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError("two files have the same name")
        used = [(role, name) for role, net in self.networks.items() for name in (net.file, *net.beside)]
        for role, name in (*used, *self.assets.items()):
            if name not in names:
                raise ValueError(f"{role!r} names {name!r}, which is not among the files")
        pipeline = self.pipeline
        for what, there, needed in (
            ("networks", self.networks, pipeline.roles),
            ("assets", self.assets, pipeline.assets),
        ):
            if set(there) != set(needed):
                raise ValueError(f"a {pipeline.kind} pipeline needs the {what} {' and '.join(needed) or '(none)'}")
        return self

    @model_validator(mode="after")
    def _pipeline_serves_the_task(self) -> Card:
        serves = self.pipeline.tasks
        if self.task in TASKS and self.task not in serves:  # of a pack's own tasks nothing is known here
            serving = " and ".join(serves)
            raise ValueError(f"a {self.pipeline.kind} pipeline is for {serving}, not for the task {self.task!r}")
        return self


class Sample(Strict):
    """A picture, a clip, a sound or a bare network to try things on, or a folder of such."""

    id: Slug
    title: Text
    media: Literal["image", "video", "sound", "model", "folder"]
    author: Text
    licence: Text
    files: tuple[File, ...] = Field(min_length=1, max_length=64)
    folder: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _one_file_or_a_folder(self) -> Sample:
        if self.media != "folder" and len(self.files) > 1:
            raise ValueError(f"{self.id}: several files are of the media 'folder', not {self.media!r}")
        return self

    @property
    def ref(self) -> str:
        """What a graph calls it, where a file is wanted: "sample:one_person"."""
        return SAMPLE + self.id


def read_card(path: Path) -> Card:
    """The card in a TOML file, whose name must be its id. Raises CardError naming the file and the field."""
    card = _validated(Card, path, {**read_toml(path), "folder": path.parent})
    if card.id != path.stem:
        raise CardError(f"{path}: the card's id is {card.id!r}, so the file must be named {card.id}.toml")
    return card


def read_samples(path: Path) -> dict[str, Sample]:
    """The samples in a TOML file, one table each. Raises CardError naming the file and the field."""
    tables = read_toml(path).items()
    bad = next((name for name, table in tables if not isinstance(table, dict)), None)
    if bad is not None:
        raise CardError(f"{path}: {bad!r} must be a table that describes a sample")
    return {
        name: _validated(Sample, path, {**table, "id": name, "folder": path.parent})
        for name, table in tables
        if isinstance(table, dict)
    }


Model = TypeVar("Model", bound=BaseModel)


def _validated(model: type[Model], path: Path, data: dict[str, object]) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the card"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise CardError(f"{path}: {where}: {first['msg']}{more}") from error
