"""How pictures, sounds and texts go into a model and results come out: the kinds of pipeline a card may name.

A kind is its settings, which stand in the card, and its code, which is imported when a model of that kind is opened:
a function `open(parts)` that makes what `opening.open_task` returns. To add a kind, write the code, add a class of
settings here or in a file of their own, and name it in `Pipeline`. Importing this module imports pydantic: import it
inside functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from nodeflow.models.prompt_pipelines import PromptPipeline
from nodeflow.models.settings import Length, Score, Settings, Side, Stride
from nodeflow.models.sources import Strict, Text
from nodeflow.models.whole_pipelines import WholePipeline

if TYPE_CHECKING:
    from nodeflow.models.looks import Sight


class BlazePose(Settings):
    """A person detector, then landmarks on a turned square that follows the person."""

    roles: ClassVar = ("detector", "landmarks")
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
    code: ClassVar = "nodeflow.models.pose.movenet:open_multi"

    kind: Literal["movenet-multi"]
    size: Side


class MoveNetSingle(Settings):
    """One person, on a square that follows the person."""

    roles: ClassVar = ("pose",)
    code: ClassVar = "nodeflow.models.pose.movenet:open_single"

    kind: Literal["movenet-single"]
    size: Side


class NanoDet(Settings):
    """Boxes around things, from feature maps whose outputs are named here, in the order of their strides."""

    roles: ClassVar = ("detector",)
    code: ClassVar = "nodeflow.models.objects.nanodet:open_objects"

    kind: Literal["nanodet"]
    size: Side
    strides: Annotated[tuple[Stride, ...], Field(min_length=1, max_length=8)]
    scores: tuple[Text, ...]
    distances: tuple[Text, ...]
    overlap: Score = 0.5


class SsdNumbers(Strict):
    """A detector with anchors: the side of its square, and of its feature maps stride and anchors in each cell.

    What is less than `least` sure is not looked at; boxes that overlap by `overlap` are one thing.
    """

    size: Side
    maps: Annotated[tuple[tuple[Stride, Annotated[int, Field(ge=1, le=16)]], ...], Field(min_length=1, max_length=8)]
    least: Score = 0.5
    overlap: Score = 0.3


class BlazeFace(Settings):
    """Faces as boxes with six points."""

    roles: ClassVar = ("detector",)
    code: ClassVar = "nodeflow.models.faces.detector:open_faces"

    kind: Literal["blazeface"]
    detector: SsdNumbers


class FaceMesh(Settings):
    """A face detector, then points on a turned square that follows each face."""

    roles: ClassVar[tuple[str, ...]] = ("detector", "mesh")
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
    code: ClassVar = "nodeflow.models.faces.description:open_description"

    kind: Literal["face-description"]
    size: Side
    age: Text
    gender: Text
    embedding: Text


class MediaPipeHands(Settings):
    """A palm detector, then points on a turned square that follows each hand."""

    roles: ClassVar = ("detector", "landmarks")
    code: ClassVar = "nodeflow.models.hands.mediapipe:open_hands"

    kind: Literal["mediapipe-hands"]
    detector: SsdNumbers
    size: Side = 224
    presence: Score = 0.5


class Shown(Strict):
    """What a network is shown of a picture: a square of `size`, each level times `scale` plus `shift`.

    `scale` and `shift` may differ by channel, in the order of `channels`.
    """

    size: Side
    scale: float | tuple[float, float, float] = 1.0
    shift: float | tuple[float, float, float] = 0.0
    channels: Literal["rgb", "bgr", "grey"] = "rgb"
    layout: Literal["nhwc", "nchw"] = "nhwc"

    def sight(self) -> Sight:
        from nodeflow.models.looks import Sight

        return Sight(self.size, "upright", self.scale, self.shift, channels=self.channels, layout=self.layout)


class _Classifying(Settings):
    """One number for each class: its likelihood, or the logarithm of it up to a shift."""

    roles: ClassVar = ("classifier",)

    shown: Shown
    fit: Literal["middle", "whole"] = "middle"
    give: Literal["logits", "likelihoods"] = "logits"


class Classifier(_Classifying):
    """Classes whose names stand in the card."""

    code: ClassVar = "nodeflow.models.classes.classifier:open_classes"

    kind: Literal["classifier"]
    names: Annotated[tuple[Text, ...], Field(min_length=1, max_length=1000)]


class ImageNetClassifier(_Classifying):
    """ImageNet's classes, named by two lists: the kinds in order, and words for each kind."""

    code: ClassVar = "nodeflow.models.classes.imagenet:open_classes"
    assets: ClassVar = ("kinds", "words")

    kind: Literal["imagenet"]


class NamedClassifier(_Classifying):
    """Classes whose names are the lines of a file."""

    code: ClassVar = "nodeflow.models.classes.named:open_classes"
    assets: ClassVar = ("names",)

    kind: Literal["named-classifier"]


class MaskNetwork(Settings):
    """One weight of 0 to 1 for each pixel of the whole picture, which is shown at this size.

    A network that gives scores of several `classes` for each pixel says 1 where the class `holds` has the highest.
    """

    roles: ClassVar = ("mask",)
    code: ClassVar = "nodeflow.models.masks.network:open_mask"

    kind: Literal["mask"]
    width: Length
    height: Length
    scale: float = 1 / 255
    shift: float = 0.0
    layout: Literal["nhwc", "nchw"] = "nhwc"
    classes: Annotated[int, Field(ge=1, le=1000)] = 1
    holds: Annotated[int, Field(ge=0, le=999)] = 0


