"""Pictures from words: how words are cut up, the one step, and that seeds are what they were."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest

from nodeflow.models import BadModel, open_task
from nodeflow.models.generate.diffusion import noise_of
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.testing.nodes import open_node
from nodeflow.values import Image, Text
from nodes.generate.words import FromWords

from .small_nets import nothing, picture_net
from .stand_in import StandIn

PIECES = ["c", "a", "t", "s", "</w>", "t</w>", "s</w>", "!</w>", "a</w>", "c</w>", "ca", "cat</w>", "!"]
VOCABULARY = {piece: place for place, piece in enumerate([*PIECES, "<|startoftext|>", "<|endoftext|>"])}
START, END = VOCABULARY["<|startoftext|>"], VOCABULARY["<|endoftext|>"]
MERGES = b"#version: 0.2\nc a\nca t</w>\n"
FILES = {"vocabulary": json.dumps(VOCABULARY).encode(), "merges": MERGES}
SIGMA, SCALE = 14.6146, 0.18215


def encoder() -> onnx.ModelProto:
    """1 x pieces x 4 numbers: the pieces themselves."""
    graph = OnnxGraph("words")
    pieces = graph.input("input_ids", np.int32, (1, "pieces"))
    numbers = graph.add("Unsqueeze", graph.cast(pieces, np.float32), np.array([2], np.int64))
    graph.output("last_hidden_state", graph.add("Mul", numbers, np.ones((1, 1, 4), np.float32)))
    return graph.finish()


def denoiser() -> onnx.ModelProto:
    """Says that half of what it is shown is noise, and adds a thousandth of the pieces' mean and of the step."""
    graph = OnnxGraph("unet")
    sample = graph.input("sample", np.float32, (1, 4, "rows", "columns"))
    step = graph.input("timestep", np.int64, (1,))
    meant = graph.input("encoder_hidden_states", np.float32, (1, "pieces", 4))
    mean = graph.add("ReduceMean", meant, np.array([0, 1, 2], np.int64), keepdims=0)
    more = graph.add("Mul", graph.add("Add", mean, graph.cast(step, np.float32)), np.float32(0.001))
    graph.output("out_sample", graph.add("Add", graph.add("Mul", sample, np.float32(0.5)), more))
    return graph.finish()


def decoder() -> onnx.ModelProto:
    """Three of the four planes, 8 times as large, a hundredth as strong."""
    graph = OnnxGraph("vae")
    latent = graph.input("latent_sample", np.float32, (1, 4, "rows", "columns"))
    three = graph.add("Slice", latent, *(np.array([n], np.int64) for n in (0, 3, 1)))
    large = graph.add("Resize", three, "", np.array((1, 1, 8, 8), np.float32), mode="nearest",
                      coordinate_transformation_mode="asymmetric", nearest_mode="floor")  # fmt: skip
    graph.output("sample", graph.add("Mul", large, np.float32(0.01)))
    return graph.finish()


def parts(**changes: onnx.ModelProto | bytes) -> dict[str, onnx.ModelProto | bytes]:
    return {"words": encoder(), "denoiser": denoiser(), "decoder": decoder(), **FILES, **changes}


def wanted(pieces: list[int], seed: int) -> np.ndarray:
    """What the example of onnxruntime makes of it, whose texts are 77 pieces long, zeros behind the end."""
    pieces = pieces + [0] * (77 - len(pieces))
    noise = noise_of(seed, 64) * SIGMA
    said = 0.5 * noise / np.sqrt(SIGMA**2 + 1) + (np.mean(pieces) + 999) / 1000
    left = (noise - SIGMA * said) / SCALE
    planes = left[0, :3].repeat(8, axis=1).repeat(8, axis=2) / 100
    return np.clip((planes.transpose(1, 2, 0) / 2 + 0.5) * 255, 0, 255)


def test_the_step_is_that_of_the_example(stand_in: StandIn) -> None:
    stand_in("sd-turbo", **parts())
    cat = [START, VOCABULARY["cat</w>"], END]
    with open_node(FromWords, words="Cat", seed=3) as draw:
        made: Image = draw()
        assert made.frame.size == (512, 512)
        np.testing.assert_allclose(made.array, wanted(cat, 3), atol=0.6)
        assert made.array.std() > 20
        np.testing.assert_array_equal(draw().array, made.array)
        assert (draw(seed=4).array != made.array).mean() > 0.5
        longer: Image = draw(Text("cats!  CAT"), seed=3)
    pieces = [START, *(VOCABULARY[piece] for piece in ("ca", "t", "s</w>", "!</w>", "cat</w>")), END]
    np.testing.assert_allclose(longer.array, wanted(pieces, 3), atol=0.6)


def test_long_texts_are_cut_and_empty_ones_have_a_start_and_an_end(stand_in: StandIn) -> None:
    stand_in("sd-turbo", **parts())
    draw = open_task("text-to-picture", "sd-turbo")
    many = draw("cat " * 500, seed=1).array
    np.testing.assert_allclose(many, wanted([START, *[VOCABULARY["cat</w>"]] * 75, END], 1), atol=0.6)
    np.testing.assert_allclose(draw("", seed=1).array, wanted([START, END], 1), atol=0.6)


def test_the_noise_of_a_seed_stays_what_it_was() -> None:
    noise = noise_of(1, 8)
    assert noise.ravel()[:3].tolist() == pytest.approx([1.6243454, -0.6117564, -0.5281718], abs=1e-6)
    assert (noise_of(2**32 + 1, 8) == noise).all()


def test_other_networks_and_files_are_refused(stand_in: StandIn) -> None:
    def fails(says: str, **changes: onnx.ModelProto | bytes) -> None:
        stand_in("sd-turbo", **parts(**changes))
        with pytest.raises(BadModel, match=says):
            open_task("text-to-picture", "sd-turbo")("cat", seed=1)

    fails("takes image", denoiser=picture_net((1, 3, 8, 8), nothing))
    fails("1 planes", decoder=picture_net((1, 4, "rows", "columns"), nothing))
    fails("no JSON", vocabulary=b"{")
    fails("no tokenizer", merges=b"c a t s\n")
    fails("startoftext", vocabulary=json.dumps({p: n for p, n in VOCABULARY.items() if p[0] != "<"}).encode())
