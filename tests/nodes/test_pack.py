"""The standard pack as a whole: what it offers, and what it costs to look at it."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

import nodes
from nodeflow.node import NodeType
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Number, Text
from nodes.io.preview import preview
from nodes.measure import fps


def all_types() -> dict[str, NodeType]:
    modules = [importlib.import_module(info.name) for info in pkgutil.walk_packages(nodes.__path__, "nodes.")]
    found = [
        value.__nodeflow__
        for module in modules
        for value in vars(module).values()
        if hasattr(value, "__nodeflow__") and value.__module__ == module.__name__
    ]
    return {node_type.schema.type: node_type for node_type in found}


def test_what_the_pack_offers() -> None:
    assert sorted(all_types()) == [
        "classes.classify",
        "classes.score",
        "classes.text",
        "classes.whether",
        "depth.find",
        "draw.boxes",
        "draw.mask",
        "draw.poses",
        "draw.text",
        "edges.find",
        "faces.describe",
        "faces.emotion",
        "faces.find",
        "faces.known",
        "faces.mesh",
        "flow.hold",
        "flow.previous",
        "flow.reroute",
        "flow.switch",
        "generate.from_words",
        "generate.kind",
        "generate.kind_walk",
        "generate.picture",
        "generate.point",
        "generate.walk",
        "hands.find",
        "hands.gesture",
        "image.blend",
        "image.blur",
        "image.concat",
        "image.crop",
        "image.denoise",
        "image.dither",
        "image.flip",
        "image.grain",
        "image.grid",
        "image.resize",
        "image.rotate",
        "image.to_device",
        "image.tone",
        "io.camera",
        "io.csv_writer",
        "io.folder",
        "io.image",
        "io.image_writer",
        "io.jsonl_writer",
        "io.microphone",
        "io.midi_writer",
        "io.paint",
        "io.preview",
        "io.sound",
        "io.sound_writer",
        "io.speaker",
        "io.video",
        "io.video_writer",
        "masks.background",
        "masks.of_picture",
        "masks.person",
        "masks.picture",
        "masks.pointed",
        "masks.segments",
        "measure.fps",
        "measure.rows",
        "models.onnx",
        "models.torch",
        "numbers.count",
        "numbers.number",
        "numbers.range",
        "numbers.smooth",
        "objects.choose",
        "objects.crops",
        "objects.find",
        "objects.name",
        "objects.track",
        "people.crops",
        "people.pose",
        "sound.events",
        "sound.hear",
        "sound.level",
        "sound.melody",
        "sound.notes",
        "sound.pitch",
        "sound.play",
        "sound.speak",
        "sound.transcript",
        "sound.voice",
        "text.embed",
        "text.language",
        "text.lines",
        "text.sort",
        "text.written",
        "transform.colorize",
        "transform.deblur",
        "transform.denoise",
        "transform.inpaint",
        "transform.light",
        "transform.style",
        "transform.style_from",
        "transform.translate",
        "transform.upscale",
        "words.caption",
        "words.read",
    ]


def test_everything_is_documented() -> None:
    for name, node_type in all_types().items():
        schema = node_type.schema
        assert schema.doc.endswith("."), name
        assert len(schema.doc.splitlines()[0]) <= 100, name
        for param in schema.params:
            assert param.doc, f"{name}.{param.name}"


def test_looking_at_the_pack_loads_nothing_heavy() -> None:
    code = (
        "import sys, pkgutil, importlib, nodes\n"
        "for info in pkgutil.walk_packages(nodes.__path__, 'nodes.'): importlib.import_module(info.name)\n"
        "heavy = {'av', 'cv2', 'torch', 'onnx', 'onnxruntime', 'pydantic', 'dearpygui', 'nodeflow.engine'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_preview_passes_on_what_it_shows() -> None:
    value = Text("hello")
    assert run_node(preview, value) is value


def test_fps_by_a_clock_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=50.0)
    monkeypatch.setattr(fps, "time", SimpleNamespace(perf_counter=lambda: clock.now))

    def rate_after(count: int, step: float) -> Number:
        for _ in range(count):
            clock.now += step
            said = measure("anything")
        return said

    with open_node(fps.Fps) as measure:
        assert rate_after(1, 0.1) == Number(0.0, "fps")
        assert rate_after(5, 0.1) == Number(10.0, "fps")
        assert rate_after(60, 1 / 50) == Number(50.0, "fps")  # what is older than the window is forgotten
        assert rate_after(1, 10.0) == Number(0.1, "fps")
