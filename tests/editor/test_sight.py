"""What the viewer asks the run for, and what it makes of the answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.looking.copied import as_text
from nodeflow.editor.looking.pixels import curve, in_lines, in_words, is_bright, pixel_at, pixel_words, whole_parts
from nodeflow.editor.looking.sight import Sight, enlargement, name
from nodeflow.editor.running.lens import Lens, cut, of_part, same_point, scaled
from nodeflow.editor.running.viewing import Viewing
from nodeflow.engine.look import Glance, Look, Part, Picture, Rows, Series, Shown, Spread, Wave, Words
from nodeflow.graph import Endpoint

MAIN, OTHER = Endpoint("blur", "image"), Endpoint("camera", "image")
ROOM = Rect.of(0.0, 0.0, 800.0, 600.0)


def look(shows: Shown, spot: Endpoint = MAIN) -> Look:
    return Look(1, spot.node, spot.port, 7, 0.0, "Image", "in words", "cpu", shows)


def picture(width: int, height: int, part: Part | None = None) -> Picture:
    part = part or (0, 0, width, height)
    return Picture(np.zeros((min(part[3], 50), min(part[2], 50), 3), np.uint8), width, height, part)


def sight(viewing: Viewing, main: Picture | None = None, other: Picture | None = None) -> Sight:
    looks = {name("main", MAIN): look(main)} if main else {}
    looks |= {name("other", OTHER): look(other, OTHER)} if other else {}
    return Sight(viewing, looks, MAIN, OTHER if other else None)


def test_a_picture_that_fits_is_asked_for_whole_and_no_larger_than_the_room() -> None:
    wanted = sight(Viewing()).glances(ROOM, None)
    assert wanted == {name("main", MAIN): Glance("blur", "image", 960)}
    wanted = sight(Viewing(), picture(4000, 3000)).glances(ROOM, (5, 6))
    assert wanted == {name("main", MAIN): Glance("blur", "image", 960, None, (5, 6))}
    wanted = sight(Viewing(), picture(100, 80)).glances(ROOM, None)
    assert wanted[name("main", MAIN)].side >= 100  # small ones come pixel by pixel


def test_a_zoomed_picture_is_asked_for_by_its_part_and_a_small_one_stands_in() -> None:
    viewing = Viewing()
    viewing.lens = Lens().at(4.0, ROOM.center, ROOM, (4000, 3000))
    wanted = sight(viewing, picture(4000, 3000)).glances(ROOM, None)
    glance = wanted[name("main", MAIN)]
    assert glance.part is not None
    assert glance.side == max(glance.part[2:])
    assert glance.side <= 800
    assert wanted[name("base", MAIN)].part is None
    viewing.lens = Lens().at(0.5, ROOM.center, ROOM, (4000, 3000))
    glance = sight(viewing, picture(4000, 3000)).glances(ROOM, None)[name("main", MAIN)]
    assert glance.part is not None
    assert glance.side == -(-max(glance.part[2:]) // 2)


def test_the_other_picture_is_asked_for_by_the_same_part_of_it() -> None:
    viewing = Viewing()
    viewing.lens = Lens().at(4.0, ROOM.center, ROOM, (4000, 3000))
    wanted = sight(viewing, picture(4000, 3000), picture(2000, 1500)).glances(ROOM, (400, 300))
    main, other = wanted[name("main", MAIN)], wanted[name("other", OTHER)]
    assert main.part is not None
    assert other.part == scaled(main.part, (4000, 3000), (2000, 1500))
    assert other.point == (200, 150)


def test_pins_are_seen_small_whatever_is_shown() -> None:
    viewing = Viewing()
    viewing.pin(OTHER)
    wanted = Sight(viewing, {}, None, None).glances(ROOM, None)
    assert wanted == {name("pin", OTHER): Glance("camera", "image", 128)}


def test_a_contact_sheet_is_always_shown_whole() -> None:
    viewing = Viewing()
    viewing.lens = Lens().at(4.0, ROOM.center, ROOM, (400, 300))
    sheet = Picture(np.zeros((300, 400, 3), np.uint8), 400, 300, (0, 0, 400, 300), items=9)
    assert sight(viewing, sheet).glances(ROOM, None)[name("main", MAIN)].part is None


def test_pixels_are_enlarged_as_far_as_a_texture_should_go() -> None:
    small = Picture(np.zeros((30, 40, 3), np.uint8), 400, 300, (0, 0, 40, 30))
    assert [enlargement(small, scale) for scale in (1.0, 1.9, 2.0, 16.5)] == [1, 1, 2, 17]
    large = Picture(np.zeros((1000, 1000, 3), np.uint8), 1000, 1000, (0, 0, 1000, 1000))
    assert enlargement(large, 16.0) == 1
    shrunk = Picture(np.zeros((30, 40, 3), np.uint8), 400, 300, (0, 0, 400, 300))
    assert enlargement(shrunk, 16.0) == 1


def test_a_pixel_is_told_from_the_part_that_is_there() -> None:
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    here = Picture(pixels, 100, 100, (10, 20, 3, 2))
    assert pixel_at(here, 11, 21) == (12.0, 13.0, 14.0)
    assert [pixel_at(here, *at) for at in ((9, 20), (13, 20), (10, 22))] == [None, None, None]
    mask = Picture(pixels, 100, 100, (10, 20, 3, 2), weights=np.full((2, 3), 0.25, np.float32))
    assert pixel_at(mask, 10, 20) == (0.25,)


def test_two_pictures_of_one_scene_are_told_at_the_same_place() -> None:
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[3, 5] = (255, 128, 0)
    point = same_point((10, 7), (12, 8), (6, 4))
    assert point == (5, 3)
    assert pixel_words(Picture(pixels, 6, 4, (0, 0, 6, 4)), *point) == "255 128 0  #ff8000"
    shrunk = Picture(pixels[:2, :3], 6, 4, (0, 0, 6, 4))
    assert pixel_words(shrunk, *point) == ""
    assert pixel_words(replace(shrunk, pixel=(0.25,)), *point) == "0.2500"


def test_where_there_is_little_room_a_pixel_is_told_in_whole_numbers() -> None:
    told = "917, 144   166 170 174  #a6aaae"

    def told_in(room: int) -> str:
        return whole_parts(told, lambda part: len(part) <= room)

    shorter = {told_in(room) for room in range(40)}
    assert shorter == {told, "917, 144   166 170 174", "917, 144"}


def test_a_pixel_in_words() -> None:
    assert in_words((255.0, 128.0, 0.0)) == "255 128 0  #ff8000"
    assert in_words((0.5,)) == "0.5000"
    assert in_lines((1.0, 2.0, 3.0)) == ["1", "2", "3"]
    assert in_lines((0.12345,)) == ["0.123"]
    assert is_bright((250.0, 250.0, 250.0))
    assert not is_bright((0.2,))


def test_a_histogram_is_as_high_as_its_fullest_inner_level() -> None:
    counts = np.zeros(256, np.int64)
    counts[0], counts[100], counts[200] = 1_000_000, 400, 100
    heights = curve(counts)
    assert (heights[0], heights[100], heights[200], heights[50]) == (1.0, 1.0, 0.5, 0.0)
    assert curve(np.zeros(256, np.int64)) == [0.0] * 256


@pytest.mark.parametrize(
    ("shows", "text"),
    [
        (Rows(("a", "b"), ((1, "x\ty"), (None, True)), 2), "a\tb\n1\tx y\n\tTrue"),
        (Series((5.0, 5.5), (1.0, 2.5), "m"), "seconds\tvalue m\n0.0000\t1.0\n0.5000\t2.5"),
        (Words("all of it", 9), "all of it"),
        (Spread((2,), ("n",), "float32", first=(1.0, 2.0)), "1.0\n2.0"),
        (Spread((2, 2), ("y", "x"), "float32"), "in words"),
        (Wave((), (), 0.0, 1, 0), "in words"),
    ],
)
def test_values_are_copied_as_text(shows: Shown, text: str) -> None:
    assert as_text(look(shows)) == text


def test_a_part_lies_where_it_belongs_and_is_cut_at_the_room() -> None:
    whole = Rect.of(-100.0, 0.0, 400.0, 300.0)
    assert of_part(whole, (10, 0, 20, 30), (40, 30)) == Rect.of(0.0, 0.0, 200.0, 300.0)
    found = cut(whole, Rect.of(0.0, 0.0, 100.0, 300.0))
    assert found == (Rect.of(0.0, 0.0, 100.0, 300.0), Rect(0.25, 0.0, 0.5, 1.0))
    assert cut(whole, Rect.of(500.0, 0.0, 100.0, 300.0)) is None
