"""Weights that PyTorch saved without the network they belong to: the network is built here, by its name.

A weights file is a dictionary of tensors, read with torch's `weights_only` loader or with safetensors: neither runs
code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

__all__ = ["import_model"]


def import_model(path: Path, architecture: str) -> onnx.ModelProto:
    """The network `architecture` ("efficientnet-lite0", say) with the weights in `path`. Raises ImportFailed."""
    from nodeflow.models.importers.by_name import build

    from .biggan import biggan_deep
    from .crepe import crepe
    from .dcgan import dcgan_64
    from .efficientnet import efficientnet_lite0
    from .ffdnet import ffdnet
    from .lowlight import sci, zero_dce
    from .minilm import minilm_l6
    from .pix2pix import pix2pix_256
    from .resnet import cyclegan_resnet_9
    from .unet import pix2pix_unet_256
    from .weights import read_weights

    builders = {
        "efficientnet-lite0": efficientnet_lite0,
        "dcgan-64": dcgan_64,
        "minilm-l6": minilm_l6,
        "pix2pix-256": pix2pix_256,
        "pix2pix-unet-256": pix2pix_unet_256,
        "cyclegan-resnet-9": cyclegan_resnet_9,
        "sci": sci,
        "ffdnet": ffdnet,
        "zero-dce": zero_dce,
        "crepe": crepe,
        "biggan-deep": biggan_deep,
    }
    return build(path, architecture, builders, read_weights)
