"""Looking for models of the library by what people call things."""

from __future__ import annotations

import pytest

from nodeflow.models import Library
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.finding import found
from nodeflow.models.tasks import TASKS


@pytest.fixture(scope="module")
def built_in() -> Library:
    return Library(folders=(BUILT_IN,))


@pytest.mark.parametrize(
    ("query", "task"),
    [
        ("mocap", "pose"),
        ("ocr", "text-in-pictures"),
        ("tts", "speech-from-text"),
        ("subtitles", "speech-to-text"),
        ("yolo", "objects"),
        ("image to poses", "pose"),
        ("background removal", "person-mask"),
        ("super resolution", "upscale"),
    ],
)
def test_what_people_call_it_finds_the_task_first(built_in: Library, query: str, task: str) -> None:
    assert found(query, built_in.cards().values())[0].task == task


def test_every_task_and_every_model_is_found_by_its_name(built_in: Library) -> None:
    cards = built_in.cards()
    for card in cards.values():
        assert card in found(card.task_title, cards.values())
        assert found(card.id, cards.values())[0] is card
    assert found(" ", cards.values()) == list(cards.values())
    assert all(found(task.title, cards.values()) for task in TASKS.values())
