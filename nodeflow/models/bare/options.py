"""How a bare network is shown pictures, and how its outputs are read: what a person may say, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layout = Literal["auto", "nchw", "nhwc"]
Channels = Literal["auto", "rgb", "bgr", "grey"]
Levels = Literal["auto", "0..1", "-1..1", "0..255"]
Fit = Literal["stretch", "letterbox", "crop"]
Takes = Literal["auto", "picture", "tensors"]
Gives = Literal["auto", "tensors", "picture", "mask", "classes", "boxes", "keypoints"]
Squash = Literal["auto", "none", "softmax", "sigmoid"]
BoxLayout = Literal["auto", "yolov8", "yolov5", "end-to-end", "boxes-scores-labels", "detr"]
PointLayout = Literal["auto", "heatmaps", "xy", "xy-score", "yx", "yx-score", "yolo-pose"]
Unit = Literal["auto", "pixels", "shares"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of a network. "auto" and 0 leave it to the network's signature.

    Seeing: `takes` says whether the first input takes a picture, also where the file says no shape. `width` and
    `height` are in pixels; `levels` is the range that 0..255 becomes, of which then `mean` is taken away, and which is
    divided by `std` (one number, or one for each channel). `padding` is the level beside a letterboxed picture, 0..255.

    Reading: `gives` is what comes out, `output` the name of the output that it is read from, "" for the first that
    fits. `squash` turns classes' and masks' numbers into 0..1; `unit` says whether coordinates count pixels of the
    input or shares of it.
    """

    takes: Takes = "auto"
    width: int = 0
    height: int = 0
    layout: Layout = "auto"
    channels: Channels = "auto"
    levels: Levels = "auto"
    fit: Fit = "stretch"
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    padding: int = 114
    gives: Gives = "auto"
    output: str = ""
    squash: Squash = "auto"
    boxes: BoxLayout = "auto"
    keypoints: PointLayout = "auto"
    unit: Unit = "auto"
    gives_levels: Levels = "auto"


@dataclass(frozen=True, slots=True)
class Limits:
    """What may change from frame to frame: how sure a thing must be, how much boxes may overlap (both 0..1), how many
    classes are kept (0: all), and the channel that a mask is taken from."""

    score: float = 0.25
    overlap: float = 0.45
    top: int = 0
    channel: int = 0
