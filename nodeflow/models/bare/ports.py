"""The ports of a node that runs a bare network: what its signature and a person's options come to. Pure.

    plan = plan_for(signature, options)
    plan.inputs                     # {"image": "Image", "scale": "Tensor"}: kinds by port
    plan.outputs                    # {"classes": "Classes", "features": "Tensor"}

The first input that looks like one for pictures takes an image, all others take tensors; the outputs that `gives` is
read from become one port, all others stay tensors. What is said wins over what is guessed.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nodeflow.models.bare.eye import Eye, eye_for, takes_picture
from nodeflow.models.bare.options import Gives, Options
from nodeflow.models.bare.pictures import MaskReader, PictureReader, gives_mask, gives_picture
from nodeflow.models.bare.things import BoxReader, ClassReader, PointReader, box_layout, point_layout
from nodeflow.models.errors import BadModel
from nodeflow.models.signature import Signature, TensorInfo

Reader = PictureReader | MaskReader | ClassReader | BoxReader | PointReader

_PORTS = {"picture": "image", "mask": "mask", "classes": "classes", "boxes": "detections", "keypoints": "poses"}
_KINDS = {"picture": "Image", "mask": "Mask", "classes": "Classes", "boxes": "Detections", "keypoints": "Poses"}
_NUMBERS = (
    "float32",
    "float16",
    "float64",
    "int32",
    "int64",
    "uint8",
    "int8",
    "bool",
    "uint16",
    "int16",
    "uint32",
    "uint64",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is used.

    `eye` sees for input `sees`, or both are None. `gives` is read by `layout` (of boxes and keypoints) from the outputs
    `read`; where that is empty there are tensors only. `feeds` and `rest` are the inputs and outputs that are tensors,
    by port.
    """

    signature: Signature
    options: Options
    eye: Eye | None
    sees: TensorInfo | None
    gives: Gives
    layout: str
    read: tuple[TensorInfo, ...]
    feeds: dict[str, TensorInfo]
    rest: dict[str, TensorInfo]

    @property
    def inputs(self) -> dict[str, str]:
        """Kinds by port, the picture first."""
        return {**({"image": "Image"} if self.eye else {}), **dict.fromkeys(self.feeds, "Tensor")}

    @property
    def outputs(self) -> dict[str, str]:
        """Kinds by port, what is read first."""
        return {**({_PORTS[self.gives]: _KINDS[self.gives]} if self.read else {}), **dict.fromkeys(self.rest, "Tensor")}

    def reader(self, names: Sequence[str]) -> Reader | None:
        """What reads the outputs `read`; a new one for each user."""
        if not self.read:
            return None
        match self.gives:
            case "picture":
                return PictureReader(self._levels_given())
            case "mask":
                return MaskReader(self.options)
            case "classes":
                return ClassReader(self.options, names)
            case "boxes":
                return BoxReader(self.options, self.layout, names)
        return PointReader(self.options, self.layout, names)

    def _levels_given(self) -> str:
        said = self.options.gives_levels
        said = self.options.levels if said == "auto" else said
        return "0..1" if said == "auto" else said


def plan_for(signature: Signature, options: Options) -> Plan:
    """Raises BadModel where what is said does not go with the network."""
    for info in (*signature.inputs, *signature.outputs):
        if info.dtype not in _NUMBERS:
            raise BadModel(f"{info} is not a tensor of numbers, and only those can be used here; choose another model")
    sees = next((info for info in signature.inputs if takes_picture(info)), None)
    if options.takes == "tensors":
        sees = None
    elif options.takes == "picture" and sees is None:
        sees = next(iter(signature.inputs), None)
    eye = eye_for(sees, options) if sees else None
    gives, layout, read = _reading(signature.outputs, options, eye is not None)
    taken_in, taken_out = _Names({"image"} if eye else set()), _Names({_PORTS[gives]} if read else set())
    feeds = {taken_in(info.name): info for info in signature.inputs if info is not sees}
    rest = {taken_out(info.name): info for info in signature.outputs if info not in read}
    return Plan(signature, options, eye, sees, gives, layout, read, feeds, rest)


def _reading(outputs: Sequence[TensorInfo], options: Options, sees: bool) -> tuple[Gives, str, tuple[TensorInfo, ...]]:
    """What is read, in which layout, and from which outputs."""
    first = next((info for info in outputs if info.name == options.output), None)
    if options.output and first is None:
        raise BadModel(
            f"there is no output {options.output!r}; there are {', '.join(info.name for info in outputs)[:300]}"
        )
    among = (first,) if first else tuple(outputs)
    gives = options.gives
    if gives == "auto":
        gives = _guess(among, sees)
    if gives == "tensors":
        return gives, "", ()
    if not sees and gives in ("picture", "mask", "boxes", "keypoints"):
        raise BadModel(f"a network that sees no picture gives no {gives}; set gives to tensors or classes")
    if gives == "boxes":
        return gives, *_boxes(outputs, among, options)
    if gives == "keypoints":
        found = point_layout(among)
        if options.keypoints == "auto" and found is None:
            raise BadModel("its outputs do not look like keypoints; say in keypoints which layout they have")
        if options.keypoints == "auto" and found is not None:
            return gives, found[0], (among[found[1]],)
        return gives, options.keypoints, (among[found[1]] if found else among[0],)
    fits: dict[str, Callable[[TensorInfo], bool]] = {
        "picture": gives_picture,
        "mask": gives_mask,
        "classes": _gives_classes,
    }
    return gives, "", (next((info for info in among if fits[gives](info)), among[0]),)


def _boxes(
    outputs: Sequence[TensorInfo], among: Sequence[TensorInfo], options: Options
) -> tuple[str, tuple[TensorInfo, ...]]:
    found = box_layout(among) or box_layout(outputs)
    if options.boxes in ("auto", found and found[0]):
        if found is None:
            raise BadModel("its outputs do not look like boxes; say in boxes which layout they have")
        source = among if box_layout(among) else outputs
        return found[0], tuple(source[i] for i in found[1])
    needs = {"boxes-scores-labels": 3, "detr": 2}.get(options.boxes, 1)
    if needs > len(outputs):
        raise BadModel(
            f"the layout {options.boxes} takes {needs} outputs, and there are {len(outputs)}; set boxes to auto"
        )
    return options.boxes, tuple(outputs[:needs] if needs > 1 else among[:1])


def _guess(outputs: Sequence[TensorInfo], sees: bool) -> Gives:
    """What outputs look like."""
    if sees and box_layout(outputs):
        return "boxes"
    maps = [info for info in outputs if info.rank == 4]  # three axes may be anything
    if sees and any(map(gives_picture, maps)):
        return "picture"
    if sees and any(map(gives_mask, maps)):
        return "mask"
    return "classes" if sees and len(outputs) == 1 and _gives_classes(outputs[0]) else "tensors"


def _gives_classes(info: TensorInfo) -> bool:
    """Whether an output looks like a score for each class: many numbers, on one axis."""
    shape = info.shape or ()
    last = shape[-1] if shape else None
    return isinstance(last, int) and last > 1 and all(each == 1 or not isinstance(each, int) for each in shape[:-1])


class _Names:
    """Names of tensors as names of ports: each a word of its own."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def __call__(self, name: str) -> str:
        word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:48].strip("_") or "tensor"
        if word[0].isdigit() or keyword.iskeyword(word):
            word = f"tensor_{word}"
        made, count = word, 1
        while made in self._taken:
            count += 1
            made = f"{word}_{count}"
        self._taken.add(made)
        return made
