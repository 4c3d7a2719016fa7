"""Models that are not on this machine: asked about before the first download, on whatever thread wants them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nodeflow.editor.running.offer_words import also_needed, commercial_use, first_rows, more_rows, summary_of
from nodeflow.editor.running.offers import Offer, Offers, subject
from nodeflow.editor.running.samples import MissingSample, SampleEntry, Samples
from nodeflow.editor.running.shelf import ModelEntry
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, ParamSchema, save
from nodeflow.models import Cancelled, Declined, FetchFailed, Library, Sample
from nodeflow.models.watch import Watch
from tests.models.conftest import Shop, sha, wheel_source


class Wanting(threading.Thread):
    """A node that opens: wants the files of a model, and notes what it is told and what it gets."""

    def __init__(self, library: Library, model_id: str) -> None:
        super().__init__(daemon=True)
        self._library, self._model_id = library, model_id
        self.stop = threading.Event()
        self.told: list[str] = []
        self.got: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.got = self._library.files(self._model_id, lambda text, _: self.told.append(text), self.stop.is_set)
        except Exception as fault:
            self.got = fault

    def result(self) -> Any:
        self.join(60.0)
        assert not self.is_alive()
        return self.got


def _until(found: Callable[[], Offer | None]) -> Offer:
    for _ in range(12_000):
        offer = found()
        if offer is not None:
            return offer
        threading.Event().wait(0.005)
    raise AssertionError("waited in vain")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Cards in a folder, and an empty cache."""
    (tmp_path / "shop").mkdir()
    cards = tmp_path / "config" / "models"
    cards.mkdir(parents=True)
    return Shop(tmp_path / "shop", cards, Library(cache=tmp_path / "cache", folders=(cards,)))


@pytest.fixture
def offers(shop: Shop) -> Offers:
    """What a library with one model asks, whose file is not where its card says."""
    shop.card("m", {"a.onnx": (b"weights", [{"kind": "file", "path": str(shop.folder / "origin")}])}, title="Model M")
    made = Offers()
    shop.library.offer = made.fetch
    return made


def test_nothing_is_fetched_before_somebody_says_yes(shop: Shop, offers: Offers) -> None:
    (shop.folder / "origin").write_bytes(b"weights")
    node = Wanting(shop.library, "m")
    offer = _until(lambda: offers.waiting)
    assert (offer.card.id, offer.size, offer.state) == ("m", 7, "asked")
    assert shop.library.status("m") == "not fetched"
    offer.accept()
    assert node.result()["a.onnx"].read_bytes() == b"weights"
    assert offer.over
    assert offers.waiting is None
    assert "may it be downloaded" in node.told[0]
    assert Wanting(shop.library, "m").result(), "what is here is not asked about"


def test_what_was_declined_is_said_and_asked_about_again(shop: Shop, offers: Offers) -> None:
    for _ in range(2):
        node = Wanting(shop.library, "m")
        _until(lambda: offers.waiting).decline()
        assert isinstance(node.result(), Declined)
        assert "Model M" in str(node.got)


def test_a_download_that_fails_is_offered_again_with_the_reason(shop: Shop, offers: Offers) -> None:
    node = Wanting(shop.library, "m")
    offer = _until(lambda: offers.waiting)
    offer.accept()
    _until(lambda: offer if offer.state == "failed" else None)
    assert offers.waiting is offer
    assert "there is no file" in offer.reasons[0][1]
    assert offer.way_out
    (shop.folder / "origin").write_bytes(b"weights")
    offer.accept()
    assert node.result()["a.onnx"].read_bytes() == b"weights"


def test_who_gives_up_after_a_failure_is_told_why_it_failed(shop: Shop, offers: Offers) -> None:
    node = Wanting(shop.library, "m")
    offer = _until(lambda: offers.waiting)
    offer.accept()
    _until(lambda: offer if offer.state == "failed" else None).decline()
    assert isinstance(node.result(), FetchFailed)


def test_a_run_that_stops_takes_its_question_back(shop: Shop, offers: Offers) -> None:
    node = Wanting(shop.library, "m")
    offer = _until(lambda: offers.waiting)
    node.stop.set()
    assert isinstance(node.result(), Cancelled)
    assert offer.over
    assert offers.waiting is None


def test_two_that_want_the_same_ask_once(shop: Shop, offers: Offers) -> None:
    (shop.folder / "origin").write_bytes(b"weights")
    nodes = [Wanting(shop.library, "m") for _ in range(2)]
    offer = _until(lambda: offer if (offer := offers.waiting) and offer.wanted == 2 else None)
    offer.accept()
    assert all(isinstance(node.result(), dict) for node in nodes)


def test_a_yes_to_several_models_counts_once_for_each(shop: Shop, offers: Offers) -> None:
    (shop.folder / "origin").write_bytes(b"weights")
    offers.allow(["m"])
    assert isinstance(Wanting(shop.library, "m").result(), dict)
    shop.library.cache.path(shop.library.card("m").files[0]).unlink()
    node = Wanting(shop.library, "m")
    _until(lambda: offers.waiting).decline()
    assert isinstance(node.result(), Declined)


