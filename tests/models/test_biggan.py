"""Pictures of kinds: the network beside torch's layers, from the file of weights to the node; and other files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodeflow.models import BadModel, Cancelled, Library, open_task
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.generate import latent
from nodeflow.models.generate.kind_gan import KindGan
from nodeflow.models.generate.kinds import KindPoint, mix_of
from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.pipelines.making import KindGan as Settings
from nodeflow.models.runtime import OnnxModel
from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, open_node
from nodeflow.values import Classes, Image, Vector
from nodes.generate.kinds import KindWalk, OfKind

from .small_nets import nothing, picture_net
from .stand_in import StandIn, standing_in
from .stand_in_importer import converting_here

torch = pytest.importorskip("torch")

from .biggan import BigGan, shaken_gan  # noqa: E402 -- it is made of torch's layers


@pytest.fixture(scope="module")
def net() -> BigGan:
    return shaken_gan()


def saved(weights: dict[str, Any]) -> bytes:
    torch.save(weights, out := io.BytesIO())
    return out.getvalue()


def network(net: BigGan, folder: Path) -> OnnxModel:
    (folder / "w.bin").write_bytes(saved(net.state_dict()))
    return OnnxModel(to_onnx(folder / "w.bin", architecture="biggan-deep", dest=folder / "w.onnx"), "cpu")


@pytest.fixture(scope="module")
def shelf(net: BigGan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library with small weights in place of the real ones, converted once."""
    with pytest.MonkeyPatch.context() as patch:
        converting_here(patch)
        put = standing_in(tmp_path_factory.mktemp("biggan"), patch)
        yield put("biggan-deep-128", generator=saved(net.state_dict()))


