"""The signature of a torch archive, and whether it may be loaded: nothing of it is unpickled or run.

An archive of `torch.export` (.pt2) is JSON and raw weights, but torch's own loader trusts it: it evaluates expressions,
looks up functions by name, writes names into Python code that it executes, and unpickles what says that it is pickled.
So whatever would reach one of these is looked at here first, and what is not on a short list is refused. (It would also
execute guards, which are Python: our loader tells it not to.)

TorchScript (.pt) is a language of its own, compiled by torch. It says what is taken and given, but no shapes. As a
function may go by another name there (`f = torch.save`), a script is refused that has the name of an operator for
files anywhere, or looks a name up that does not stand there plainly.
"""

from __future__ import annotations

import ast
import json
import pickletools
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nodeflow.models.errors import BadModel
from nodeflow.models.signature.info import MOST_TENSORS, Dimension, Signature, TensorInfo

LARGEST_TEXT = 64 * 2**20
"""Bytes of JSON that are read of one archive, unpacked."""
_MOST_VALUES = 4_000_000
"""Values that may stand in one text of JSON: more than the longest of a network holds. Each takes a hundred bytes."""
_LARGEST_CODE = 8 * 2**20
"""Bytes of code: a hundred times what that of a network takes, and looked through in a few seconds."""
_MOST_MEMBERS = 100_000
_DEEPEST = 100
_LONGEST_HEAD = 64 * 2**10
"""Letters of what a script says that it takes and gives."""

_DTYPES = {
    1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64", 12: "bool",
    13: "bfloat16", 28: "uint16",
}  # fmt: skip
_EXPORT = "Save it anew with torch.export.save"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,500}")
_OPERATOR = re.compile(
    r"torch\.ops\.(aten|prims|prim|torchvision)\.(?!\w*(?:file|save|load|record|print))\w+(\.\w+)?"
    r"|torch\.sym_(int|float|max|min|not|sqrt|sum|ite)|torch\._sym_sqrt"
    r"|_operator\.(add|sub|mul|truediv|floordiv|mod|pow|neg|pos|eq|ne|lt|le|gt|ge|and_|or_|xor|getitem|not_)"
    r"|math\.(ceil|floor|trunc|sqrt)"
)
_SYMBOL = re.compile(r"[a-z]{1,8}[0-9]{1,9}")
_NAMED = (
    "name",
    "path_name",
    "graph_name",
    "fqn",
    "parameter_name",
    "buffer_name",
    "tensor_constant_name",
    "forward_arg_names",
)
"""What is called by a name that torch may write into code."""
_FUNCTIONS = (
    *("Symbol", "Integer", "Rational", "Float", "Add", "Mul", "Pow", "Max", "Min", "Mod", "PythonMod", "FloorDiv"),
    *("CleanDiv", "CeilDiv", "CeilToInt", "FloorToInt", "TruncToInt", "ModularIndexing", "Where", "Eq", "Ne", "Lt"),
    *("Le", "Gt", "Ge", "And", "Or", "Not", "Equality", "Unequality", "StrictLessThan", "LessThan", "IntTrueDiv"),
    *("StrictGreaterThan", "GreaterThan", "FloatTrueDiv", "ToFloat"),
)
_ASSUMPTIONS = ("positive", "integer", "nonnegative", "negative", "precision", "real", "evaluate")
_MEMBERS = re.compile(
    r"models/\w+\.json|data/(weights|constants)/\w+(\.json)?|data/sample_inputs/\w+\.pt|archive_(format|version)"
    r"|byteorder|version|\.data/\w+|extra/.{1,200}|\.format_version"
)