@pytest.mark.parametrize("allowed", [False, True])
def test_when_an_offer_is_first_seen_somebody_waits_for_it_and_it_is_known_whether_to_ask(
    shop: Shop, offers: Offers, allowed: bool
) -> None:
    seen: list[tuple[str, bool, bool]] = []

    class Watched(dict[str, Offer]):
        """What frames read, at any moment."""

        def __setitem__(self, ref: str, offer: Offer) -> None:
            super().__setitem__(ref, offer)
            seen.append((offer.state, offer.shown, offer.over))

    offers._offers = Watched()
    if allowed:
        offers.allow(["m"], shown=True)

    def yes(*_: object) -> None:
        offer = offers.of("m")
        assert offer is not None
        offer.accept()

    offers.fetch(shop.library.card("m"), 7, lambda watch: {}, Watch(yes))
    assert seen == [("fetching", True, False) if allowed else ("asked", False, False)]


def test_a_fetch_under_way_can_be_declined(shop: Shop, offers: Offers) -> None:
    card, said = shop.library.card("m"), threading.Event()

    def slow(watch: Watch) -> dict[str, Path]:
        while True:
            watch.say("half", 0.5)
            said.set()
            watch.wait(0.01)

    faults: list[Exception] = []

    def want() -> None:
        try:
            offers.fetch(card, 7, slow, Watch())
        except Exception as fault:
            faults.append(fault)

    thread = threading.Thread(target=want, daemon=True)
    thread.start()
    offer = _until(lambda: offers.waiting)
    offer.accept()
    assert said.wait(60.0)
    assert (offer.text, offer.fraction) == ("half", 0.5)
    assert offers.of("m") is offer
    offer.decline()
    thread.join(60.0)
    assert isinstance(faults[0], Declined)


def test_a_download_counts_each_package_once(shop: Shop) -> None:
    shop.card(
        "m",
        {
            "a": (b"one", [wheel_source("thing", "1.0", "a")]),
            "b": (b"two", [wheel_source("thing", "1.0", "b")]),
            "c": (b"three", [{"kind": "file", "path": "/nowhere"}]),
        },
        pipeline={"kind": "movenet-multi", "size": 64},
    )
    assert shop.library.download_size("m") == 1000 + 5
    place = shop.library.cache.path(shop.library.card("m").files[2])
    place.parent.mkdir(parents=True)
    place.write_bytes(b"three")
    assert shop.library.download_size("m") == 1000


def _sample(name: str, media: str = "video") -> Sample:
    source = {"kind": "wheel", "package": "thing", "version": "1.0", "member": name, "artifact_size": 51_000_000}
    file = {"name": f"{name}.mp4", "size": 4, "sha256": sha(b"clip"), "sources": [source]}
    about = {"title": "People", "media": media, "author": "Somebody", "licence": "BSD", "files": [file]}
    return Sample.model_validate({"id": name, **about})


class WantingSample(Wanting):
    """A node that opens and plays a sample."""

    def run(self) -> None:
        try:
            self.got = self._library.asset(self._model_id, None, self.stop.is_set)
        except Exception as fault:
            self.got = fault


@pytest.fixture
def sampled(shop: Shop, offers: Offers, monkeypatch: pytest.MonkeyPatch) -> Offers:
    monkeypatch.setattr(shop.library, "_samples", {"clip": _sample("clip")})
    return offers


def test_a_sample_is_offered_as_a_model_is(shop: Shop, sampled: Offers) -> None:
    node = WantingSample(shop.library, "clip")
    offer = _until(lambda: sampled.waiting)
    assert (offer.card.ref, offer.size, sampled.of("sample:clip")) == ("sample:clip", 51_000_000, offer)
    assert (subject(offer.card), summary_of(offer)) == ("The clip \u201cclip\u201d", "People.")
    assert dict(first_rows(offer))["Download"] == "51 MB, of which 1 kB are kept"
    assert (commercial_use(offer), more_rows(offer)) == ("", [])
    offer.decline()
    assert isinstance(node.result(), Declined)
    assert "The clip \u201cclip\u201d is not on this machine" in str(node.got)


def test_a_sample_that_is_here_is_not_asked_about(shop: Shop, sampled: Offers) -> None:
    place = shop.library.cache.path(shop.library.samples()["clip"].files[0])
    place.parent.mkdir(parents=True)
    place.write_bytes(b"clip")
    assert WantingSample(shop.library, "clip").result() == place


def test_one_yes_is_for_all_and_shows_each_download_until_it_is_hidden(shop: Shop, sampled: Offers) -> None:
    first = Wanting(shop.library, "m")
    asked = _until(lambda: sampled.waiting)
    sampled.allow(["sample:clip"], shown=True)
    asked.decline()
    first.result()
    card, going = shop.library.samples()["clip"], threading.Event()

    def slow(watch: Watch) -> dict[str, Path]:
        while not going.is_set():
            watch.wait(0.01)
        return {}

    thread = threading.Thread(target=lambda: sampled.fetch(card, 7, slow, Watch()), daemon=True)
    thread.start()
    following = _until(lambda: sampled.waiting)
    assert (following.card, following.state) == (card, "fetching"), "it goes on by itself, and is shown"
    sampled.hide()
    assert sampled.waiting is None
    going.set()
    thread.join(60.0)
    assert following.over


