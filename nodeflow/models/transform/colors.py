"""DDColor: likely colours for a grey picture (Kang et al., 2023). One instance per thread.

The network guesses the two colour planes of CIE Lab from the lightness, small; lightness stays as it is, so that no
detail is lost. Lab is OpenCV's, of levels of 0 to 1: lightness 0 to 100, colours about -127 to 127.
"""

from __future__ import annotations

import numpy as np

from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.whole import Colors as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.pixels import Floats, levels, pixels
from nodeflow.models.whole import fixed_size, planes
from nodeflow.values import Image


def open_colors(parts: Parts) -> Colors:
    return Colors(parts.networks["painter"], parts.settings)


class Colors:
    """A `ColorModel`."""

    def __init__(self, network: OnnxModel, settings: Settings) -> None:
        self.provider = network.provider
        self.device = network.device
        self._network = network
        self._name = next(iter(network.inputs))
        self._size = fixed_size(network, self._name) or settings.size

    def __call__(self, image: Image, *, strength: float) -> Image:
        """The picture with likely colours. Raises BadModel."""
        import cv2

        shown = lightness(image.resized(*self._size))
        grey = cv2.cvtColor(np.dstack((shown, *np.zeros((2, *shown.shape), np.float32))), cv2.COLOR_Lab2RGB)
        fed = np.ascontiguousarray(np.asarray(grey, np.float32).transpose(2, 0, 1)[None])
        colors = planes(self._network.run({self._name: fed})[0])
        if len(colors) != 2:
            raise BadModel(f"the network gives {len(colors)} planes, not the two of colour; correct the card")
        grown = cv2.resize(np.ascontiguousarray(colors.transpose(1, 2, 0)), image.frame.size)
        lab = np.dstack((lightness(image), np.asarray(grown, np.float32) * np.float32(strength)))
        return image.replaced(pixels(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32)))

    def close(self) -> None:
        """Let the session go."""
        del self._network


def lightness(image: Image) -> Floats:
    """CIE L of each pixel, 0 to 100, rows x columns."""
    import cv2

    lab = cv2.cvtColor(levels(image)[0], cv2.COLOR_RGB2Lab)
    return np.ascontiguousarray(np.asarray(lab, np.float32)[..., 0])
