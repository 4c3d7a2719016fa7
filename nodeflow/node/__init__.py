"""The node author's API: everything a pack imports, together with `nodeflow.values` and `nodeflow.models`."""

from nodeflow.graph import Drawing
from nodeflow.node.choice import chosen
from nodeflow.node.define import DefinitionError, NodeType, node
from nodeflow.node.driven import driven_arguments
from nodeflow.node.instance import Instance, WrongValue, live_arguments
from nodeflow.node.layer import Layer
from nodeflow.node.params import (
    ModelRef,
    Params,
    Slider,
    Widget,
    choice,
    color,
    drawing,
    file,
    folder,
    lines,
    model,
    number,
    save,
    slider,
    text,
    toggle,
)
from nodeflow.node.ports import Adapted, Ports
from nodeflow.node.registry import PackProblem, Registry, load_registry, node_type_of
from nodeflow.node.runtime import Context, NodeError, Nothing, RetryLater, Stream, Tick, Timed

__all__ = [
    "Adapted",
    "Context",
    "DefinitionError",
    "Drawing",
    "Instance",
    "Layer",
    "ModelRef",
    "NodeError",
    "NodeType",
    "Nothing",
    "PackProblem",
    "Params",
    "Ports",
    "Registry",
    "RetryLater",
    "Slider",
    "Stream",
    "Tick",
    "Timed",
    "Widget",
    "WrongValue",
    "choice",
    "chosen",
    "color",
    "drawing",
    "driven_arguments",
    "file",
    "folder",
    "lines",
    "live_arguments",
    "load_registry",
    "model",
    "node",
    "node_type_of",
    "number",
    "save",
    "slider",
    "text",
    "toggle",
]
