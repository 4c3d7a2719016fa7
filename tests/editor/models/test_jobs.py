"""What is done with models on threads: fetching, checking, removing, and what is kept of measuring."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from nodeflow.editor.models.entries import Entry, Stock, read_entries
from nodeflow.editor.models.jobs import Job, Jobs, Stopped
from nodeflow.editor.models.measures import (
    FILE,
    Measurement,
    keep_measurement,
    read_measurements,
    this_machine,
)
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.notices import Notices
from nodeflow.editor.running.offers import Offer, Offers
from nodeflow.models import Library
from nodeflow.models.adding import add_model
from nodeflow.models.sessions import Sessions
from nodeflow.node import load_registry
from tests.editor.fakes import Bench
from tests.models.conftest import Shop
from tests.models.tiny_onnx import add_one

from .shop import entry


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """One model whose file is a copy from this machine, in the library of this process."""
    folder, cards = tmp_path / "shop", tmp_path / "cards"
    folder.mkdir()
    cards.mkdir()
    library = Library(cache=tmp_path / "cache", folders=(cards,))
    monkeypatch.setattr("nodeflow.models.library", lambda: library)
    made = Shop(folder, cards, library)
    (folder / "origin").write_bytes(b"weights")
    made.card("m", {"a.onnx": (b"weights", [{"kind": "file", "path": str(folder / "origin")}])}, title="Model M")
    return made


def _entry(shop: Shop) -> Entry:
    return read_entries(shop.library)[0][0]


def _nothing(entry: Entry, job: Job) -> str:
    return ""


class Office:
    """Jobs that measure as `work` says."""

    def __init__(self, work: Callable[[Entry, Job], str] = _nothing) -> None:
        self.notices = Notices()
        self.stock, self.offers = Stock(), Offers()
        self.jobs = Jobs(self.stock, self.offers, self.notices, work)

    def finish(self, model_id: str) -> list[str]:
        job = self.jobs.of(model_id)
        assert job is not None
        job.wait(60.0)
        assert job.over
        self.jobs.update()
        assert self.jobs.of(model_id) is None
        return [notice.text for notice in self.notices.current()]


def test_what_is_read_of_a_model_is_its_card_and_whether_it_is_here(shop: Shop) -> None:
    known = _entry(shop)
    assert (known.id, known.title, known.here, known.size, known.checked) == ("m", "Model M", False, 7, False)
    assert (known.task_title, known.commercial, known.measured) == ("People and their joints", "unclear", None)
    shop.library.files("m")
    assert _entry(shop).here
    assert _entry(shop).download == 0


def test_a_model_is_fetched_without_being_asked_about_again(shop: Shop) -> None:
    office = Office()
    shop.library.offer = office.offers.fetch
    office.jobs.get(_entry(shop))
    office.finish("m")  # what cannot be opened as a network is said; its file is here all the same
    assert shop.library.status("m") == "ready"
    assert office.offers.waiting is None


def test_files_are_checked_and_removed(shop: Shop) -> None:
    shop.library.files("m")
    office = Office()
    office.jobs.verify(_entry(shop))
    assert office.finish("m") == ["Model M is whole: 1 file as published"]
    path = shop.library.cache.path(shop.library.card("m").files[0])
    path.write_bytes(b"weightz")
    office.jobs.verify(_entry(shop))
    assert "a.onnx was not what it should be" in office.finish("m")[-1]
    shop.library.files("m")
    office.jobs.remove(_entry(shop))
    assert "removed" in office.finish("m")[-1]
    assert shop.library.status("m") == "not fetched"


def test_a_model_that_a_graph_has_open_is_not_removed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.library.files("m")
    ours = Sessions()
    ours.sweeps = False
    monkeypatch.setattr("nodeflow.models.sessions.sessions", ours)
    lease = ours.take("key", "m: pose", 7, lambda: SimpleNamespace(provider="CPU", device="cpu"))
    office = Office()
    office.jobs.remove(_entry(shop))
    assert office.finish("m") == ["Model M: it is in use by 1 node: stop the graph, or give the node another model"]
    assert shop.library.status("m") == "ready"
    del lease
    office.jobs.remove(_entry(shop))
    assert "removed" in office.finish("m")[-1]


def test_converted_files_that_are_not_needed_are_seen_and_cleared(shop: Shop) -> None:
    old = shop.library.cache.folder / "onnx" / ("0" * 16) / "m.onnx"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x" * 3_000_000)
    office = Office()
    office.stock._read()
    disk = office.stock.disk
    assert (disk.prunable, disk.words.split(" in ")[0], disk.fault) == (3_000_000, "3.0 MB", ())
    office.jobs.prune()
    assert office.finish("") == ["3.0 MB are free again"]
    assert not old.exists()


def test_where_the_limit_of_converted_files_is_no_size_that_is_said_beside_what_they_take(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.library.files("m")
    monkeypatch.setenv("NODEFLOW_CONVERTED_LIMIT", "much")
    office = Office()
    office.stock._read()
    disk = office.stock.disk
    assert (disk.words.split(" in ")[0], disk.prunable) == ("1 kB", 0)
    assert disk.fault == (
        "NODEFLOW_CONVERTED_LIMIT is 'much', which is no size:",
        "set it to one like 500 MB, or unset it, and start NodeFlow again",
    )
    assert [entry.id for entry in office.stock.entries or ()] == ["m"]
    monkeypatch.setenv("NODEFLOW_CONVERTED_LIMIT", "1 GB")
    office.stock._read()
    assert office.stock.disk.fault == ()


def test_one_thing_at_a_time_is_done_with_a_model_and_it_can_be_cancelled() -> None:
    begun = threading.Event()

    def work(_entry: Entry, job: Job) -> str:
        begun.set()
        while not job.cancelled:
            threading.Event().wait(0.001)
        raise Stopped

    office = Office(work)
    office.jobs.measure(entry("m"))
    first = office.jobs.of("m")
    begun.wait(60.0)
    office.jobs.verify(entry("m"))
    assert office.jobs.of("m") is first
    office.jobs.cancel("m")
    assert office.finish("m") == [], "who cancels knows it"


def test_what_a_node_fetches_is_seen_and_cancelled_as_what_was_asked_for_here(shop: Shop) -> None:
    office, offer = Office(), Offer(shop.library.card("m"), 7)
    office.offers._offers["m"] = offer
    assert office.jobs.fetching("m") is None, "it is only offered yet"
    offer.accept()
    assert office.jobs.fetching("m") is offer
    office.jobs.cancel("m")
    assert offer.declined


def test_a_few_models_are_fetched_at_a_time_and_those_that_wait_can_be_cancelled(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, under_way = threading.Event(), threading.Semaphore(0)

    def fetch(_model_id: str, _tell: object, _cancelled: object) -> None:
        under_way.release()
        assert go.wait(60.0)

    monkeypatch.setattr(shop.library, "fetch", fetch)
    office = Office()
    for number in range(5):
        office.jobs.get(entry(f"m{number}"))
    for _ in range(3):
        assert under_way.acquire(timeout=60.0)
    jobs = [office.jobs.of(f"m{number}") for number in range(5)]
    office.jobs.close(0.0)
    go.set()
    for job in jobs:
        assert job is not None
        job.wait(60.0)
        assert job.over
    assert not under_way.acquire(blocking=False), "the others waited until they were cancelled"


def test_what_goes_wrong_is_said() -> None:
    def work(_entry: Entry, _job: Job) -> str:
        raise RuntimeError("no room")

    office = Office(work)
    office.jobs.measure(entry("m", title="Model M"))
    assert office.finish("m") == ["Model M: no room"]


def test_figures_are_kept_for_this_machine_only(tmp_path: Path) -> None:
    mine = Measurement(12.5, 30, "CPU", None, 0.2, "astronaut", this_machine(), "2026-11-26")
    other = Measurement(1.5, 30, "CUDA", 1, 0.2, "astronaut", "another", "2026-11-26")
    keep_measurement(tmp_path, "a", mine)
    keep_measurement(tmp_path, "b", other)
    assert read_measurements(tmp_path) == {"a": mine}
    assert read_measurements(tmp_path, "another") == {"b": other}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 3, "b": {"ms": "x"}}', '{"a": {"ms": -1}}'])
def test_a_file_of_figures_that_is_not_in_order_has_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_measurements(tmp_path) == {}


def test_what_was_not_used_for_long_is_offered_and_removed_when_a_person_says_yes(shop: Shop) -> None:
    shop.library.files("m")
    for file in shop.library.card("m").files:
        path = shop.library.cache.path(file)
        os.utime(path, (time.time() - 40 * 86_400, path.stat().st_mtime))
    bench = Bench()
    room = ModelRoom(bench.workspace)
    room.stock.entries = read_entries(shop.library)[0]
    assert [each.id for each in room.unused(30)] == ["m"]
    assert room.unused(90) == []
    room.ask_remove_unused(30)
    assert bench.front.opened[-1][0] == "sure"
    assert room.jobs.of("m") is None, "not before somebody says so"
    bench.front.sure = True
    room.ask_remove_unused(30)
    job = room.jobs.of("m")
    assert job is not None
    job.wait(60.0)
    assert shop.library.status("m") == "not fetched"


def test_the_models_to_try_are_fetched_together_when_a_person_says_yes(shop: Shop) -> None:
    bench = Bench()
    room = ModelRoom(bench.workspace)
    (known,) = read_entries(shop.library)[0]
    room.stock.entries = (replace(known, default=True, checked=True), entry("other", default=True, checked=False))
    assert [each.id for each in room.untried()] == ["m"], "what was not checked is not pressed on anybody"
    room.ask_get_untried()
    assert bench.front.opened == [("sure", "Get 1 model to try?")]
    assert room.jobs.of("m") is None
    bench.front.sure = True
    room.ask_get_untried()
    job = room.jobs.of("m")
    assert job is not None
    job.wait(60.0)
    assert shop.library.status("m") == "ready"


def test_a_model_file_becomes_a_card_that_is_shown(shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("nodeflow.models.adding.user_cards", lambda: shop.cards)
    bench = Bench()
    room = ModelRoom(bench.workspace)
    room.browsing.look_for("something else")
    bench.front.path = add_one(tmp_path / "plus_one.onnx")
    room.ask_file()
    job = room.jobs.of(str(bench.front.path))
    assert job is not None
    job.wait(60.0)
    room.update()
    assert "plus_one" in bench.workspace.notices.current()[-1].text
    room.stock.entries = read_entries(shop.library)[0]
    room.update()
    assert (room.browsing.card, room.browsing.filters.empty) == ("plus_one", True)
    made = room.stock.get("plus_one")
    assert made is not None
    assert (made.commercial, made.checked, made.here) == ("unclear", False, True)


def test_a_model_of_ones_own_lies_on_the_canvas_with_the_ports_of_its_file(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number in ("one", "two"):
        add_model(str(add_one(tmp_path / f"{number}.onnx")), shop.library, folder=shop.cards)
        shop.library.fetch(number)
    registry = load_registry()
    bench = Bench()
    workspace = bench.workspace
    workspace.use_catalog(registry.catalog, registry.adapted)
    room = ModelRoom(workspace)
    one, two = (each for each in read_entries(shop.library)[0] if each.task == "onnx-model")
    room.drop(one, (0.0, 0.0))
    node = workspace.graph["onnx"]
    assert node.params["model"] == "one"
    schema = workspace.catalog.get(node.type)
    assert schema is not None
    assert ([port.name for port in schema.inputs], [port.name for port in schema.outputs]) == (["x"], ["y", "z"])
    room.drop(two, workspace.canvas.scene.boxes["onnx"].bounds.center)
    assert workspace.graph["onnx"].params["model"] == "two"
    assert list(workspace.graph.nodes) == ["onnx"]
    room.compare(one)
    copy = workspace.graph["onnx_2"]
    assert (copy.params["model"], copy.type) == ("one", node.type)


def test_a_file_that_is_no_model_is_said_and_nothing_is_added(shop: Shop, tmp_path: Path) -> None:
    bench = Bench()
    room = ModelRoom(bench.workspace)
    bench.front.path = tmp_path / "words.onnx"
    bench.front.path.write_text("no model")
    room.ask_file()
    job = room.jobs.of(str(bench.front.path))
    assert job is not None
    job.wait(60.0)
    room.update()
    assert bench.workspace.notices.current()[-1].level == "error"
    assert shop.library.ids() == ["m"]
