"""How pictures, sounds and texts go into a model and results come out: the kinds of pipeline a card may name.

A kind is its settings, which stand in the card, and its code, which is imported when a model of that kind is opened:
a function `open(parts)` that makes what `opening.open_task` returns. To add a kind, write the code, add a class of
settings to the file here that fits, and name it in `Pipeline`. Importing this module imports pydantic: import it
inside functions.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nodeflow.models.pipelines.anything import AnyOnnx, AnyTorch
from nodeflow.models.pipelines.making import AnyStyle, Gan, KindGan, ManyStyles, Upscale
from nodeflow.models.pipelines.people import (
    BlazeFace,
    BlazePose,
    FaceDescription,
    FaceMesh,
    FaceMeshIris,
    MediaPipeHands,
    MoveNetMulti,
    MoveNetSingle,
)
from nodeflow.models.pipelines.pictures import (
    Classifier,
    ImageNetClassifier,
    MaskNetwork,
    NamedClassifier,
    NanoDet,
    PpOcr,
)
from nodeflow.models.pipelines.prompts import Captions, OneStepDiffusion
from nodeflow.models.pipelines.sound import (
    BasicPitchNotes,
    CrepePitch,
    HibariSpeech,
    SileroVoice,
    WhisperSpeech,
    YamNetSounds,
)
from nodeflow.models.pipelines.text import FastTextLanguages, SentenceEmbedding
from nodeflow.models.pipelines.whole import (
    Colors,
    Denoise,
    Depth,
    Edges,
    EfficientSam,
    Inpaint,
    PictureToPicture,
    Retouch,
    Segments,
)

Pipeline = Annotated[
    BlazePose
    | MoveNetMulti
    | MoveNetSingle
    | BlazeFace
    | FaceMesh
    | FaceMeshIris
    | FaceDescription
    | MediaPipeHands
    | NanoDet
    | Classifier
    | ImageNetClassifier
    | NamedClassifier
    | MaskNetwork
    | PpOcr
    | ManyStyles
    | AnyStyle
    | Upscale
    | Gan
    | KindGan
    | SileroVoice
    | HibariSpeech
    | WhisperSpeech
    | BasicPitchNotes
    | CrepePitch
    | YamNetSounds
    | FastTextLanguages
    | SentenceEmbedding
    | Edges
    | Depth
    | Segments
    | EfficientSam
    | Retouch
    | Denoise
    | Inpaint
    | Colors
    | PictureToPicture
    | Captions
    | OneStepDiffusion
    | AnyOnnx
    | AnyTorch,
    Field(discriminator="kind"),
]
