"""What models are for, and which one of each task is taken unless another is asked for. Plain data."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Task(NamedTuple):
    """`title` for people; `default` is the id of a model's card."""

    title: str
    default: str


TASKS = MappingProxyType(
    {
        "pose": Task("People and their joints", "blazepose-full"),
        "faces": Task("Faces as boxes", "blazeface-short"),
        "face-mesh": Task("Points of faces", "facemesh"),
        "face-description": Task("Age, gender and likeness of faces", "faceres"),
        "emotion": Task("Expressions of faces", "emotion"),
        "hands": Task("Hands and their joints", "hands-full"),
        "objects": Task("Things as boxes", "nanodet"),
        "classes": Task("What a picture shows", "efficientnet-lite0"),
        "edges": Task("Outlines of things", "hed"),
        "depth": Task("Near and far", "depth-anything-v2-small"),
        "segments": Task("What each pixel is", "deeplab-v3"),
        "prompted-mask": Task("Outlines of what is pointed at", "efficientsam"),
        "person-mask": Task("People from the background", "selfie"),
        "text-in-pictures": Task("Text in pictures", "ppocr-v4"),
        "language": Task("The language of a text", "lid-176"),
        "text-embedding": Task("What a text means, as numbers", "minilm-l6"),
        "style": Task("Pictures in a style", "multistyle26"),
        "style-from-picture": Task("Pictures in the style of another", "arbitrary-style"),
        "inpaint": Task("Holes filled", "lama"),
        "colour": Task("Colours for grey pictures", "ddcolor-tiny"),
        "picture-to-picture": Task("Pictures of another kind", "pix2pix-edges2shoes"),
        "deblur": Task("Sharper pictures", "nafnet-deblur"),
        "denoise": Task("Pictures without noise", "ffdnet"),
        "low-light": Task("Dark pictures made light", "sci-difficult"),
        "upscale": Task("Larger pictures", "esrgan-slim-x2"),
        "voice-activity": Task("Whether somebody speaks", "silero-vad"),
        "notes": Task("Notes of music", "basic-pitch"),
        "pitch": Task("How high a voice is", "crepe-tiny"),
        "sound-events": Task("What is heard", "yamnet"),
        "speech-from-text": Task("Text read aloud", "hibari-heart"),
        "speech-to-text": Task("Speech written down", "whisper-tiny-en"),
        "caption": Task("Pictures in words", "vit-gpt2"),
        "text-to-picture": Task("Pictures from words", "sd-turbo"),
        "kind-generator": Task("Pictures of a kind of thing", "biggan-deep-128"),
        "picture-generator": Task("Pictures made of numbers", "dcgan-faces"),
    }
)
"""By the task's name in cards."""


def is_default(model_id: str, task: str) -> bool:
    """Whether a model is the one that its task takes unless told otherwise."""
    known = TASKS.get(task)
    return known is not None and known.default == model_id
