"""People: their joints, faces and hands."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nodeflow.models.pipelines.settings import Score, Settings, Side, Stride
from nodeflow.models.sources import Strict, Text


class BlazePose(Settings):
    """A person detector, then landmarks on a turned square that follows the person."""

    roles: ClassVar = ("detector", "landmarks")
    tasks: ClassVar = ("pose",)
    code: ClassVar = "nodeflow.models.pose.blazepose:open_pose"

    kind: Literal["blazepose"]
    detector_size: Side = 224
    detector_score: Score = 0.5
    overlap: Score = 0.3
    landmark_size: Side = 256
    heatmap_score: Score = 0.5
    tracking_score: Score = 0.5


class MoveNetMulti(Settings):
    """Up to six people in one pass over the whole picture."""

    roles: ClassVar = ("pose",)
    tasks: ClassVar = ("pose",)
    code: ClassVar = "nodeflow.models.pose.movenet:open_multi"

    kind: Literal["movenet-multi"]
    size: Side


class MoveNetSingle(Settings):
    """One person, on a square that follows the person."""

    roles: ClassVar = ("pose",)
    tasks: ClassVar = ("pose",)
    code: ClassVar = "nodeflow.models.pose.movenet:open_single"

    kind: Literal["movenet-single"]
    size: Side


class SsdNumbers(Strict):
    """A detector with anchors: the side of its square, and of its feature maps stride and anchors in each cell.

    What is less than `least` sure is not looked at; boxes that overlap by more than `overlap` are one thing.
    """

    size: Side
    maps: Annotated[tuple[tuple[Stride, Annotated[int, Field(ge=1, le=16)]], ...], Field(min_length=1, max_length=8)]
    least: Score = 0.5
    overlap: Score = 0.3


class BlazeFace(Settings):
    """Faces as boxes with six points."""

    roles: ClassVar = ("detector",)
    tasks: ClassVar = ("faces",)
    code: ClassVar = "nodeflow.models.faces.detector:open_faces"

    kind: Literal["blazeface"]
    detector: SsdNumbers


class FaceMesh(Settings):
    """A face detector, then points on a turned square that follows each face."""

    roles: ClassVar[tuple[str, ...]] = ("detector", "mesh")
    tasks: ClassVar = ("face-mesh",)
    code: ClassVar = "nodeflow.models.faces.mesh:open_mesh"

    kind: Literal["face-mesh"]
    detector: SsdNumbers
    size: Side = 192
    presence: Score = 0.5


class FaceMeshIris(FaceMesh):
    """The same, then a look at each eye."""

    roles: ClassVar = ("detector", "mesh", "iris")

    kind: Literal["face-mesh-iris"]  # type: ignore[assignment]


class FaceDescription(Settings):
    """Age, gender and embedding of a face, by the names of the network's outputs."""

    roles: ClassVar = ("description",)
    tasks: ClassVar = ("face-description",)
    code: ClassVar = "nodeflow.models.faces.description:open_description"

    kind: Literal["face-description"]
    size: Side
    age: Text
    gender: Text
    embedding: Text


class MediaPipeHands(Settings):
    """A palm detector, then points on a turned square that follows each hand."""

    roles: ClassVar = ("detector", "landmarks")
    tasks: ClassVar = ("hands",)
    code: ClassVar = "nodeflow.models.hands.mediapipe:open_hands"

    kind: Literal["mediapipe-hands"]
    detector: SsdNumbers
    size: Side = 224
    presence: Score = 0.5