def torch_signature(path: Path) -> Signature:
    """The signature of an archive that is safe to load. Raises BadModel, which says what is wrong and what to do."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path)
    except OSError as error:
        raise BadModel(f"{path} cannot be read: {error.strerror or error}; choose another file") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadModel(_no_archive(path)) from error
    except zlib.error as error:
        raise BadModel(f"{path.name} is damaged ({error}); fetch it again, or choose another file") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, EOFError) as error:
        raise BadModel(f"{path.name} is no torch archive that can be read ({error!r:.100}). {_EXPORT}") from error


def _no_archive(path: Path) -> str:
    if path.suffix.lower() == ".safetensors":
        return (
            f"{path.name} holds weights alone: what network they belong to is not in it. "
            "Load them into the network in Python, and save that with torch.export.save"
        )
    return f"{path.name} is no torch archive; choose a .pt2 file (torch.export.save) or TorchScript"


def _read(archive: zipfile.ZipFile, path: Path) -> Signature:
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise BadModel(f"{path.name} has {len(infos):,} parts; refused")
    roots = {info.filename.partition("/")[0] for info in infos}
    if len(roots) != 1:
        raise BadModel(f"{path.name} is no torch archive. {_EXPORT}")
    (root,) = roots
    members = {info.filename.partition("/")[2]: info for info in infos}
    if len({name.lower() for name in members}) != len(infos):
        raise BadModel(f"{path.name} holds parts of one name, and torch may read another than was looked at; refused")
    if any(name.startswith("models/") for name in members):
        return _exported(_Archive(archive, members, path, LARGEST_TEXT))
    if any(name.startswith("code/") for name in members):
        return _scripted(_Archive(archive, members, path, _LARGEST_CODE))
    if "data.pkl" in members:
        raise BadModel(
            f"{path.name} holds weights, or a pickled network, and pickles may run anything: refused. "
            "Load it in Python where you trust it, and save the network with torch.export.save"
        )
    raise BadModel(f"{path.name} is no torch archive ({root[:40]!r} holds no model). {_EXPORT}")


class _Archive:
    """The members of one archive by name, of which `most` bytes are read."""

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], path: Path, most: int) -> None:
        self._archive, self.members, self.path = archive, members, path
        self._room = most

    def bytes(self, name: str) -> bytes:
        """What a member holds. Raises BadModel where all that were read are too long together."""
        info = self.members[name]
        self._room -= info.file_size
        if self._room < 0:
            raise BadModel(f"{self.path.name} has longer texts than are read, {name[:100]} among them; refused")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.refuse("is packed in a way that torch does not read")
        with self._archive.open(info) as member:
            return member.read(info.file_size)

    def json(self, name: str) -> Any:
        text = self.bytes(name)
        if sum(map(text.count, (b"[", b"{", b","))) > _MOST_VALUES:
            raise self.refuse(f"has more values in {name[:100]} than a network needs")
        return json.loads(text)

    def refuse(self, why: str) -> BadModel:
        return BadModel(f"{self.path.name} {why}; refused. {_EXPORT}")


# ---- torch.export


def _exported(archive: _Archive) -> Signature:
    strange = next((name for name in archive.members if not _MEMBERS.fullmatch(name)), None)
    if strange is not None:
        raise archive.refuse(f"holds {strange[:100]!r}, which is no part of a network")
    models = [name for name in archive.members if name.startswith("models/")]
    if len(models) != 1:
        raise archive.refuse(f"holds {len(models)} networks, not one")
    for name in archive.members:
        if name.startswith(("data/weights/", "data/constants/")):
            _require_raw(archive, name)
    program = archive.json(models[0])
    _require_harmless(archive, program)
    return _signature(archive, program)


def _require_raw(archive: _Archive, name: str) -> None:
    """Weights and constants must be numbers as they are."""
    if name.endswith(".pt"):
        raise archive.refuse("holds pickled weights, as old versions of torch saved them")
    if not name.endswith(".json"):
        return
    for each in archive.json(name)["config"].values():
        if each["use_pickle"] is not False:
            raise archive.refuse("holds pickled weights, and pickles may run anything")
        if not re.fullmatch(r"(weight|tensor)_[0-9]+", each["path_name"]):
            raise archive.refuse(f"holds {each['path_name'][:60]!r}, which is no tensor")


def _require_harmless(archive: _Archive, program: Any) -> None:
    """Nothing that torch would evaluate, look up or write into code is anything but what networks need."""
    for key, value in _entries(program):
        if key in ("target", "as_operator") and not (isinstance(value, str) and _OPERATOR.fullmatch(value)):
            raise archive.refuse(f"calls {str(value)[:100]!r}, which is no known operator of networks")
        if key in _NAMED and value and not all(map(_NAME.fullmatch, _texts(value))):
            raise archive.refuse(f"has something called {str(value)[:60]!r}")
        if key == "expr_str" and not is_expression(str(value)):
            raise archive.refuse(f"has a length that reads {str(value)[:60]!r}")
        if key == "range_constraints" and not all(map(_SYMBOL.fullmatch, value)):
            raise archive.refuse("has lengths of strange names")
        if key in ("in_spec", "out_spec") and isinstance(value, str):
            _require_plain(archive, json.loads(value))
        if key in ("as_custom_obj", "custom_obj_values") and value:
            raise archive.refuse("holds objects that are no tensors")


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def is_expression(text: str) -> bool:
    """Whether an expression is arithmetic with symbols and nothing else: torch has Python evaluate it."""
    try:
        return len(text) <= 5000 and _is_arithmetic(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def _is_arithmetic(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=bool() | float()):
            return True
        case ast.Constant(value=int() as number):
            return abs(number) < 2**63
        case ast.Constant(value=str() as word):
            return _SYMBOL.fullmatch(word) is not None or re.fullmatch(r"-?[0-9.]{1,30}", word) is not None
        case ast.Name(id=name):
            return _SYMBOL.fullmatch(name) is not None
        case ast.BinOp(
            left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod(), right=right
        ):
            return _is_arithmetic(left) and _is_arithmetic(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _is_arithmetic(operand)
        case ast.Compare(left=left, comparators=others):
            return all(map(_is_arithmetic, (left, *others)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in _FUNCTIONS:
            said = [each.value for each in keywords if each.arg in _ASSUMPTIONS]
            # A power of numbers may be larger than any memory.
            small = name != "Pow" or (len(args) == 2 and re.fullmatch(r"(Integer\()?-?[1-9]\)?", ast.unparse(args[1])))
            return len(said) == len(keywords) and bool(small) and all(map(_is_arithmetic, (*args, *said)))
    return False


def _require_plain(archive: _Archive, spec: Any) -> None:
    for key, value in _entries(spec):
        if key == "type" and value not in (None, "builtins.tuple", "builtins.list", "builtins.dict"):
            raise archive.refuse(f"takes or gives {str(value)[:60]!r}, and only tensors, lists and dictionaries can be")
        keys = json.loads(value) if key == "context" and isinstance(value, str) else None
        if keys is not None and not (isinstance(keys, list) and all(map(_NAME.fullmatch, map(str, keys)))):
            raise archive.refuse(f"takes or gives a dictionary of {str(value)[:60]!r}")


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value of a JSON document, however deep."""
    waiting = [(value, 0)]
    while waiting:
        at, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError("lists and objects stand too deep in one another")
        if isinstance(at, dict):
            yield from at.items()
            waiting += [(each, depth + 1) for each in at.values()]
        elif isinstance(at, list):
            waiting += [(each, depth + 1) for each in at]


