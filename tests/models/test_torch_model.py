"""Torch archives: run as torch runs them, and never anything but a network."""

from __future__ import annotations

import io
import json
import pickle
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from nodeflow.models import BadModel, loaded
from nodeflow.models.signature import TensorInfo, read_signature
from nodeflow.models.signature.torch_file import is_expression
from nodeflow.models.torch_runtime import TorchModel
from nodeflow.testing.nodes import NodeContext, run_node
from nodeflow.values import Classes, Image, Tensor
from nodes.models.torch import TorchNode


class Net(torch.nn.Module):
    """A small classifier that also tells a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 8, 3, stride=4)
        self.norm = torch.nn.BatchNorm2d(8)
        self.last = torch.nn.Linear(8, 5)

    def forward(self, image: torch.Tensor, scale: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        seen = torch.relu(self.norm(self.conv(image))).mean(dim=(2, 3))
        return self.last(seen) * scale, seen.sum()


class Dictionary(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"boxes": x * 2, "scores": x + 1}


@pytest.fixture(scope="module")
def net() -> Any:
    torch.manual_seed(3)
    return Net().eval()


@pytest.fixture(scope="module")
def exported(net: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("torch") / "net.pt2"
    size = torch.export.Dim("size", min=16, max=512)
    example = (torch.zeros(1, 3, 64, 64), torch.ones(()))
    program = torch.export.export(net, example, dynamic_shapes={"image": {2: size, 3: size}, "scale": None})
    torch.export.save(program, path)
    return path


@pytest.fixture(scope="module")
def scripted(net: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("torch") / "net.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(net).save(str(path))
    return path


def test_signatures_are_read_without_torch(exported: Path, scripted: Path) -> None:
    signature = read_signature(exported)
    image, scale = signature.inputs
    assert (image.name, image.dtype, image.shape and image.shape[:2]) == ("image", "float32", (1, 3))
    assert image.shape is not None
    assert all(isinstance(length, str) for length in image.shape[2:])
    assert scale == TensorInfo("scale", "float32", ())
    assert signature.outputs == (TensorInfo("output_1", "float32", (1, 5)), TensorInfo("output_2", "float32", ()))
    script = read_signature(scripted)
    assert [each.name for each in script.inputs] == ["image", "scale"]
    assert [each.shape for each in script.outputs] == [None, None]


@pytest.mark.parametrize("which", ["exported", "scripted"])
def test_it_gives_what_torch_gives(net: Any, which: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(which)
    image = np.random.default_rng(0).random((1, 3, 48, 48)).astype(np.float32)
    image.flags.writeable = False
    scale = np.float32(1.5)
    model, other = TorchModel(path, "cpu", name="a net"), TorchModel(path, "cpu")
    assert model.provider == "torch CPU"
    said, total = model.run({"image": image, "scale": np.asarray(scale)})
    with torch.inference_mode():
        wanted, sum_ = net(torch.tensor(image), torch.tensor(scale))
    np.testing.assert_allclose(said, wanted.numpy(), atol=1e-6)
    np.testing.assert_allclose(total, sum_.numpy(), rtol=1e-5)
    (only,) = other.run({"image": image, "scale": np.asarray(scale)}, ["output_2"])
    np.testing.assert_array_equal(only, total)
    assert any(each.name == "a net" and each.users == 2 for each in loaded())
    with pytest.raises(BadModel, match="failed"):
        model.run({"image": np.zeros((1, 4, 48, 48), np.float32), "scale": np.asarray(scale)})


def test_a_dictionary_names_its_outputs(tmp_path: Path) -> None:
    torch.export.save(torch.export.export(Dictionary(), (torch.zeros(1, 4),)), tmp_path / "d.pt2")
    assert [each.name for each in read_signature(tmp_path / "d.pt2").outputs] == ["boxes", "scores"]
    boxes, scores = TorchModel(tmp_path / "d.pt2", "cpu").run({"x": np.ones((1, 4), np.float32)})
    assert (boxes.max(), scores.max()) == (2, 2)


@pytest.mark.parametrize("which", ["exported", "scripted"])
def test_the_node_shows_it_pictures(net: Any, which: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(which)
    picture = Image(np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8))
    params: dict[str, Any] = {"width": 32, "height": 32, "takes": "picture", "gives": "classes"}
    ctx = NodeContext(path.parent)
    told, _ = run_node(TorchNode, picture, Tensor(np.array(2, np.float32), ()), ctx=ctx, file=path.name, **params)
    assert isinstance(told, Classes)
    small = cv2.resize(picture.array, (32, 32), interpolation=cv2.INTER_AREA)
    with torch.inference_mode():
        logits, _ = net(torch.tensor(small.transpose(2, 0, 1)[None] / np.float32(255)), torch.tensor(2.0))
    np.testing.assert_allclose(told.score, torch.softmax(logits[0], 0).numpy(), atol=1e-5)


# ---- archives that are more than a network


class Bomb:
    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return open, (str(self.place), "w")


def _changed(path: Path, made: Path, changes: dict[str, Callable[[bytes], bytes]], **more: bytes) -> Path:
    """A copy of an archive with some members changed, and others added."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as out:
        root = source.namelist()[0].partition("/")[0]
        for info in source.infolist():
            name = info.filename.partition("/")[2]
            data = source.read(info)
            out.writestr(info.filename, changes[name](data) if name in changes else data)
        for name, data in more.items():
            out.writestr(f"{root}/{name}", data)
    return made


