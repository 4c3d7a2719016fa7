"""The document of NodeFlow as pure data: graphs, what node types look like, checks, the file format, undo."""

from .field import GraphFileError
from .file import dumps, load, loads, renames, save
from .model import Endpoint, Graph, Link, Node, View
from .schema import ANY, Catalog, Conversion, Json, NodeSchema, ParamSchema, PortSchema

__all__ = [
    "ANY",
    "Catalog",
    "Conversion",
    "Endpoint",
    "Graph",
    "GraphFileError",
    "Json",
    "Link",
    "Node",
    "NodeSchema",
    "ParamSchema",
    "PortSchema",
    "View",
    "dumps",
    "load",
    "loads",
    "renames",
    "save",
]