def _signature(archive: _Archive, program: Any) -> Signature:
    module = program["graph_module"]
    values, said = module["graph"]["tensor_values"], module["signature"]
    inputs = []
    for spec in said["input_specs"]:
        if "user_input" in spec:
            inputs.append(_info(archive, spec["user_input"]["arg"], values, ""))
        elif "constant_input" in spec:
            raise archive.refuse("takes something that is no tensor")
    given = [spec["user_output"]["arg"] for spec in said["output_specs"] if "user_output" in spec]
    names = _output_names(module, len(given))
    outputs = [_info(archive, arg, values, name) for arg, name in zip(given, names, strict=True)]
    if not outputs or max(len(inputs), len(outputs)) > MOST_TENSORS:
        raise archive.refuse(f"takes {len(inputs)} and gives {len(outputs)} tensors")
    return Signature("torch-export", tuple(inputs), tuple(outputs))


def _output_names(module: Any, count: int) -> list[str]:
    """Keys, where a dictionary is given; else numbers."""
    signature = module["module_call_graph"][0]["signature"]
    spec = json.loads(signature["out_spec"])[1] if signature else {}
    if spec.get("type") == "builtins.dict":
        keys = json.loads(spec["context"])
        flat = all(not child["children_spec"] for child in spec["children_spec"])
        if flat and len(keys) == count and all(isinstance(key, str) for key in keys):
            return [str(key) for key in keys]
    return ["output"] if count == 1 else [f"output_{number + 1}" for number in range(count)]