def points(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    mix = np.zeros((count, 1000), np.float32)
    mix[np.arange(count), random.integers(0, 1000, count)] = 0.75
    mix[np.arange(count), random.integers(0, 1000, count)] += 0.25
    return random.normal(size=(count, 128)).clip(-2, 2).astype(np.float32), mix


def torchs(net: BigGan, latents: np.ndarray, mixes: np.ndarray, truncation: float) -> np.ndarray:
    with torch.no_grad():
        return net(torch.from_numpy(latents), torch.from_numpy(mixes), truncation).numpy()


def test_it_gives_what_torch_gives_at_every_truncation(net: BigGan, tmp_path: Path) -> None:
    """At those that were counted, in between, and for several pictures of one call, each at a truncation of its own."""
    model = network(net, tmp_path)
    truncations = np.array([0.02, 0.4, 0.505, 0.999, 1.0, 0.0, 7.0, -1.0], np.float32)
    latents, mixes = points(len(truncations))
    (made,) = model.run({"latent": latents, "kinds": mixes, "truncation": truncations})
    assert made.shape == (len(truncations), 3, 16, 16)
    for place, truncation in enumerate(truncations.clip(0, 1).tolist()):
        wanted = torchs(net, latents[place : place + 1], mixes[place : place + 1], truncation)
        np.testing.assert_allclose(made[place : place + 1], wanted, atol=2e-5)
    assert made.std() > 0.05


def test_statistics_change_without_steps(net: BigGan, tmp_path: Path) -> None:
    model = network(net, tmp_path)
    latents, mixes = (np.repeat(each, 101, axis=0) for each in points(1))
    truncations = np.linspace(0.3, 0.5, 101, dtype=np.float32)
    (made,) = model.run({"latent": latents, "kinds": mixes, "truncation": truncations})
    strides = np.abs(np.diff(made, axis=0)).mean(axis=(1, 2, 3))
    assert strides.max() < 8 * strides.mean()


def test_how_wide_and_long_it_is_and_where_it_looks_its_weights_tell(tmp_path: Path) -> None:
    net = shaken_gan(widths=(48, 48, 48, 24, 24, 24, 24), looks=1)
    latents, mixes = points(1)
    (made,) = network(net, tmp_path).run({"latent": latents, "kinds": mixes, "truncation": np.ones(1, np.float32)})
    assert made.shape == (1, 3, 32, 32)
    np.testing.assert_allclose(made, torchs(net, latents, mixes, 1.0), atol=2e-5)


def test_weights_of_another_network_are_refused_with_what_is_wrong(net: BigGan, tmp_path: Path) -> None:
    good = dict(net.state_dict())

    def fails(says: str, **changes: Any) -> None:
        weights = {**good, **{name.replace("__", "."): value for name, value in changes.items()}}
        (tmp_path / "w.bin").write_bytes(saved({name: value for name, value in weights.items() if value is not None}))
        with pytest.raises(ImportFailed, match=says):
            to_onnx(tmp_path / "w.bin", architecture="biggan-deep", dest=tmp_path / "w.onnx")
        assert not (tmp_path / "w.onnx").exists()

    fails("there is no 'embeddings.weight'", embeddings__weight=None)
    fails("'extra' belongs to no part", extra=torch.zeros(2))
    fails("kinds of 0 numbers", embeddings__weight=torch.zeros(0, 1000))
    fails(r"'generator.gen_z.bias' has the shape \(3,\)", generator__gen_z__bias=torch.zeros(3))
    fails("statistics of 1 truncations", generator__bn__running_means=torch.zeros(1, 8))
    fails(r"means' has the shape \(50, 32\), not \(51", generator__layers__0__bn_0__running_means=torch.zeros(50, 32))
    fails("makes 5 channels of 32", generator__layers__0__conv_3__bias=torch.zeros(5))
    fails("the spectral norm", generator__gen_z__weight_u=torch.zeros(512))
    fails("the spectral norm nan", generator__gen_z__weight_u=torch.full((512,), float("nan")))
    fails("no 'generator.layers.3.snconv1x1_phi.weight_orig'", generator__layers__3__snconv1x1_phi__weight_orig=None)
    more = {f"generator__layers__{place}__gamma": torch.zeros(1) for place in range(5, 40)}
    fails("more than 16 layers", **more)


@pytest.mark.usefixtures("shelf")
def test_the_node_draws_the_kind_that_is_picked(net: BigGan) -> None:

    def wanted(shares: dict[str, float], seed: int, truncation: float) -> np.ndarray:
        made = torchs(net, latent(seed, 128, truncation)[None], mix_of(shares)[None], truncation)
        return (made[0].transpose(1, 2, 0) + 1) * 127.5

    with open_node(OfKind) as draw:
        tabby: Image = draw()
        np.testing.assert_allclose(tabby.array, wanted({"tabby": 1.0}, 1, 0.4), atol=0.6)
        np.testing.assert_array_equal(draw().array, tabby.array)
        assert np.abs(draw(seed=2).array.astype(int) - tabby.array).mean() > 3
        half: Image = draw(kind="airliner", second="tabby", blend=0.25, seed=1, truncation=0.9)
        np.testing.assert_allclose(half.array, wanted({"airliner": 0.75, "tabby": 0.25}, 1, 0.9), atol=0.6)
        np.testing.assert_array_equal(draw(kind="tabby", blend=0.3, truncation=0.4).array, tabby.array)
        seen = Classes(mix_of({"tabby": 3, "airliner": 1}), KINDS)
        np.testing.assert_allclose(draw(None, seen).array, wanted({"tabby": 0.75, "airliner": 0.25}, 1, 0.4), atol=0.6)
        with pytest.raises(NodeError, match="not ImageNet's 1000 kinds"):
            draw(None, Classes(np.ones(2, np.float32), ("cat", "dog")))


@pytest.mark.usefixtures("shelf")
def test_a_walk_leads_from_airplanes_to_cats() -> None:
    with (
        open_node(KindWalk, ctx=NodeContext(), seconds=0.4, rest=0.2, rate=10) as walk,
        open_node(OfKind) as draw,
    ):
        walked = [vector for _, vector in walk.frames()]
        assert walk.stream.frames == len(walked) == 9
        pictures = [draw(vector) for vector in walked]
        airliner, tabby = draw(None, kind="airliner"), draw(None, kind="tabby")
    assert pictures[0] is pictures[1] is pictures[2], "where a walk rests, nothing is drawn again"
    np.testing.assert_array_equal(pictures[0].array, airliner.array)
    np.testing.assert_array_equal(pictures[-1].array, tabby.array)
    nearness = [np.abs(each.array.astype(float) - tabby.array).mean() for each in pictures[2:7]]
    assert nearness == sorted(nearness, reverse=True)


@pytest.mark.usefixtures("shelf")
def test_what_is_no_point_is_refused() -> None:
    good = KindPoint(latent(1, 128, 0.4), mix_of({"tabby": 1}), 0.4)
    with open_node(OfKind) as draw:

        def fails(says: str, vector: Vector) -> None:
            with pytest.raises(NodeError, match=says):
                draw(vector)

        fails("biggan-deep, not of dcgan-100", Vector(np.zeros(100, np.float32), "dcgan-100"))
        fails("100 numbers are not 128", Vector(np.zeros(100, np.float32), "biggan-deep"))
        fails("add up to 1", good._replace(mix=good.mix * 2).vector("biggan-deep"))
        fails("add up to 1", good._replace(mix=mix_of({"tabby": 1}) * np.nan).vector("biggan-deep"))
        fails("truncation is 0", good._replace(truncation=0.0).vector("biggan-deep"))
        draw(good.vector("biggan-deep"))


def test_a_network_with_other_inputs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(picture_net((1, 3, 8, 8), nothing).SerializeToString())
    with pytest.raises(BadModel, match="does not belong to this pipeline"):
        KindGan(OnnxModel(path, "cpu"), Settings(kind="kind-gan", family="biggan-deep"))


def test_loading_can_be_cancelled(net: BigGan, stand_in: StandIn) -> None:
    """While the weights are converted, in another process, which ends with it."""
    library = stand_in("biggan-deep-128", generator=saved(net.state_dict()))
    said: list[str] = []
    with pytest.raises(Cancelled):
        open_task(
            "kind-generator",
            "biggan-deep-128",
            progress=lambda text, _fraction: said.append(text),
            cancelled=lambda: any("converting" in text for text in said),
        )
    assert not list((library.cache.folder / "onnx").rglob("*.onnx"))


def test_the_other_sizes_run_in_the_same_way(tmp_path: Path) -> None:
    library = Library(cache=tmp_path, folders=(BUILT_IN,))
    cards = [library.card(f"biggan-deep-{size}") for size in (128, 256, 512)]
    assert len({(card.task, card.pipeline, card.networks["generator"].architecture) for card in cards}) == 1
    assert not any(card.checked for card in cards)
