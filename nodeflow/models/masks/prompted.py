"""EfficientSAM: the mask of whatever stands at a point or in a box.

The network is shown the picture, some points in pixels of its own input, and what each point means: 1 lies inside, 2
and 3 are the corners of a box, -1 says nothing. It gives three masks, of a part, a thing and a group say, and how good
it takes each to be. Points outside are not shown to it: they rule out masks that hold them, as OpenCV's own
demonstration has it (Xiong et al., "EfficientSAM", 2023). One instance per thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.errors import BadModel
from nodeflow.models.likely import sigmoid
from nodeflow.models.masks import Prompt
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import EfficientSam as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.whole import Floats, WholeReader, planes
from nodeflow.values import Image, Mask

_IMAGE, _POINTS, _LABELS = "batched_images", "batched_point_coords", "batched_point_labels"
_MASKS, _QUALITY = "output_masks", "iou_predictions"
_INSIDE, _TOP_LEFT, _BOTTOM_RIGHT, _NOTHING = 1.0, 2.0, 3.0, -1.0


def open_prompted(parts: Parts) -> EfficientSam:
    return EfficientSam(parts.networks["masks"], parts.settings)


class EfficientSam:
    """A `PromptedMaskModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        missing = {_IMAGE, _POINTS, _LABELS} - network.inputs.keys() | {_MASKS, _QUALITY} - network.outputs.keys()
        if missing:
            raise BadModel(f"the network has no {sorted(missing)[0]!r}; it is no EfficientSAM")
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._whole = WholeReader(network, settings.shown, _IMAGE)
        self._most = settings.points
        self._last: tuple[Image, Image, Floats] | None = None

    def __call__(self, image: Image, prompt: Prompt) -> Mask:
        """The mask of what is meant. Raises BadModel, ValueError."""
        shown, levels = self._shown(image)
        scale = np.array((shown.width / image.width, shown.height / image.height), np.float32)
        points, labels = self._prompted(prompt)
        feeds = {
            _IMAGE: levels,
            _POINTS: (points * scale).reshape(1, 1, self._most, 2),
            # Some files have the labels with an axis of their own.
            _LABELS: labels.reshape((1, 1, self._most) + (1,) * (len(self._network.inputs[_LABELS]) - 3)),
        }
        masks, quality = self._network.run(feeds, [_MASKS, _QUALITY])
        candidates, good = planes(np.asarray(masks)[:, 0]), np.asarray(quality, np.float32).reshape(-1)
        if len(candidates) != len(good):
            raise BadModel(
                f"the network gives {len(candidates)} masks and {len(good)} numbers of their quality; correct the card"
            )
        chosen = _best(candidates, good, np.asarray(prompt.outside, np.float32).reshape(-1, 2), image)
        return Mask(sigmoid(chosen), image.frame.resized(chosen.shape[1], chosen.shape[0]))

    def _shown(self, image: Image) -> tuple[Image, Floats]:
        """The picture as the network takes it; one that comes again is not made again."""
        if self._last is None or self._last[0] is not image:
            shown = self._whole.sized(image, max(image.frame.size))
            self._last = image, shown, self._whole.levels(shown)
        return self._last[1], self._last[2]

    def _prompted(self, prompt: Prompt) -> tuple[Floats, Floats]:
        """Points, most x 2 in pixels of the picture, and what they mean."""
        given = [(point, _INSIDE) for point in prompt.inside]
        if prompt.box is not None:
            left, top, right, bottom = prompt.box
            given += [((left, top), _TOP_LEFT), ((right, bottom), _BOTTOM_RIGHT)]
        if not given:
            raise ValueError("there is neither a point inside nor a box")
        if len(given) > self._most:
            raise ValueError(f"the model takes {self._most} points at most, of which a box takes two")
        points, labels = np.zeros((self._most, 2), np.float32), np.full(self._most, _NOTHING, np.float32)
        points[: len(given)] = [point for point, _ in given]
        labels[: len(given)] = [label for _, label in given]
        return points, labels

    def close(self) -> None:
        """Let the session go."""
        del self._network
        self._last = None


def _best(candidates: Floats, good: Floats, outside: NDArray[np.float32], image: Image) -> Floats:
    """The best of the masks (logits) that hold no point outside; the best of all where each of them does."""
    high, wide = candidates.shape[1:]
    scale = np.array((wide / image.width, high / image.height), np.float32)
    columns, rows = np.clip((outside * scale).astype(np.intp), 0, (wide - 1, high - 1)).T
    order = np.argsort(-good, kind="stable")
    fitting = (index for index in order if not (candidates[index][rows, columns] >= 0).any())
    chosen: Floats = candidates[next(fitting, order[0])]
    return chosen