def test_who_cancels_a_download_is_asked_about_the_next(shop: Shop, sampled: Offers) -> None:
    first = Wanting(shop.library, "m")
    asked = _until(lambda: sampled.waiting)
    sampled.allow(["sample:clip"], shown=True)
    sampled.withdraw()
    asked.decline()
    assert isinstance(first.result(), Declined)
    second = WantingSample(shop.library, "clip")
    following = _until(lambda: sampled.waiting)
    assert (following.card.ref, following.state) == ("sample:clip", "asked")
    following.decline()
    assert isinstance(second.result(), Declined)


CLIP = SampleEntry("sample:one_person", "One man", "video", "one_person.mp4", 51_000_000)
PAGE = SampleEntry("sample:page", "A page", "image", "page.png", 0)


def test_what_else_a_graph_needs_is_named_with_its_size() -> None:
    models = [ModelEntry("a", "Model A", 5, False, 36_000_000), ModelEntry("b", "Model B", 5, False, 9_000_000)]
    assert also_needed([], []) == []
    assert also_needed(models, [MissingSample(CLIP, stand_in=False)]) == [
        "This graph also needs Model A (36 MB), Model B (9.0 MB) and the clip \u201cone person\u201d (51 MB)."
    ]
    assert also_needed([], [MissingSample(CLIP, stand_in=True)]) == [
        "Without a camera it also needs the clip \u201cone person\u201d (51 MB)."
    ]


def test_a_graph_misses_the_samples_that_it_names_and_that_are_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    file = ParamSchema("file", "file", "", patterns=("*.mp4", "*.png"))
    video = NodeSchema("t.video", "Video", "Input", params=(file,), clock="every")
    camera = NodeSchema("t.camera", "Camera", "Input", params=(file,), clock="live")
    catalog = Catalog({each.type: each for each in (video, camera)})
    samples = Samples()
    monkeypatch.setattr(samples, "_entries", (CLIP, PAGE))
    graph, _ = Graph().add(Node("t.camera", params={"file": "sample:one_person"}))
    assert samples.missing(graph, catalog) == (MissingSample(CLIP, stand_in=True),)
    graph, _ = graph.add(Node("t.video", params={"file": "sample:one_person"}))
    assert samples.missing(graph, catalog) == (MissingSample(CLIP, stand_in=False),), "needed for sure"
    graph, _ = Graph().add(Node("t.video", params={"file": "sample:page"}))
    graph, _ = graph.add(Node("t.video", params={"file": "sample:nobody_knows"}))
    graph, _ = graph.add(Node("t.video", params={"file": 3}))
    assert samples.missing(graph, catalog) == ()


def test_a_parameter_takes_the_samples_with_its_endings(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = Samples()
    monkeypatch.setattr(samples, "_entries", (CLIP, PAGE))
    assert samples.fitting(ParamSchema("file", "file", "", patterns=("*.MP4",))) == (CLIP,)
    assert samples.fitting(ParamSchema("file", "file", "", patterns=("*.png", "*.jpg"))) == (PAGE,)
    assert samples.fitting(ParamSchema("file", "file", "")) == ()
    assert samples.fitting(ParamSchema("out", "save", "", patterns=("*.mp4",))) == ()


@pytest.mark.gui
def test_a_graph_starts_by_itself_when_its_model_has_arrived(
    open_desk: Callable[..., Any],
    shop: Shop,
    tmp_path: Path,
) -> None:
    origin = tmp_path / "origin"
    shop.card("desk-model", {"a.onnx": (b"weights", [{"kind": "file", "path": str(origin)}])}, title="Desk model")
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.model"), (320.0, 0.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 0.0))
    save(graph.connect("balls.image -> model.image", "model.image -> preview.value"), tmp_path / "g.json")
    env = {"NODEFLOW_CONFIG": str(shop.cards.parent), "NODEFLOW_CACHE": str(shop.library.cache.folder)}
    with open_desk(tmp_path / "g.json", start=True, env=env) as desk:
        look = desk.wait(lambda look: look["popup"] == "OfferNote")
        assert "may it be downloaded" in look["statuses"]["model"][1]
        desk.key("Escape")
        look = desk.wait(lambda look: look["statuses"].get("model", [""])[0] == "failed")
        assert "Desk model is not on this machine" in look["statuses"]["model"][1]

        desk.click(desk.steady(lambda look: look["ways"].get("model.retry")))
        desk.press("Download")
        desk.wait(lambda look: "Try again" in look["buttons"])
        origin.write_bytes(b"weights")
        desk.press("Try again")
        look = desk.wait(lambda look: look["finished"] > 3 and look["popup"] is None)
        assert look["statuses"]["model"][0] in ("ready", "running")