def _json(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        document = json.loads(data)
        change(document)
        return json.dumps(document).encode()

    return changed


def _node(name: str, value: Any) -> Callable[[Any], None]:
    return lambda program: program["graph_module"]["graph"]["nodes"][0].update({name: value})


EVIL = "__import__('os').system('true')"
HOSTILE: dict[str, tuple[Callable[[Any], None], str]] = {
    "an operator of Python": (_node("target", "torch.serialization.os.system"), "no known operator"),
    "an operator that reads files": (_node("target", "torch.ops.aten.from_file.default"), "no known operator"),
    "an extension": (_node("target", "#ext:evil"), "no known operator"),
    "a name that is code": (
        lambda program: program["graph_module"]["graph"]["inputs"][0]["as_tensor"].update(name=f"x={EVIL}"),
        "has something called",
    ),
    "an expression": (
        lambda program: program["graph_module"]["graph"]["tensor_values"]["image"]["sizes"].append(
            {"as_expr": {"expr_str": EVIL, "hint": None}}
        ),
        "has a length that reads",
    ),
    "an argument's name": (
        lambda program: program["graph_module"]["module_call_graph"][0]["signature"].update(forward_arg_names=[EVIL]),
        "has something called",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_program_that_would_run_code_is_refused(exported: Path, tmp_path: Path, what: str) -> None:
    change, why = HOSTILE[what]
    path = _changed(exported, tmp_path / "bad.pt2", {"models/model.json": _json(change)})
    with pytest.raises(BadModel, match=f"{why}.*refused"):
        read_signature(path)
    with pytest.raises(BadModel, match="refused"):
        TorchModel(path, "cpu")


def test_guards_of_an_archive_are_never_run(exported: Path, tmp_path: Path) -> None:
    guard = f"open({str(tmp_path / 'was-run')!r}, 'w')"
    change = _json(lambda program: program.update(guards_code=[guard]))
    path = _changed(exported, tmp_path / "guard.pt2", {"models/model.json": change})
    feeds = {"image": np.zeros((1, 3, 32, 32), np.float32), "scale": np.float32(1)}
    TorchModel(path, "cpu").run({name: np.asarray(array) for name, array in feeds.items()})
    assert not (tmp_path / "was-run").exists()


def test_pickles_in_an_archive_are_refused_or_not_run(exported: Path, tmp_path: Path) -> None:
    def pickled(config: Any) -> None:
        next(iter(config["config"].values()))["use_pickle"] = True

    config = "data/weights/model_weights_config.json"
    with pytest.raises(BadModel, match="pickled weights"):
        read_signature(_changed(exported, tmp_path / "a.pt2", {config: _json(pickled)}))
    for name in ("data/weights/model.pt", "data/aotinductor/model/x.so", "data/constants/custom_obj_0.bin"):
        with pytest.raises(BadModel, match="refused"):
            read_signature(_changed(exported, tmp_path / "b.pt2", {}, **{name: b""}))
    buffer = io.BytesIO()
    torch.save(Bomb(tmp_path / "was-run"), buffer)
    path = _changed(exported, tmp_path / "c.pt2", {"data/sample_inputs/model.pt": lambda _: buffer.getvalue()})
    with pytest.raises(BadModel, match="cannot be opened by torch"):
        TorchModel(path, "cpu")
    assert not (tmp_path / "was-run").exists()
    torch.load(io.BytesIO(buffer.getvalue()), weights_only=False)  # a bomb it is
    assert (tmp_path / "was-run").exists()


@pytest.mark.parametrize(
    "code",
    [
        'torch.save(image, "PLACE")',
        'f = torch.save\n    f(image, "PLACE")',
        '(torch.save)(image, "PLACE")',
        '(torch. # why\n  save # not\n )(image, "PLACE")',
        'getattr(torch, "save")(image, "PLACE")',
        'getattr(torch, "sa" "ve")(image, "PLACE")',
        'getattr(torch, "s\\141ve")(image, "PLACE")',
        't = torch\n    getattr(t, "sav\\145")(image, "PLACE")',
        'ops.aten.save(image, "PLACE")',
        'o = ops\n    o.aten.save(image, "PLACE")',
    ],
)
def test_scripts_that_write_files_are_refused(scripted: Path, tmp_path: Path, code: str) -> None:
    place = tmp_path / "written"
    code = code.replace("PLACE", str(place))

    def changed(script: bytes) -> bytes:
        head, colon, body = script.partition(b"Tensor]:\n")
        return head + colon + f"    {code}\n".encode() + body

    path = _changed(scripted, tmp_path / "bad.pt", {"code/__torch__/" + _module(scripted): changed})
    with pytest.raises(BadModel, match="which networks do not need; refused"):
        TorchModel(path, "cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        script = torch.jit.load(str(path))
    script(torch.ones(1, 3, 32, 32), torch.ones(()))  # it is what it seems
    assert place.exists()


@pytest.mark.parametrize(
    "word",
    [
        "torch.from_file(",
        "ops.evil.do(",
        "g = torch.from_file\n    g(",
        "torch.\\\n    from_file(",
        'torch.__getattr__("from_file")(',
        "ops\t.image\t.read_file(",
        "ops.aten.from_file(",
        "torch.ops.aten.from_file.default(",
        'getattr(torch, "from\\x5ffile")(',
        'ops.rpc.rpc_sync("w", "f", (',
    ],
)
def test_scripts_that_name_what_reads_files_are_refused(scripted: Path, tmp_path: Path, word: str) -> None:
    change = lambda code: code.replace(b"torch.relu(", word.encode())  # noqa: E731
    path = _changed(scripted, tmp_path / "bad.pt", {"code/__torch__/" + _module(scripted): change})
    with pytest.raises(BadModel, match="which networks do not need; refused"):
        read_signature(path)


@pytest.mark.parametrize(
    ("add", "says"),
    [
        (b"getattr(" * 100_000, "looks names up"),
        (b"#" * (9 << 20), "longer texts than are read"),
        (b"  def forward(" * 100_000, ""),
    ],
    ids=["names in names", "long", "many heads"],
)
def test_a_script_cannot_keep_its_reader_busy(scripted: Path, tmp_path: Path, add: bytes, says: str) -> None:
    path = _changed(scripted, tmp_path / "busy.pt", {"code/__torch__/" + _module(scripted): lambda code: code + add})
    if says:
        with pytest.raises(BadModel, match=says):
            read_signature(path)
    else:
        assert read_signature(path) == read_signature(scripted)


def test_all_texts_of_an_archive_have_one_bound(scripted: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.pt"
    path.write_bytes(scripted.read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        (root,) = {each.partition("/")[0] for each in archive.namelist()}
        for number in range(9):
            archive.writestr(f"{root}/code/{number}.py", bytes(1 << 20))
    with pytest.raises(BadModel, match="longer texts than are read"):
        read_signature(path)


def test_an_archive_that_is_damaged_or_packed_otherwise_is_refused_in_words(tmp_path: Path) -> None:
    for packing, says in ((zipfile.ZIP_DEFLATED, "is damaged"), (zipfile.ZIP_LZMA, "torch does not read")):
        path = tmp_path / f"{packing}.pt2"
        with zipfile.ZipFile(path, "w", packing) as archive:
            archive.writestr("net/models/model.json", b'{"a": 1}' * 1000)
        data = path.read_bytes()
        begin = data.index(b"model.json") + len(b"model.json") + 2
        path.write_bytes(data[:begin] + b"\xff" * 10 + data[begin + 10 :])
        with pytest.raises(BadModel, match=says):
            read_signature(path)


@pytest.mark.parametrize("value", [b"[]", b"{}", b'""'])
def test_a_small_archive_cannot_ask_for_gigabytes_of_values(tmp_path: Path, value: bytes) -> None:
    path = tmp_path / "many.pt2"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("net/models/model.json", b"[" + (value + b",") * 5_000_000 + b"0]")
    tracemalloc.start()
    try:
        with pytest.raises(BadModel, match="more values"):
            read_signature(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("capitals", [False, True])
def test_parts_of_one_name_are_refused(scripted: Path, tmp_path: Path, capitals: bool) -> None:
    """zipfile reads the last of them and torch the first, and to torch capitals are small letters."""
    path = tmp_path / "twice.pt"
    path.write_bytes(scripted.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        (root,) = {each.partition("/")[0] for each in archive.namelist()}
        code = f"code/__torch__/{_module(scripted)}"
        archive.writestr(f"{root}/" + (code.upper() if capitals else code), "import torch")
    with pytest.raises(BadModel, match="parts of one name"):
        read_signature(path)


def test_parts_of_a_network_may_be_called_by_numbers() -> None:
    from nodeflow.models.signature.torch_file import _FILES, _plain_lookups

    printed = '_0 = (getattr(getattr(self.features, "0"), "1")).forward(x, )\n  import __torch__.torchvision.ops.misc'
    assert _plain_lookups(printed)
    assert not _FILES.search(printed)


def _module(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [name.partition("/code/__torch__/")[2] for name in archive.namelist()]
    return next(name for name in names if name.endswith("test_torch_model.py"))


def test_what_is_no_network_is_refused_with_a_way_out(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    torch.save({"w": torch.zeros(2)}, buffer)
    (tmp_path / "weights.pt").write_bytes(buffer.getvalue())
    (tmp_path / "w.safetensors").write_bytes(bytes(100))
    (tmp_path / "old.pth").write_bytes(pickle.dumps({"w": 1}))
    for name, why in (
        ("weights.pt", "holds weights"),
        ("w.safetensors", "weights alone"),
        ("old.pth", "no torch archive"),
    ):
        with pytest.raises(BadModel, match=f"{why}.*torch.export.save"):
            read_signature(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "s77",
        "Symbol('s77', positive=True, integer=True)",
        "4*FloorDiv(s0 + 1, 2)",
        "Max(1, s0)",
        "3.5 * s1",
        "u0",
        "Max(Integer(1), Add(FloorDiv(Add(Symbol('s6', integer=True), Integer(-3)), Integer(4)), Integer(1)))",
        "Pow(Symbol('s6'), Integer(2))",
        "Float('0.5', precision=53)",
    ],
)
def test_lengths_are_arithmetic(text: str) -> None:
    assert is_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        EVIL,
        "s0.__class__",
        "Max('os.x', 1)",
        "[1]",
        "lambda: 1",
        "9**9**9",
        "Pow(Integer(9), Pow(Integer(9), Integer(9)))",
        "Pow(9, 999999999)",
        "s0; 1",
        "open",
        "Symbol('x y')",
        "`x`",
        "s0 if s1 else s2",
        "x" * 3000,
    ],
)
def test_what_is_no_arithmetic_is_no_length(text: str) -> None:
    assert not is_expression(text)
