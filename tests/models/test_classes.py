"""Classifiers: names and numbers by hand-made networks, and real weights on real pictures."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library, OnnxModel, open_task
from nodeflow.models.classes.classifier import Classifier
from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.pipelines.pictures import Classifier as Settings
from nodeflow.node import NodeError, Nothing
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Classes, Detections, Frame, Image
from nodes.classes.classes import Classify, as_text, score, whether
from nodes.faces.faces import Emotion, FindFaces
from nodes.objects.objects import crops, name

from .on_host import OnHost
from .small_nets import nothing, picture_net
from .stand_in import StandIn

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (60, 100, 3)).astype(np.uint8))


class Says(OnHost):
    """A network that says the same of everything, and keeps what it was shown."""

    provider, device = "CPU", "cpu"
    inputs: dict[str, tuple[int, ...]] = {"in": ()}

    def __init__(self, *numbers: float) -> None:
        self.numbers = np.array([numbers], np.float32)
        self.shown: Any = None

    def run(self, feeds: dict[str, Any], outputs: list[str] | None = None) -> list[Any]:
        self.shown = feeds["in"].copy()
        return [self.numbers]


def classifier(network: Says, names: tuple[str, ...], **settings: Any) -> Classifier:
    made = Settings.model_validate(
        {"kind": "classifier", "names": names, "shown": {"size": 32, "scale": 1 / 255}, **settings}
    )
    return Classifier(cast(OnnxModel, network), made, names)


@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=9))
def test_logits_become_likelihoods(logits: list[float]) -> None:
    names = tuple(f"n{i}" for i in range(len(logits)))
    score = classifier(Says(*logits), names)(PICTURE).score
    assert score.sum() == pytest.approx(1, abs=1e-5)
    assert score[int(np.argmax(logits))] == score.max()


def test_likelihoods_are_taken_as_they_are() -> None:
    given_ = classifier(Says(0.2, 0.8), ("a", "b"), give="likelihoods")(PICTURE)
    np.testing.assert_allclose(given_.score, (0.2, 0.8))


def test_the_middle_or_the_whole_of_the_picture_is_shown() -> None:
    middle, whole = Says(1, 2), Says(1, 2)
    classifier(middle, ("a", "b"))(PICTURE)
    classifier(whole, ("a", "b"), fit="whole")(PICTURE)
    assert middle.shown.shape == (1, 32, 32, 3)
    assert middle.shown.min() > 0.1  # no black beside it
    assert (whole.shown[0, :5] == 0).all()
    assert middle.shown[0].mean() == pytest.approx(PICTURE.array[:, 20:80].mean() / 255, abs=0.01)


def test_a_network_with_other_classes_than_the_card_is_refused() -> None:
    with pytest.raises(BadModel, match="3 numbers for 2 names"):
        classifier(Says(1, 2, 3), ("a", "b"))(PICTURE)


def test_imagenet_has_a_name_of_its_own_for_each_kind() -> None:
    assert len(KINDS) == len({name.lower() for name in KINDS}) == 1000
    assert (KINDS[404], KINDS[281], KINDS[934]) == ("airliner", "tabby", "hotdog")
    assert all(name == name.strip() for name in KINDS)


ANIMALS = Classes(np.array([0.1, 0.6, 0.3], np.float32), ("Dog", "cat", "bird"))


def test_one_question_of_many_names() -> None:
    assert run_node(whether, ANIMALS, name="dog").top(2) == [
        ("not dog", pytest.approx(0.9)),
        ("dog", pytest.approx(0.1)),
    ]
    assert run_node(whether, ANIMALS, name="cat, bird, cat").score[0] == pytest.approx(0.9)
    with pytest.raises(NodeError, match="'cab'") as refusal:
        run_node(whether, ANIMALS, name="cab")
    assert "cat" in refusal.value.hint
    with pytest.raises(NodeError, match="No name"):
        run_node(whether, ANIMALS, name=" ,")


def test_names_as_text_and_scores() -> None:
    assert run_node(as_text, ANIMALS, count=2).value == "cat 60%\nbird 30%"
    assert run_node(as_text, ANIMALS, count=1, scores=False).value == "cat"
    assert run_node(score, ANIMALS).value == pytest.approx(0.6)
    assert run_node(score, ANIMALS, name=" Bird").value == pytest.approx(0.3)
    with pytest.raises(NodeError, match="knows no 'brid'") as caught:
        run_node(score, ANIMALS, name="brid")
    assert "bird" in caught.value.hint


def boxes(*xyxy: tuple[float, float, float, float]) -> Detections:
    count = len(xyxy)
    corners = np.array(xyxy, np.float32).reshape(-1, 4)
    return Detections(corners, np.ones(count, np.float32), np.zeros(count, np.int64), ("face",), Frame.of(100, 60))


def test_crops_are_square_around_their_boxes_and_end_with_the_picture() -> None:
    first, second, third = run_node(
        crops, PICTURE, boxes((40, 20, 50, 40), (90, 0, 100, 10), (200, 0, 210, 9)), margin=0
    )
    assert first.frame.size == (20, 20)
    assert first.frame.to_source[2::3] == (35, 20)
    assert second.frame.size == (10, 10)
    assert isinstance(third, Nothing)
    (tall,) = run_node(crops, PICTURE, boxes((40, 20, 50, 40)), margin=0, square=False)
    assert tall.frame.size == (10, 20)


def test_boxes_get_the_names_of_their_crops() -> None:
    told = run_node(name, boxes((0, 0, 9, 9), (20, 0, 29, 9)), [ANIMALS, Nothing("outside")])
    assert [told.label(i) for i in range(2)] == ["cat", "?"]
    np.testing.assert_allclose(told.score, (0.6, 0))
    with pytest.raises(NodeError, match="2 boxes and 1 classes"):
        run_node(name, boxes((0, 0, 9, 9), (20, 0, 29, 9)), [ANIMALS])


@pytest.fixture(scope="module")
def pictures(library: Library) -> dict[str, Image]:
    import cv2

    names = ("cat", "coffee", "astronaut")
    return {each: Image.from_bgr(np.asarray(cv2.imread(str(library.asset(each))))) for each in names}


def test_a_classifier_takes_its_names_from_a_file(stand_in: StandIn) -> None:
    """The card of X-ray body parts: 224x224, channels first, likelihoods."""

    def answer(graph: OnnxGraph, x: str) -> str:
        light = graph.add(
            "Reshape", graph.add("ReduceMean", x, np.array([1, 2, 3], np.int64)), np.array([1, 1], np.int64)
        )
        return graph.add("Softmax", graph.add("Mul", light, np.array([[-1, 0, 1]], np.float32)))

    net = picture_net((1, 3, 224, 224), answer)
    stand_in("xray-body-part", classifier=net, names=b"HAND\n\n KNEE \nCHEST\n")
    bright, dark = (Image(np.full((60, 90, 3), level, np.uint8)) for level in (255, 0))
    with open_node(Classify, model="xray-body-part") as classify:
        assert classify(bright).names == ("HAND", "KNEE", "CHEST")
        assert classify(bright).top(1)[0][0] == "CHEST"
        assert classify(dark).top(1)[0][0] == "HAND"
    levels = (1 - np.array((0.485, 0.456, 0.406))) / (0.229, 0.224, 0.225)
    grown = np.exp(np.array([-1, 0, 1]) * levels.mean())
    np.testing.assert_allclose(open_task("classes", "xray-body-part")(bright).score, grown / grown.sum(), atol=1e-4)


def test_a_list_of_names_that_does_not_fit_is_refused(stand_in: StandIn) -> None:
    net = picture_net((1, 3, 224, 224), nothing)
    picture = Image(np.zeros((9, 9, 3), np.uint8))
    for names, says in ((b"a\nb", "correct the card"), (b"\n \n", "holds 0 names"), (b"\xff\xfe", "is no text")):
        stand_in("xray-body-part", classifier=net, names=names)
        with pytest.raises(BadModel, match=says):
            open_task("classes", "xray-body-part")(picture)


@pytest.mark.weights
def test_chelsea_is_a_cat_coffee_is_a_cup_and_neither_is_a_hot_dog(pictures: dict[str, Image]) -> None:
    cat, coffee = (run_node(Classify, pictures[each]) for each in ("cat", "coffee"))
    assert all("cat" in word or word == "tabby" for word, _ in cat.top(3))
    assert {word for word, _ in coffee.top(2)} == {"espresso", "cup"}
    for classes in (cat, coffee):
        assert run_node(whether, classes, name="hotdog").top(1)[0][0] == "not hotdog"


@pytest.mark.weights
def test_the_astronaut_looks_happy(pictures: dict[str, Image]) -> None:
    faces, _ = run_node(FindFaces, pictures["astronaut"])
    (face,) = run_node(crops, pictures["astronaut"], faces)
    word, score = run_node(Emotion, face).top(1)[0]
    assert (word, score > 0.9) == ("happy", True)
