"""Faces in pictures: where they are, their points, and what can be read from them.

    faces = open_task("faces", "blazeface-short")
    found = faces(image, most=10)               # FoundFaces: boxes, and six points of each

    mesh = open_task("face-mesh", "facemesh")
    points = mesh(image, most=1)                # Poses of 468 points

A mesh follows faces from frame to frame: give each stream its own, from one thread at a time.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from nodeflow.models.opened import Opened
from nodeflow.values import Classes, Detections, Image, Poses, Vector

__all__ = ["DescriptionModel", "FaceDescription", "FaceModel", "FoundFaces", "MeshModel"]


class FoundFaces(NamedTuple):
    """The same faces twice, in the same order: as boxes, and as points (eyes, nose, mouth, ears)."""

    boxes: Detections
    points: Poses


class FaceDescription(NamedTuple):
    """What is read from one face: a guess at the age in years, what gender it is taken for, and an embedding of length
    1: the product of two is their likeness, near 1 for one person."""

    age: float
    gender: Classes
    embedding: Vector


class DescriptionModel(Opened, Protocol):
    """Describes the face that fills a picture. It sees each picture afresh."""

    @property
    def family(self) -> str:
        """Whose embeddings it gives."""
        ...

    def __call__(self, image: Image) -> FaceDescription:
        """Describe a face that was cut out of a picture. Raises BadModel."""
        ...


class FaceModel(Opened, Protocol):
    """Finds faces. It sees each picture afresh."""

    def __call__(self, image: Image, *, score: float, most: int) -> FoundFaces:
        """The `most` surest faces of which it is at least `score` (0..1) sure. Raises BadModel."""
        ...


class MeshModel(Opened, Protocol):
    """Finds the points of faces, and follows them."""

    def __call__(self, image: Image, *, most: int) -> Poses:
        """The points of up to `most` faces, with the numbers that they keep from frame to frame. Raises BadModel."""
        ...

    def reset(self) -> None:
        """Forget the faces: the next picture is not a sequel of the last."""
        ...