def _info(archive: _Archive, arg: Any, values: Any, name: str) -> TensorInfo:
    if "as_tensor" not in arg:
        raise archive.refuse(f"takes or gives {next(iter(arg), 'something')!r}, which is no tensor")
    inner = arg["as_tensor"]["name"]
    meta = values[inner]
    shape: list[Dimension] = []
    for size in meta["sizes"]:
        if "as_int" in size:
            shape.append(int(size["as_int"]))
        else:
            symbol = re.match(r"Symbol\('([a-z]+[0-9]+)'|([a-z]+[0-9]+)$", size["as_expr"]["expr_str"])
            shape.append((symbol[1] or symbol[2]) if symbol else None)
    return TensorInfo(name or inner, _DTYPES.get(meta["dtype"], "unknown"), tuple(shape))


# ---- TorchScript

_FILES = re.compile(
    r"(?<!\w)(?:save|from_file|\w*PythonOp)(?!\w)"  # anywhere, in whatever form: torch has no others for files
    r"|(?<!\w)(?:_save\w*|load\w*|open|system)\s*\("
    r"|(?<![\w.])ops(?!\w)(?!\.(?:aten|prims?|torchvision|quantized)(?!\w))"
)
_LOOKED_UP = re.compile(r"(?<!\w)getattr\([\w.() ]{1,300}, \"\w{1,300}\"\)")
_HEAD = re.compile(r"  def forward\((.*?)\) -> ([^\n]+):$", re.DOTALL | re.MULTILINE)


def _scripted(archive: _Archive) -> Signature:
    codes: dict[str, str] = {}
    for name in archive.members:  # torch takes capitals for small letters
        if name.lower().startswith("code/") and not name.endswith(".debug_pkl"):
            codes[name] = code = archive.bytes(name).decode("utf-8")
            odd = _FILES.search(code)
            if odd is not None:
                raise archive.refuse(f"names {odd[0].strip('( ')!r}, which networks do not need")
            if not _plain_lookups(code):
                raise archive.refuse("looks names up that do not stand there plainly, which networks do not need")
    module, name = _top_class(archive.bytes("data.pkl"))
    code = codes[f"code/{module.replace('.', '/')}.py"]
    found = re.search(rf"^class {re.escape(name)}\(Module\):(.*?)(?=^class |\Z)", code, re.DOTALL | re.MULTILINE)
    begin = found[1].find("\n  def forward(") if found else -1
    forward = _HEAD.match(found[1][begin + 1 : begin + _LONGEST_HEAD]) if found and begin >= 0 else None
    if forward is None:
        raise BadModel(f"{archive.path.name} has no forward. {_EXPORT}")
    inputs = []
    for each in forward[1].split(",\n")[1:]:
        word, _, kind = (part.strip() for part in each.partition(":"))
        if kind != "Tensor" or not word.isidentifier():
            raise BadModel(
                f"{archive.path.name} takes {word[:60]} ({kind[:60]}), and only tensors can be given. {_EXPORT}"
            )
        inputs.append(TensorInfo(word, "float32", None))
    given = forward[2]
    count = 1 if given == "Tensor" else given.count("Tensor")
    if given != "Tensor" and given != f"Tuple[{', '.join(['Tensor'] * count)}]":
        raise BadModel(
            f"{archive.path.name} gives {given[:60]}: only tensors and tuples of them can be read. {_EXPORT}"
        )
    names = ["output"] if count == 1 else [f"output_{number + 1}" for number in range(count)]
    if max(len(inputs), count) > MOST_TENSORS:
        raise archive.refuse(f"takes {len(inputs)} and gives {count} tensors")
    return Signature("torchscript", tuple(inputs), tuple(TensorInfo(each, "float32", None) for each in names))


def _plain_lookups(code: str) -> bool:
    """Whether each name that is looked up by `getattr` is a plain word: no escapes, and not put together."""
    for _ in range(_DEEPEST):  # from the inside out
        code, count = _LOOKED_UP.subn("found", code)
        if not count:
            break
    return "getattr" not in code


def _top_class(pickled: bytes) -> tuple[str, str]:
    """The class of the outermost module, from the pickle's first words; nothing is unpickled."""
    for code, argument, _ in pickletools.genops(pickled):
        if code.name == "GLOBAL":
            module, _, name = str(argument).partition(" ")
            if not _NAME.fullmatch(module) or ".." in module or not name.isidentifier():
                raise ValueError("the module has a strange name")
            return module, name
    raise ValueError("there is no module")
