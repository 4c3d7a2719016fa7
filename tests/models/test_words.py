"""Text in pictures: boxes of maps, letters of columns, the order of lines; and a real page."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library
from nodeflow.models.words import Line
from nodeflow.models.words.detector import boxes, from_the_start
from nodeflow.models.words.reader import in_reading_order, letters, spelled, upright
from nodeflow.testing.nodes import open_node
from nodeflow.values import Image
from nodes.words.reading import ReadText

KNOWN = letters("a\nb\nc")


@given(st.lists(st.integers(0, 4), max_size=30))
def test_letters_that_repeat_are_one_and_a_blank_tells_two_apart(columns: list[int]) -> None:
    likely = np.full((len(columns), 5), 0.05, np.float32)
    likely[np.arange(len(columns)), columns] = 0.8
    wanted = "".join(
        KNOWN[letter] for i, letter in enumerate(columns) if letter and (i == 0 or columns[i - 1] != letter)
    )
    text, sure = spelled(likely, KNOWN)
    assert text == wanted
    assert sure == pytest.approx(0.8 if wanted else 0.0, abs=1e-5)


def test_the_letters_are_nothing_first_and_a_space_last() -> None:
    assert KNOWN == ("", "a", "b", "c", " ")
    with pytest.raises(BadModel, match="7 letters apart and names 5"):
        spelled(np.zeros((3, 7), np.float32), KNOWN)


@given(st.floats(-0.6, 0.6), st.floats(60, 160), st.floats(8, 20))
def test_a_box_lies_around_its_core_and_grows(turn: float, wide: float, high: float) -> None:
    y, x = np.mgrid[0:240, 0:240] + 0.5
    along = (x - 120) * math.cos(turn) + (y - 120) * math.sin(turn)
    across = (y - 120) * math.cos(turn) - (x - 120) * math.sin(turn)
    likely = ((np.abs(along) < wide / 2) & (np.abs(across) < high / 2)).astype(np.float32)
    (box,) = boxes(likely)
    assert box.mean(axis=0) == pytest.approx((120, 120), abs=1.5)
    length, height = np.linalg.norm(box[1] - box[0]), np.linalg.norm(box[3] - box[0])
    grown = 1.6 * wide * high / (wide + high)
    assert length == pytest.approx(wide + grown, abs=5)
    assert height == pytest.approx(high + grown, abs=5)
    tilt = math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0])
    assert tilt == pytest.approx(turn, abs=0.06)


def test_specks_and_faint_places_are_no_lines() -> None:
    speck, faint = np.zeros((64, 64), np.float32), np.zeros((64, 64), np.float32)
    speck[10, 10] = 1
    faint[20:30, 5:60] = 0.4
    assert boxes(speck) == boxes(faint) == []


@given(st.permutations([(10.0, 10.0), (90.0, 12.0), (90.0, 32.0), (10.0, 30.0)]))
def test_corners_begin_at_the_upper_left(corners: list[tuple[float, float]]) -> None:
    first = from_the_start(np.array(corners, np.float32))
    np.testing.assert_allclose(first, ((10, 10), (90, 12), (90, 32), (10, 30)))


@given(st.floats(-40, 40), st.floats(40, 200), st.floats(12, 30))
def test_a_line_is_cut_out_as_by_a_perspective_through_all_four_corners(turn: float, wide: float, high: float) -> None:
    """As RapidOCR does it: lines are rectangles, for which three corners say as much."""
    picture = np.random.default_rng(0).integers(0, 256, (300, 300, 3)).astype(np.uint8)
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 3), np.uint8)
    corners = from_the_start(np.asarray(cv2.boxPoints(((150, 150), (wide, high), turn)), np.float32))
    ours = upright(Image(picture), corners)
    width, height = ours.shape[1], ours.shape[0]
    target = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    matrix = cv2.getPerspectiveTransform(corners - np.float32(0.5), target - np.float32(0.5))
    flags, border = cv2.INTER_CUBIC, cv2.BORDER_REPLICATE
    theirs = cv2.warpPerspective(picture, matrix, (width, height), flags=flags, borderMode=border)
    assert np.abs(ours.astype(int) - np.asarray(theirs)).max() <= 2


def test_a_line_is_cut_out_level_also_where_it_runs_down() -> None:
    picture = np.zeros((120, 200, 3), np.uint8)
    picture[40:60, 30:80], picture[40:60, 80:130] = (255, 0, 0), (0, 255, 0)
    cut = upright(Image(picture), np.array(((30, 40), (130, 40), (130, 60), (30, 60)), np.float32))
    assert cut.shape == (48, 240, 3)
    assert (cut[24, 20].tolist(), cut[24, 220].tolist()) == ([255, 0, 0], [0, 255, 0])
    tall = Image(np.ascontiguousarray(np.rot90(picture, -1)))  # it reads from above to below
    down = upright(tall, np.array(((60, 30), (80, 30), (80, 130), (60, 130)), np.float32))
    assert (down[24, 20].tolist(), down[24, 220].tolist()) == ([255, 0, 0], [0, 255, 0])


def line(text: str, x: float, y: float) -> Line:
    return Line(text, 1.0, np.array(((x, y), (x + 50, y), (x + 50, y + 20), (x, y + 20)), np.float32))


@given(st.permutations([line("a", 0, 0), line("b", 60, 4), line("c", 0, 30), line("d", 200, 27), line("e", 5, 60)]))
def test_lines_are_read_from_top_to_bottom_and_left_to_right(lines: list[Line]) -> None:
    assert "".join(each.text for each in in_reading_order(lines)) == "abcde"


RAPIDOCR = {
    "Region-basedsegmentation": (7, 12, 292, 33),
    "Let us first determine markers of the coins and the": (4, 47, 379, 66),
    "background.These markers are pixels that we can label": (3, 63, 379, 86),
    "unambiguously as either object or background.Here,": (3, 81, 378, 104),
    "histogram ofgreyvalues:": (4, 114, 172, 140),
}
"""What RapidOCR 1.4.4 reads of the sample page with the same two networks, and where, in whole pixels. It leaves out
two lines, and some spaces; those are kept where a line is cut out of the page in one step."""


@pytest.mark.weights
def test_a_page_and_painted_words_are_read(library: Library) -> None:
    import cv2

    page = Image.from_bgr(np.asarray(cv2.imread(str(library.asset("page")))))
    sign = np.full((200, 640, 3), 235, np.uint8)
    cv2.putText(sign, "NodeFlow", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (20, 20, 120), 5, cv2.LINE_AA)
    turned = Image(sign).warped((0.98, -0.17, 30, 0.17, 0.98, -50), 640, 220)
    with open_node(ReadText) as read:
        text, lines = read(page)
        words = text.value.replace(" ", "").lower()
        for wanted in ("Region-based segmentation", "pixels that we can label", "histogram of grey values"):
            assert wanted.replace(" ", "").lower() in words
        assert text.value.splitlines()[0].startswith("Region-based")
        assert len(lines) == len(text.value.splitlines())
        found = {lines.label(i).replace(" ", ""): lines.xyxy[i] for i in range(len(lines))}
        for line, box in RAPIDOCR.items():
            np.testing.assert_allclose(found[line.replace(" ", "")], box, atol=1.6)
        assert [each.value for each in (read(Image(sign))[0], read(turned)[0])] == ["NodeFlow", "NodeFlow"]
        assert read(Image(np.full((64, 64, 3), 128, np.uint8)))[0].value == ""
