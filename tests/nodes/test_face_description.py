"""Faces that are known again: real weights on real pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from nodeflow.models import Library
from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Image, Vector
from nodes.faces.description import Describe, Known
from nodes.faces.faces import FindFaces
from nodes.objects.objects import crops

Frames = Callable[..., Iterator[Image]]


@pytest.fixture(scope="module")
def astronaut(library: Library) -> Image:
    return Image.from_bgr(np.asarray(cv2.imread(str(library.asset("astronaut")))))


def face_of(image: Image) -> Image:
    faces, _ = run_node(FindFaces, image)
    (face,) = run_node(crops, image, faces)
    assert isinstance(face, Image)
    return face


@pytest.mark.weights
def test_the_astronaut_is_taken_for_a_woman_in_her_thirties(astronaut: Image) -> None:
    age, gender, embedding = run_node(Describe, face_of(astronaut))
    assert 22 < age.value < 45
    assert gender.top(1)[0][0] == "woman"
    assert np.linalg.norm(embedding.values) == pytest.approx(1, abs=1e-4)


@pytest.mark.weights
def test_ten_pixels_more_around_a_face_are_the_same_person(astronaut: Image) -> None:
    """As the author's code shows faces; here the box is shown as it was found."""
    faces, _ = run_node(FindFaces, astronaut)
    left, top, right, bottom = (round(float(each)) for each in faces.xyxy[0])
    shown = [
        astronaut.cropped(left - more, top - more, right - left + 2 * more, bottom - top + 2 * more) for more in (0, 10)
    ]
    with open_node(Describe) as describe:
        (age, gender, ours), (their_age, their_gender, theirs) = map(describe, shown)
    assert ours.values @ theirs.values > 0.85
    assert gender.top(1)[0][0] == their_gender.top(1)[0][0]
    assert abs(age.value - their_age.value) < 6


@pytest.mark.weights
def test_a_person_is_known_again_in_another_light_and_a_cat_is_a_stranger(
    astronaut: Image, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "people" / "eileen").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "people" / "eileen" / "1.png"), astronaut.bgr())
    cv2.imwrite(str(tmp_path / "people" / "nobody.png"), np.full((64, 64, 3), 90, np.uint8))
    (tmp_path / "people" / "broken.png").write_bytes(b"no picture")
    ctx = NodeContext(tmp_path)
    dark = np.clip(astronaut.array.astype(float) * 0.6 + 15, 0, 255).astype(np.uint8)
    again = Image(np.ascontiguousarray(dark[:, ::-1]))
    cat = Image.from_bgr(np.asarray(cv2.imread(str(library.asset("cat"))))).cropped(100, 20, 260, 260)
    with open_node(Known, ctx=ctx, folder="people") as known, open_node(Describe) as describe:
        assert known(describe(face_of(again))[2]).top(1)[0][0] == "eileen"
        assert known(describe(cat)[2]).top(1)[0][0] == "stranger"
        with pytest.raises(NodeError, match="3 numbers of faceres, not 1024 of faceres"):
            known(Vector(np.zeros(3, np.float32), "faceres"))
        with pytest.raises(NodeError, match="of another, not 1024 of faceres"):
            known(Vector(np.zeros(1024, np.float32), "another"))
    assert ctx.notes == ["no face in nobody.png; unreadable: broken.png"]


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    with pytest.raises(NodeError, match="holds no pictures"):
        open_node(Known, ctx=NodeContext(tmp_path), folder="people").__enter__()
