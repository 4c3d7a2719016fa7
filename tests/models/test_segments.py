"""Segments and outlines of what is pointed at: what networks are shown, and what becomes of their answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, open_task
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.masks import Prompt
from nodeflow.node import NodeError
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Detections, Frame, Image
from nodes.masks.masks import PersonMask
from nodes.masks.segments import FindSegments, Parts, Pointed, colored, wanted

from .small_nets import OPEN, efficient_sam, nothing, picture_net
from .stand_in import StandIn

DOG, PERSON = 12, 15


def halves(left: int, right: int, height: int = 64, width: int = 96) -> Image:
    array = np.zeros((height, width, 3), np.uint8)
    array[:, : width // 2] = left
    array[:, width // 2 :] = right
    return Image(array)


def dog_where_dark_person_where_bright(graph: OnnxGraph, x: str) -> str:
    """1 x 21 x rows x columns."""
    weight, bias = np.zeros((21, 3, 1, 1), np.float32), np.full(21, -9, np.float32)
    weight[DOG], weight[PERSON], bias[[DOG, PERSON]] = -1, 1, 0
    return graph.add("Conv", x, weight, bias, kernel_shape=[1, 1])


def test_each_pixel_is_what_has_the_highest_score(stand_in: StandIn) -> None:
    net = picture_net(OPEN, nothing, dog_where_dark_person_where_bright)
    stand_in("fcn-resnet50", segments=net, pipeline={"output": "out_1"})
    picture = halves(20, 220)
    with open_node(FindSegments, model="fcn-resnet50") as find:
        found = Parts(*find(picture, names="person"))
        assert (found.mask.weight[:, :48] == 0).all()
        assert (found.mask.weight[:, 48:] == 1).all()
        assert found.shares.top(2) in ([("dog", 0.5), ("person", 0.5)], [("person", 0.5), ("dog", 0.5)])
        assert Parts(*find(picture, names="")).mask.weight.all()  # all but the background
        assert Parts(*find(picture, names="", longest=64)).mask.frame.size == (64, 40)  # whole numbers of 8
        assert found.picture.array[0, 0].tolist() == [64, 0, 128]  # PASCAL VOC's colours of dogs and people
        assert found.picture.array[0, 90].tolist() == [192, 128, 128]
        with pytest.raises(NodeError, match="knows no 'cow boy'"):
            find(picture, names="Dog, cow boy")


def test_smaller_forms_of_a_model_are_run_in_the_same_way() -> None:
    from nodeflow.models.card import read_card
    from nodeflow.models.card_files import BUILT_IN

    for name in ("fcn-resnet50", "efficientsam"):
        whole, small = (read_card(BUILT_IN / f"{each}.toml") for each in (name, f"{name}-int8"))
        assert (whole.task, whole.pipeline) == (small.task, small.pipeline)
        assert small.size < whole.size / 2
        assert small.files[0].key != whole.files[0].key


def test_more_scores_than_names_are_refused(stand_in: StandIn) -> None:
    stand_in("fcn-resnet50", segments=picture_net(OPEN, nothing), pipeline={"output": "out_0"})
    with pytest.raises(BadModel, match="1 scores for 21 names"):
        open_task("segments", "fcn-resnet50")(halves(0, 255), longest=520)


@given(st.integers(1, 999))
def test_classes_have_colours_of_their_own(most: int) -> None:
    colors = colored(np.arange(most + 1, dtype=np.int32)[None])[0]
    assert len({tuple(color) for color in colors.tolist()}) == most + 1
    assert not colors[0].any()


def test_names_are_found_whatever_their_case() -> None:
    known = ("rest", "person", "dog")
    assert wanted("", known) == [1, 2]
    assert wanted(" DOG,person ", known) == [2, 1]


def test_people_are_where_their_score_beats_the_backgrounds(stand_in: StandIn) -> None:
    def scores(graph: OnnxGraph, x: str) -> str:
        weight = np.zeros((2, 3, 1, 1), np.float32)
        weight[1] = 1
        return graph.add("Conv", x, weight, kernel_shape=[1, 1])  # levels are -1 to 1: bright is a person

    stand_in("pphumanseg", mask=picture_net((1, 3, 192, 192), scores))
    mask = run_node(PersonMask, halves(10, 240), model="pphumanseg")
    assert mask.frame.size == (192, 192)
    assert (mask.weight[:, :95].max(), mask.weight[:, 97:].min()) == (0, 1)


@pytest.mark.parametrize("labels", [(1, 1, 6), (1, 1, 6, 1)])
def test_the_best_mask_that_holds_no_point_outside(stand_in: StandIn, labels: tuple[int, ...]) -> None:
    stand_in("efficientsam", masks=efficient_sam(labels))
    find, picture = open_task("prompted-mask", "efficientsam"), halves(0, 255)
    inside = Prompt(inside=((70.0, 10.0),))
    assert (find(picture, inside).weight > 0.5).all()
    ruled = find(picture, inside._replace(outside=((10.0, 10.0),)))
    assert ruled.frame == picture.frame.resized(64, 64)
    assert ((ruled.weight > 0.5).mean(axis=0) == np.arange(64).__ge__(32)).all()
    for prompt, says in ((Prompt(), "neither"), (Prompt(inside=((1.0, 1.0),) * 7), "6 points at most")):
        with pytest.raises(ValueError, match=says):
            find(picture, prompt)


def test_points_and_boxes_are_given_in_pixels_of_the_input(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from nodeflow.models.runtime import OnnxModel

    seen: list[dict[str, np.ndarray]] = []
    run = OnnxModel.run

    def watched(self: OnnxModel, feeds: dict[str, np.ndarray], outputs: list[str] | None = None) -> list[np.ndarray]:
        seen.append(feeds)
        return run(self, feeds, outputs)

    monkeypatch.setattr(OnnxModel, "run", watched)
    stand_in("efficientsam", masks=efficient_sam())
    picture = halves(0, 255)
    boxes = Detections(
        np.array([[0, 0, 24, 32], [48, 16, 200, 64]], np.float32), np.array([0.5, 0.9], np.float32),
        np.zeros(2, np.int64), ("thing",), picture.frame,
    )  # fmt: skip
    with open_node(Pointed) as pointed:
        pointed(picture, x=0.25, y=0.5)
        assert seen[-1]["batched_point_coords"][0, 0, 0].tolist() == [16, 32]
        assert seen[-1]["batched_point_labels"][0, 0].tolist() == [1, -1, -1, -1, -1, -1]
        pointed(picture, by="box", x=0.75, y=0.5, width=0.5, height=0.5)
        assert seen[-1]["batched_point_coords"][0, 0, :2].tolist() == [[32, 16], [64, 48]]
        assert seen[-1]["batched_point_labels"][0, 0, :2].tolist() == [2, 3]
        seen.clear()
        both = pointed(picture, boxes)
        assert len(seen) == 2
        assert seen[0]["batched_point_coords"][0, 0, :2].tolist() == [[32, 16], [64, 64]]  # the likelier first
        assert both.weight.shape == (64, 64)
        seen.clear()
        pointed(picture, boxes, most=1)
        assert len(seen) == 1
        none = pointed(picture, Detections.none(("thing",), picture.frame))
        assert not none.weight.any()
        with pytest.raises(NodeError, match="The boxes were found"):
            pointed(picture, Detections.none(("thing",), Frame.of(9, 9)))


def test_another_network_is_no_efficientsam(stand_in: StandIn) -> None:
    stand_in("efficientsam", masks=picture_net(OPEN, nothing))
    with pytest.raises(BadModel, match="no EfficientSAM"):
        open_task("prompted-mask", "efficientsam")
