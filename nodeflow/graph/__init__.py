"""The document of NodeFlow as pure data: graphs, what node types look like, checks, the file format, undo."""

from .check import check, try_connect
from .difference import Change, Difference, difference
from .fault import fault
from .field import GraphFileError
from .file import dumps, load, loads, renames, save
from .flow import without_feedback
from .history import History
from .model import Copies, Graph
from .names import Endpoint, Link
from .parts import Group, Mode, Node, Note, View
from .problem import Problem
from .schema import ANY, LIST, Catalog, Conversion, Json, NodeSchema, ParamSchema, PortSchema

__all__ = [
    "ANY",
    "LIST",
    "Catalog",
    "Change",
    "Conversion",
    "Copies",
    "Difference",
    "Endpoint",
    "Graph",
    "GraphFileError",
    "Group",
    "History",
    "Json",
    "Link",
    "Mode",
    "Node",
    "NodeSchema",
    "Note",
    "ParamSchema",
    "PortSchema",
    "Problem",
    "View",
    "check",
    "difference",
    "dumps",
    "fault",
    "load",
    "loads",
    "renames",
    "save",
    "try_connect",
    "without_feedback",
]
