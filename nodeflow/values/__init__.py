"""What travels on wires: frozen values with read-only arrays, shared between nodes and threads without copies."""

from nodeflow.values.conversions import CONVERSIONS, Rule, converter
from nodeflow.values.detections import Classes, Detections
from nodeflow.values.frame import IDENTITY, Affine, Frame, compose, invert, transform
from nodeflow.values.image import Copies, Image, copies
from nodeflow.values.items import Items
from nodeflow.values.kinds import KINDS, summary
from nodeflow.values.poses import Poses, Skeleton
from nodeflow.values.signals import Audio, Mask, Table, Tensor, Vector
from nodeflow.values.simple import Boolean, Color, Number, Text

__all__ = [
    "CONVERSIONS",
    "IDENTITY",
    "KINDS",
    "Affine",
    "Audio",
    "Boolean",
    "Classes",
    "Color",
    "Copies",
    "Detections",
    "Frame",
    "Image",
    "Items",
    "Mask",
    "Number",
    "Poses",
    "Rule",
    "Skeleton",
    "Table",
    "Tensor",
    "Text",
    "Vector",
    "compose",
    "converter",
    "copies",
    "invert",
    "summary",
    "transform",
]
