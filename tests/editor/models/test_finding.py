"""Looking for models: by letters, by words, by what they take and give, by licence, state and time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.models.browsing import Browsing
from nodeflow.editor.models.finding import FACETS, Facet, Filters, choices, fits, found, named
from nodeflow.editor.models.page import Page

from .shop import ENTRIES, entry

_facets = st.sampled_from(list(FACETS))
_values = st.sampled_from(
    ["", "extract", "pose", "Image", "Poses", "yes", "no", "unclear", "here", "not fetched", "not checked", "10", "any"]
)
_filters = st.builds(
    lambda query, chosen: Filters(query, **chosen),
    st.text("posegmvnt bl", max_size=6),
    st.dictionaries(_facets, _values, max_size=3),
)


def _ids(query: str = "", **chosen: str) -> list[str]:
    return [each.id for each in found(ENTRIES, Filters(query, **chosen))]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("blaze", "blazepose-full"),
        ("blzp", "blazepose-full"),
        ("mvnt", "movenet"),
        ("pictures in a style", "styles"),
        ("image to poses", "blazepose-full"),
        ("Vector -> Image", "faces"),
        ("dcgan", "faces"),
        ("mocap", "movenet"),
        ("capture of motion", "movenet"),
    ],
)
def test_a_model_is_found_by_letters_task_and_kinds(query: str, first: str) -> None:
    assert _ids(query)[0] == first


def test_an_author_finds_all_that_is_theirs_and_nonsense_nothing() -> None:
    assert _ids("google") == ["blazepose-full", "movenet"]
    assert _ids("zzqx") == []


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        ({"family": "transform"}, ["styles"]),
        ({"task": "pose"}, ["blazepose-full", "movenet"]),
        ({"takes": "Vector"}, ["faces"]),
        ({"gives": "Image"}, ["styles", "faces"]),
        ({"licence": "yes"}, ["blazepose-full", "movenet"]),
        ({"licence": "unclear"}, ["styles"]),
        ({"licence": "no"}, ["faces"]),
        ({"state": "here"}, ["blazepose-full", "faces"]),
        ({"state": "not fetched"}, ["movenet", "styles"]),
        ({"state": "not checked"}, ["faces"]),
        ({"speed": "10"}, ["movenet"]),
        ({"speed": "33"}, ["blazepose-full", "movenet"]),
        ({"speed": "any"}, ["blazepose-full", "movenet"]),
        ({"task": "pose", "state": "here"}, ["blazepose-full"]),
    ],
)
def test_each_filter_leaves_what_it_says(chosen: dict[str, str], ids: list[str]) -> None:
    assert _ids(**chosen) == ids


@given(_filters)
def test_what_is_found_fits_and_is_found_once(filters: Filters) -> None:
    hits = found(ENTRIES, filters)
    assert len({each.id for each in hits}) == len(hits)
    assert all(fits(each, filters) for each in hits)


@given(_filters, _facets)
def test_a_choice_says_how_many_it_leaves(filters: Filters, facet: Facet) -> None:
    for value, (title, count) in choices(ENTRIES, filters, facet).items():
        assert len(found(ENTRIES, filters.set(facet, value))) == count > 0
        assert title == named(ENTRIES, facet, value)


def test_with_nothing_looked_for_the_top_models_come_first_and_every_model_once() -> None:
    browsing = Browsing()
    sections = browsing.sections(ENTRIES)
    assert (sections[0].title, sections[0].tiles) == ("Top models to try", True)
    assert [each.id for each in sections[0].entries] == ["blazepose-full", "styles", "faces"]
    listed = [each.id for section in sections for each in section.entries]
    assert sorted(listed) == sorted(each.id for each in ENTRIES)
    browsing.marked = 2
    browsing.look_for("move")
    assert (browsing.marked, browsing.first) == (-1, 0), "Enter takes the best of what was found"
    assert [section.title for section in browsing.sections(ENTRIES)] == ["1 model"]
    browsing.look_for("zzqx")
    assert browsing.sections(ENTRIES) == []
    browsing.card = "movenet"
    browsing.only("pose")
    assert (browsing.card, browsing.filters) == ("", Filters(task="pose"))
    browsing.clear()
    assert browsing.filters.empty


def test_keys_go_through_the_filters_and_back_to_the_list() -> None:
    browsing = Browsing()
    browsing.marked = 1
    seen = []
    for _ in range(len(FACETS) + 1):
        browsing.step_chip(1)
        seen.append(browsing.chip)
    assert (seen, browsing.marked) == ([*FACETS, ""], -1)
    browsing.step_chip(-1)
    last = browsing.chip
    browsing.set("task", "pose")
    browsing.step_chip(1)
    assert (last, browsing.chip) == ("speed", "clear"), "which is there once a filter is set"
    browsing.clear()
    browsing.step_chip(1)
    assert browsing.chip == ""


@given(width=st.floats(240, 1200), count=st.integers(0, 40))
def test_models_lie_apart_within_the_list_and_arrows_reach_them(width: float, count: int) -> None:
    many = [entry(f"m{number}", default=number % 2 == 0) for number in range(count)]
    page = Page.of(Browsing().sections(many), width)
    assert len(page.spots) == count
    for place, spot in enumerate(page.spots):
        assert 0.0 <= spot.rect.left < spot.rect.right <= width
        assert spot.rect.bottom <= page.height
        assert spot.rect.holds(spot.picture)
        assert page.at(spot.rect.center) == place
        assert not any(spot.rect.grown(-0.5).meets(other.rect.grown(-0.5)) for other in page.spots[place + 1 :])
    reached, new = {page.beside(-1, 0, 1)}, {page.beside(-1, 0, 1)}
    while new - {-1}:
        new = {page.beside(now, *way) for now in new for way in ((1, 0), (-1, 0), (0, 1), (0, -1))} - reached
        reached |= new
    assert reached - {-1} == set(range(count))
