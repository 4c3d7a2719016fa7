"""The document of NodeFlow as pure data: graphs, what node types look like, checks, the file format, undo."""

from .check import check, try_connect
from .difference import Change, Difference, difference
from .drawing import Drawing, Stroke
from .enclosing import enclose, expanded, independent
from .fault import fault
from .field import GraphFileError
from .file import dumps, load, loads, renames, save
from .flow import without_feedback
from .history import History
from .levels import place
from .lowering import lowered
from .model import Copies, Graph
from .names import Endpoint, Link
from .parts import Group, Mode, Node, Note, View
from .problem import Problem
from .refit import refitted
from .schema import ANY, INPUT, LIST, OUTPUT, Catalog, Conversion, Json, NodeSchema, ParamSchema, PortSchema
from .subgraphs import Subgraphs, subgraphs
from .written import Written, WrittenPort, base_type, read_type

__all__ = [
    "ANY",
    "LIST",
    "Catalog",
    "Change",
    "Conversion",
    "Copies",
    "Difference",
    "Drawing",
    "Endpoint",
    "Graph",
    "GraphFileError",
    "Group",
    "History",
    "INPUT",
    "Json",
    "Link",
    "Mode",
    "Node",
    "NodeSchema",
    "Note",
    "OUTPUT",
    "ParamSchema",
    "PortSchema",
    "Problem",
    "Stroke",
    "Subgraphs",
    "View",
    "Written",
    "WrittenPort",
    "base_type",
    "check",
    "difference",
    "dumps",
    "enclose",
    "expanded",
    "fault",
    "independent",
    "load",
    "loads",
    "lowered",
    "place",
    "read_type",
    "refitted",
    "renames",
    "save",
    "subgraphs",
    "try_connect",
    "without_feedback",
]