class ManyStyles(Settings):
    """One network with a weight for each of its styles."""

    roles: ClassVar = ("style",)
    code: ClassVar = "nodeflow.models.transform.styles:open_many"

    kind: Literal["many-styles"]


class AnyStyle(Settings):
    """One network reads the style of a picture, another paints with it."""

    roles: ClassVar = ("reader", "painter")
    code: ClassVar = "nodeflow.models.transform.styles:open_any"

    kind: Literal["any-style"]


class Upscale(Settings):
    """A picture some times larger, in tiles of so many pixels that overlap by so many."""

    roles: ClassVar = ("upscale",)
    code: ClassVar = "nodeflow.models.transform.upscale:open_upscale"

    kind: Literal["upscale"]
    factor: Annotated[int, Field(ge=2, le=8)]
    tile: Annotated[int, Field(ge=64, le=2048)] = 256
    overlap: Annotated[int, Field(ge=1, le=24)] = 12


class Gan(Settings):
    """Numbers of a family, so many of them, become a picture."""

    roles: ClassVar = ("generator",)
    code: ClassVar = "nodeflow.models.generate.gan:open_generator"

    kind: Literal["gan"]
    family: Text
    length: Annotated[int, Field(ge=1, le=65536)]


class PpOcr(Settings):
    """A text detector, then a reader of each line. The detector sees the picture's shorter side with at least so many
    pixels, its longer side with at most so many."""

    roles: ClassVar = ("detector", "reader")
    code: ClassVar = "nodeflow.models.words.reader:open_reader"

    kind: Literal["pp-ocr"]
    shortest: Side = 736
    longest: Side = 1984


class SileroVoice(Settings):
    """How likely somebody speaks, 32 ms at a time, by a network that remembers."""

    roles: ClassVar = ("voice",)
    code: ClassVar = "nodeflow.models.sound.voice:open_voice"

    kind: Literal["silero-voice"]


class FastTextLanguages(Settings):
    """The language of a text, by a classifier that fastText has quantised."""

    assets: ClassVar = ("classifier",)
    code: ClassVar = "nodeflow.models.text.language:open_language"

    kind: Literal["fasttext-languages"]


class SentenceEmbedding(Settings):
    """What a text means, as a vector of a family; at most so many pieces of words are read."""

    roles: ClassVar = ("encoder",)
    assets: ClassVar = ("tokenizer",)
    code: ClassVar = "nodeflow.models.text.embedding:open_embedding"

    kind: Literal["sentence-embedding"]
    family: Text
    most: Annotated[int, Field(ge=8, le=512)] = 256


class HibariSpeech(Settings):
    """A text read aloud: dictionaries and a network for what they lack, then a network that makes frames of sound."""

    roles: ClassVar = ("voice", "unknown")
    assets: ClassVar = ("letters", "sounds", "gold", "silver")
    code: ClassVar = "nodeflow.models.speech.speaking:open_speech"

    kind: Literal["hibari"]


class WhisperSpeech(Settings):
    """Speech written down by an encoder and a decoder, with their list of word pieces."""

    roles: ClassVar = ("encoder", "decoder")
    assets: ClassVar = ("pieces", "config")
    code: ClassVar = "nodeflow.models.speech.hearing:open_whisper"

    kind: Literal["whisper"]


class BasicPitchNotes(Settings):
    """Notes by a network that hears two seconds at a time."""

    roles: ClassVar = ("notes",)
    code: ClassVar = "nodeflow.models.sound.notes:open_notes"

    kind: Literal["basic-pitch"]


class CrepePitch(Settings):
    """Pitch by a network that hears 64 ms at a time."""

    roles: ClassVar = ("pitch",)
    code: ClassVar = "nodeflow.models.sound.pitch:open_pitch"

    kind: Literal["crepe"]


class YamNetSounds(Settings):
    """Which sounds are heard, by a network that sees a second as a picture; their names stand in a table."""

    roles: ClassVar = ("sounds",)
    assets: ClassVar = ("names",)
    code: ClassVar = "nodeflow.models.sound.events:open_events"

    kind: Literal["yamnet"]


class AnyOnnx(Settings):
    """A network that is used by its signature alone; the node that runs it says the rest."""

    roles: ClassVar = ("model",)
    code: ClassVar = "nodeflow.models.bare.opened:open_onnx"

    kind: Literal["any-onnx"]


class AnyTorch(Settings):
    """The same for a torch archive."""

    assets: ClassVar = ("model",)
    code: ClassVar = "nodeflow.models.bare.opened:open_torch"

    kind: Literal["any-torch"]


Pipeline = Annotated[
    WholePipeline
    | PromptPipeline
    | BlazePose
    | MoveNetMulti
    | MoveNetSingle
    | NanoDet
    | BlazeFace
    | FaceMesh
    | FaceMeshIris
    | FaceDescription
    | MediaPipeHands
    | Classifier
    | ImageNetClassifier
    | NamedClassifier
    | MaskNetwork
    | ManyStyles
    | AnyStyle
    | Upscale
    | Gan
    | PpOcr
    | SileroVoice
    | FastTextLanguages
    | SentenceEmbedding
    | HibariSpeech
    | WhisperSpeech
    | BasicPitchNotes
    | CrepePitch
    | YamNetSounds
    | AnyOnnx
    | AnyTorch,
    Field(discriminator="kind"),
]
