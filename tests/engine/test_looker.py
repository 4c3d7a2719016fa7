"""Looks at values that pass: the newest is shown in the end, and what is there can be looked at more closely."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from nodeflow.engine import Edit, Glance, Look, Picture, Rows, Series, Session, Start, Step, Watch, Words
from nodeflow.engine.look import MOST_NUMBERS
from nodeflow.engine.looker import Looker, when_due
from nodeflow.engine.planning import make_plan
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from nodeflow.node import Nothing, Params, Registry, node
from nodeflow.values import Detections, Frame, Image, Number, Text
from tests.engine.parts import REGISTRY, chain_of
from tests.engine.session_parts import PATIENCE, until


class Seen(NamedTuple):
    number: Number
    boxes: Detections
    image: Image


@node("t.see", category="Test")
def see(number: Number) -> Seen:
    """A picture as bright as the number, with a box."""
    picture = Image(np.full((60, 80, 3), int(number.value) % 256, np.uint8))
    return Seen(number, Detections.none((), Frame.of(80, 60)), picture)


@node("t.say", category="Test")
def say(number: Number) -> Text | Nothing:
    return Text(f"it is {number.value:g}") if number.value != 3 else Nothing("three is not said")


@node("t.stop", category="Test")
def stop(image: Image) -> None:
    """A sink."""


ALL = Registry({**REGISTRY.types, **Registry.of(see, say, stop).types})


def graph_of(*types: str, frames: int = 5) -> Graph:
    return chain_of(ALL, *types, count={"frames": frames})


def look_at(session: Session, name: str) -> Look | None:
    return session.snapshot().looks.get(name)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert not [thread for thread in threading.enumerate() if thread.name == "looker"]


# ---- a looker by itself ----------------------------------------------------------------------------------------------


@pytest.fixture
def looker() -> Iterator[Looker]:
    looker = Looker()
    yield looker
    looker.close(PATIENCE)


def stages() -> dict[str, Stage]:
    plan = make_plan(graph_of("t.count", "t.see", "t.stop"), ALL)
    return {planned.id: Stage(planned) for planned in plan.nodes}


def seen(number: float) -> tuple[Number, Detections, Image]:
    return see.code(Number(number)) if hasattr(see, "code") else see(Number(number))


def shows(looker: Looker, name: str, what: Callable[[Look], object]) -> Look:
    until(lambda: name in looker.latest and what(looker.latest[name]))
    return looker.latest[name]


def test_however_fast_values_come_the_last_one_is_shown_and_every_number_is_remembered(looker: Looker) -> None:
    stage = stages()["see"]
    looker.want({"it": Glance("see"), "plot": Glance("see", "number")})
    for number in range(200):
        looker.offer(stage, number, seen(number))
    look = shows(looker, "it", lambda look: look.frame == 199)
    assert isinstance(look.shows, Picture)
    assert (look.output, look.kind, look.summary, look.device) == ("image", "Image", "80x60", "cpu")
    assert look.shows.pixels[0, 0, 0] == 199
    assert look.serial < 100  # not one picture for every value
    plot = shows(looker, "plot", lambda look: look.frame == 199).shows
    assert isinstance(plot, Series)
    assert plot.values == tuple(range(200))
    assert list(plot.times) == sorted(plot.times)


def test_a_history_is_bounded_and_ends_when_it_is_no_longer_watched(looker: Looker) -> None:
    stage = stages()["see"]
    plot = {"plot": Glance("see", "number")}
    looker.want(plot)
    for number in range(MOST_NUMBERS + 50):
        looker.offer(stage, number, seen(number))
    look = shows(looker, "plot", lambda look: look.frame == MOST_NUMBERS + 49).shows
    assert isinstance(look, Series)
    assert look.values == tuple(range(50, MOST_NUMBERS + 50))
    looker.want({"other": Glance("see", "image")})
    looker.want(plot)
    looker.offer(stage, 1000, seen(7))
    again = shows(looker, "plot", lambda look: look.frame == 1000).shows
    assert isinstance(again, Series)
    assert again.values == (7.0,)


def test_what_is_older_does_not_come_over_what_is_there(looker: Looker) -> None:
    stage = stages()["see"]
    looker.want({"plot": Glance("see", "number")})
    for revision, frame in ((1, 3), (1, 4), (1, 3), (2, 0), (1, 9), (2, 0)):
        looker.offer(stage, frame, seen(10 * revision + frame), revision)
    looker.want({"plot": Glance("see", "number"), "again": Glance("see", "number")})
    look = shows(looker, "again", lambda look: look.frame == 0).shows
    assert isinstance(look, Series)
    assert look.values == (13, 14, 20, 20)


def test_a_closer_glance_is_answered_from_what_is_there(looker: Looker) -> None:
    looker.want({"it": Glance("see", side=16)})
    looker.offer(stages()["see"], 3, seen(3))
    first = shows(looker, "it", lambda look: True).shows
    assert isinstance(first, Picture)
    assert first.pixels.shape == (12, 16, 3)
    looker.want({"it": Glance("see", side=16, part=(10, 20, 8, 4), point=(79, 59))})
    closer = shows(
        looker, "it", lambda look: isinstance(look.shows, Picture) and look.shows.part == (10, 20, 8, 4)
    ).shows
    assert isinstance(closer, Picture)
    assert closer.exact
    assert closer.pixel == (3.0, 3.0, 3.0)


def test_a_glance_that_turns_to_another_node_shows_nothing_of_the_one_before(looker: Looker) -> None:
    both = stages()
    looker.want({"it": Glance("see")})
    looker.offer(both["see"], 3, seen(3))
    shows(looker, "it", lambda look: look.node == "see")
    looker.want({"it": Glance("stop")})
    assert "it" not in looker.latest
    looker.offer(both["stop"], 4, (seen(4)[2],))
    look = shows(looker, "it", lambda look: True)
    assert (look.node, look.output, look.frame) == ("stop", "image", 4)


def test_each_output_can_be_seen_and_one_that_is_not_there_cannot(looker: Looker) -> None:
    looker.want({name: Glance("see", name) for name in ("number", "boxes", "nothing_of_that_name")})
    looker.offer(stages()["see"], 1, (Number(1), Detections.none((), Frame.of(8, 6)), Nothing("dark")))
    assert isinstance(shows(looker, "boxes", lambda look: True).shows, Rows)
    assert isinstance(shows(looker, "number", lambda look: True).shows, Series)
    looker.want({"image": Glance("see", "image"), "any": Glance("see")})
    assert shows(looker, "any", lambda look: True).output == "number"  # the picture is missing
    assert "image" not in looker.latest


def made(gap: float, every: float, seconds: float, stops: float = math.inf) -> tuple[list[float], list[float]]:
    """When looks are made and taken, if a value comes `every` so often and looks are taken with `gap` between, until
    nobody takes them any more from `stops` on."""
    shown, takings, looks = -1.0, [-gap, 0.0], list[float]()
    due = math.inf
    for step in range(1, round(seconds / 0.001)):
        now = step * 0.001
        if now >= due:
            shown, due = now, math.inf
            looks.append(now)
        if now < stops and now >= takings[-1] + gap - 1e-9:
            takings.append(now)
        if step % round(every / 0.001) == 0 and due == math.inf:
            due = when_due(now, shown, takings[-1], takings[-1] - takings[-2])
    return looks, takings


@pytest.mark.parametrize("gap", [1 / 30, 0.05, 0.1, 0.2, 0.4])
@pytest.mark.parametrize("every", [0.004, 0.017, 0.033])
def test_of_what_streams_each_taking_finds_one_new_look(gap: float, every: float) -> None:
    looks, takings = made(gap, every, 8.0)
    news = [sum(before < look <= after for look in looks) for before, after in pairwise(takings[4:])]
    assert sum(news) / len(news) == pytest.approx(1.0, abs=0.1)
    assert max(news) == 1 or gap < 2 * every  # a value may come too late for its taking, and make the next one's look


def test_looks_are_made_thirty_times_a_second_at_most_and_twice_at_least() -> None:
    quick, _ = made(1 / 60, 0.004, 4.0)
    assert 25 <= len(quick) / 4.0 <= 30
    slow, _ = made(3.0, 0.01, 30.0)
    assert max(after - before for before, after in pairwise(slow)) <= 0.52


def test_looks_go_on_at_the_same_pace_when_nobody_takes_them() -> None:
    looks, _ = made(0.1, 0.01, 5.0, stops=2.0)
    assert [sum(second <= look < second + 1 for look in looks) for second in (2, 3, 4)] == [10, 10, 10]


@pytest.mark.parametrize("gap", [0.016, 0.1, 0.5, 60.0])
def test_what_comes_alone_is_looked_at_at_once(gap: float) -> None:
    assert when_due(now=100.0, shown=100.0 - 3 * gap, taken=99.9, gap=gap) == 100.0
    assert when_due(now=100.0, shown=0.0, taken=99.9, gap=gap) == 100.0


def test_what_nobody_watches_is_not_kept(looker: Looker) -> None:
    looker.offer(stages()["see"], 1, seen(1))
    assert not looker.knows("see")
    looker.want({"it": Glance("see")})
    looker.offer(stages()["see"], 1, seen(1))
    shows(looker, "it", lambda look: True)
    looker.keep_only({"other"})
    assert looker.latest == {}
    looker.want({})
    assert not looker.knows("see")


def is_of(frame: int, look: Look) -> bool:
    return look.frame == frame


def test_a_value_that_cannot_be_shown_costs_nothing_but_its_look(
    looker: Looker, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Image):
        def __init__(self) -> None:
            super().__init__(np.zeros((4, 4, 3), np.uint8))

        @property
        def array(self) -> np.ndarray:
            raise RuntimeError("no pixels today")

    stage = stages()["see"]
    looker.want({"it": Glance("see", "image"), "number": Glance("see", "number")})
    for frame in range(3):
        looker.offer(stage, frame, (Number(1), None, Broken()))
        shows(looker, "number", partial(is_of, frame))
    looker.offer(stage, 9, seen(9))
    shows(looker, "it", lambda look: look.frame == 9)
    assert caplog.text.count("cannot be shown") == 1


# ---- in a session ----------------------------------------------------------------------------------------------------


def test_a_paused_frame_can_be_looked_at_by_who_did_not_watch_before() -> None:
    with Session(graph_of("t.count", "t.see", "t.stop"), ALL) as session:
        session.send(Step())
        until(lambda: session.snapshot().finished == 1)
        session.send(Step())
        until(lambda: session.snapshot().finished == 2)
        session.send(Watch({"source": Glance("count"), "it": Glance("see", "number"), "end": Glance("stop")}))
        until(lambda: len(session.snapshot().looks) == 3)
        looks = [session.snapshot().looks[name] for name in ("source", "it", "end")]
        assert [(look.summary, look.frame) for look in looks] == [("1", 1), ("1", 1), ("80x60", 1)]
        now = session.snapshot()
        assert (now.finished, now.revision) == (2, 1)  # nothing had to be planned anew


def test_a_node_that_only_a_watcher_asks_for_runs_while_it_is_watched() -> None:
    graph = graph_of("t.count", "t.see", "t.stop", frames=1_000_000)
    graph, say = graph.add(Node("t.say"))
    graph = graph.connect(f"count.number -> {say}.number")
    with Session(graph, ALL) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished > 2)
        assert say not in session.snapshot().nodes
        session.send(Watch({"words": Glance(say)}))
        until(lambda: isinstance(getattr(look_at(session, "words"), "shows", None), Words))
        session.send(Watch({"other": Glance("see")}))
        until(lambda: say not in session.snapshot().nodes)
        before = session.snapshot().revision
        session.send(Watch({}))
        session.send(Watch({"other": Glance("see"), "source": Glance("count")}))
        until(lambda: len(session.snapshot().looks) == 2)
        assert session.snapshot().revision == before


def test_values_of_still_nodes_are_seen_though_no_call_is_needed() -> None:
    graph = graph_of("t.constant", "t.see", "t.stop")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished == 1)
        session.send(Edit(graph.set_param("constant", "value", 8.0)))
        until(lambda: session.snapshot().nodes["see"].runs == 2)
        session.send(Watch({"it": Glance("see", "number")}))
        until(lambda: look_at(session, "it"))
        session.send(Edit(graph))
        until(lambda: getattr(look_at(session, "it"), "summary", "") == "7")
        assert session.snapshot().nodes["see"].runs == 2


class Replaced:
    """How the nodes below stand."""

    inside = threading.Event()
    go = threading.Event()
    closed: list[str] = []


@node("t.replaced", category="Test")
class Replaces:
    """The one called "old" gives its value when the test lets it."""

    class Setup(Params):
        name: str = "old"

    def open(self, setup: Setup) -> None:
        self.name = setup.name

    def run(self, number: Number) -> Text:
        if self.name == "old":
            Replaced.inside.set()
            assert Replaced.go.wait(PATIENCE)
        return Text(self.name)

    def close(self) -> None:
        Replaced.closed.append(self.name)


def test_what_a_replaced_node_gives_at_last_is_not_shown_over_what_there_is_since() -> None:
    known = Registry({**ALL.types, **Registry.of(Replaces).types})
    graph = chain_of(known, "t.constant", "t.replaced")
    with Session(graph, known, interactive=True) as session:
        session.send(Watch({"it": Glance("replaced")}))
        session.send(Start())
        assert Replaced.inside.wait(PATIENCE)
        session.send(Edit(graph.set_param("replaced", "name", "new")))
        until(lambda: getattr(look_at(session, "it"), "summary", "") == "new")
        Replaced.go.set()
        until(lambda: Replaced.closed == ["old"])
        session.send(Watch({"it": Glance("replaced"), "again": Glance("replaced", side=8)}))
        until(lambda: look_at(session, "again"))
        assert [getattr(look_at(session, name), "summary", "") for name in ("it", "again")] == ["new", "new"]


def test_a_value_that_is_missing_leaves_the_last_one_to_be_seen() -> None:
    with Session(graph_of("t.count", "t.say", frames=4), ALL) as session:
        session.send(Watch({"words": Glance("say")}))
        session.send(Start())
        session.wait(PATIENCE)
        until(lambda: getattr(look_at(session, "words"), "summary", "") == "it is 2")


def test_a_run_that_begins_anew_remembers_no_numbers_of_the_one_before() -> None:
    with Session(graph_of("t.count", "t.see", "t.stop"), ALL) as session:
        session.send(Watch({"plot": Glance("see", "number")}))
        for _ in range(2):
            session.send(Start())
            session.wait(PATIENCE)
        until(lambda: getattr(look_at(session, "plot"), "frame", 0) == 4)
        look = look_at(session, "plot")
    assert look is not None
    assert isinstance(look.shows, Series)
    assert look.shows.values == (0, 1, 2, 3, 4)
