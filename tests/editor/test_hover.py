"""Resting on a wire: when it counts, and what is told of the value there."""

from __future__ import annotations

import numpy as np
import pytest

from nodeflow.editor.canvas.scene import NOTHING, Hit, Port, Scene
from nodeflow.editor.looking.hover import Rest, told
from nodeflow.editor.numbers import ago
from nodeflow.engine.look import Look, Picture
from nodeflow.graph import Endpoint, Graph, Link, Node
from nodeflow.testing.graphs import TOY

LINK = Link.parse("camera.image -> pose.image")
WIRE = Hit("wire", link=LINK)
HERE = (100.0, 100.0)


class Clock:
    now = 10.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_pointer_that_keeps_still_on_a_wire_rests_on_the_output_before_it(clock: Clock) -> None:
    rest = Rest(clock)
    rest.update(WIRE, HERE)
    assert rest.on is None
    clock.now += 0.2
    rest.update(WIRE, (102.0, 101.0))
    assert rest.on is None
    clock.now += 0.2
    rest.update(WIRE, HERE)
    assert rest.on == Endpoint("camera", "image")
    rest.update(WIRE, (300.0, 120.0))  # it may follow the wire now
    assert rest.on == Endpoint("camera", "image")


def test_a_pointer_on_its_way_does_not_rest(clock: Clock) -> None:
    rest = Rest(clock)
    for step in range(10):
        rest.update(WIRE, (100.0 + 20 * step, 100.0))
        clock.now += 0.1
    assert rest.on is None


def test_another_wire_a_press_or_nothing_ends_the_rest(clock: Clock) -> None:
    rest = Rest(clock)
    for hit in (Hit("wire", link=Link.parse("camera.image -> draw.image")), NOTHING, Hit("title", "pose")):
        rest.update(WIRE, HERE)
        clock.now += 1.0
        rest.update(WIRE, HERE)
        assert rest.on
        rest.update(hit, HERE)
        assert rest.on is None
    rest.update(WIRE, HERE)
    clock.now += 1.0
    rest.update(WIRE, HERE)
    rest.leave()
    rest.update(WIRE, HERE)
    assert rest.on is None


def test_an_output_can_be_rested_on_and_an_input_cannot(clock: Clock) -> None:
    rest = Rest(clock)
    output, input_ = Port("camera", "image", "out"), Port("camera", "image", "in")
    for port, expected in ((output, Endpoint("camera", "image")), (input_, None)):
        hit = Hit("port", "camera", port)
        rest.update(hit, HERE)
        clock.now += 1.0
        rest.update(hit, HERE)
        assert rest.on == expected


@pytest.fixture
def scene() -> Scene:
    scene = Scene(TOY)
    graph, _ = Graph().add(Node("toy.camera"), (0.0, 0.0))
    graph, _ = graph.add(Node("toy.pose"), (300.0, 0.0))
    scene.update(graph.connect(LINK))
    return scene


def test_what_is_told_of_a_value(scene: Scene) -> None:
    picture = Picture(np.zeros((2, 2, 3), np.uint8), 640, 480, (0, 0, 640, 480))
    look = Look(1, "camera", "image", 42, 5.0, "Image", "640x480", "cuda:0", picture)
    words = told(scene, WIRE, look, 12.0)
    assert (words.kind, words.summary) == ("Image", "640x480")
    for fact in ("camera.image -> pose.image", "on cuda:0", "frame 42", "7 s ago"):
        assert fact in words.facts


def test_a_wire_that_nothing_came_through_says_its_kind(scene: Scene) -> None:
    words = told(scene, WIRE, None, 0.0)
    assert (words.kind, words.summary) == ("Image", "nothing has come yet")


def test_ages_are_short() -> None:
    assert [ago(seconds) for seconds in (0.02, 5.4, 300.0, 7200.0)] == ["now", "5 s ago", "5 min ago", "2 h ago"]
