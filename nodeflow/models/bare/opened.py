"""Opening a card's model that has no pipeline of its own."""

from __future__ import annotations

from nodeflow.models.bare.model import BareModel
from nodeflow.models.bare.names import names_in
from nodeflow.models.bare.options import Options
from nodeflow.models.bare.ports import plan_for
from nodeflow.models.opening import Parts
from nodeflow.models.signature import read_signature
from nodeflow.models.torch_runtime import TorchModel


def open_onnx(parts: Parts) -> BareModel:
    network = parts.networks["model"]
    return BareModel(network, plan_for(read_signature(network.path), Options()), names_in(network.metadata))


def open_torch(parts: Parts) -> BareModel:
    network = TorchModel(parts.assets["model"], parts.device, parts.threads)
    return BareModel(network, plan_for(network.signature, Options()))
