"""Models that CTranslate2 has packed (model.bin): the network is built here, by its name.

A file holds arrays with names, which say what each is for; nothing in it is code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

__all__ = ["import_model"]


def import_model(path: Path, architecture: str) -> onnx.ModelProto:
    """The network `architecture` ("whisper-encoder" or "whisper-decoder") with the weights in `path`.

    Raises ImportFailed.
    """
    from nodeflow.models.importers.by_name import build

    from .reader import read_packed
    from .whisper import whisper_decoder, whisper_encoder

    builders = {"whisper-encoder": whisper_encoder, "whisper-decoder": whisper_decoder}
    return build(path, architecture, builders, read_packed)
