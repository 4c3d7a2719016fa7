"""An encoder that reads a picture, and a decoder that says what it shows. One instance per thread.

The decoder gives a score to every piece that could come next; the likeliest is taken, and it is asked again with that
at the end, until it says the end. Each answer is made afresh from all that was said: captions are short.
"""

from __future__ import annotations

import numpy as np

from nodeflow.models.captions import Caption
from nodeflow.models.captions.pieces import Pieces
from nodeflow.models.errors import BadModel
from nodeflow.models.likely import softmax
from nodeflow.models.opening import Parts
from nodeflow.models.pipelines.prompts import Captions as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.whole import WholeReader
from nodeflow.values import Image

_SAID, _SEEN, _SCORES = "input_ids", "encoder_hidden_states", "logits"


def open_captions(parts: Parts) -> Captions:
    pieces = Pieces(parts.assets["vocabulary"])
    return Captions(parts.networks["encoder"], parts.networks["decoder"], pieces, parts.settings)


class Captions:
    """A `CaptionModel`."""

    def __init__(self, encoder: OnnxModel, decoder: OnnxModel, pieces: Pieces, settings: Settings) -> None:
        if {_SAID, _SEEN} != decoder.inputs.keys() or _SCORES not in decoder.outputs:
            raise BadModel(f"the decoder takes {', '.join(decoder.inputs)}, not {_SAID} and {_SEEN}; correct the card")
        self.provider = decoder.provider
        self.device = decoder.device
        self._encoder, self._decoder, self._pieces = encoder, decoder, pieces
        self._whole = WholeReader(encoder, settings.shown)
        self._seen = [next(iter(encoder.outputs))]
        self._start, self._end = settings.start, settings.end

    def __call__(self, image: Image, *, most: int) -> Caption:
        """What the picture shows. Raises BadModel."""
        shown = self._whole.sized(image, max(image.frame.size))
        (seen,) = self._encoder.run({self._whole.name: self._whole.levels(shown)}, self._seen)
        said, likely = [self._start], []
        while len(said) <= most:
            feeds = {_SAID: np.array([said], np.int64), _SEEN: seen}
            scores = np.asarray(self._decoder.run(feeds, [_SCORES])[0], np.float32)
            if scores.ndim != 3 or scores.shape[:2] != (1, len(said)):
                raise BadModel(f"the decoder gives {scores.shape} for {len(said)} pieces; it does not fit its pipeline")
            best = int(scores[0, -1].argmax())
            if best == self._end:
                break
            said.append(best)
            likely.append(float(softmax(scores[0, -1])[best]))
        return Caption(self._pieces.text(said[1:]).strip(), float(np.mean(likely)) if likely else 0.0)

    def close(self) -> None:
        """Let the sessions go."""
        del self._encoder, self._decoder
