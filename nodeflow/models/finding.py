"""Which models fit what is typed, best first: in the library of the editor and in `nodeflow models list WORDS`. Pure.

    found("image to poses", cards)      # what turns the one into the other

What is typed is looked for by its letters in titles and ids, by letters that stand nearly all side by side in tasks and
authors, and by the beginnings of words in everything that is said of a model and in what people call its task:
"google" finds what is from there, "ocr" what reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from nodeflow.letters import score, spoken

_TITLE, _ID = 6.0, 3.0
"""What a match there counts beyond its letters."""
_CLOSE: Final = 7.0
"""The least points for each letter with which a long text is said to match by its letters: nearly all side by side."""
_WORDS, _PHRASE = 7.0, 7.5
"""For each letter: more than letters that lie scattered, less than some side by side in a title. In a row is better."""
_WORD: Final = re.compile(r"\w+")


class Described(Protocol):
    """What is said of a model: its card, or what the editor keeps of one."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def task_title(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def inputs(self) -> tuple[str, ...]: ...
    @property
    def outputs(self) -> tuple[str, ...]: ...
    @property
    def author(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def other_words(self) -> str: ...


Model = TypeVar("Model", bound=Described)


def found(query: str, models: Iterable[Model]) -> list[Model]:
    """The models that fit, best first; all of them, in the order in which they come, where nothing is typed."""
    models, query = list(models), query.strip()
    if not query:
        return models
    marks = [(points, place) for place, model in enumerate(models) if (points := _points(query, model)) is not None]
    return [models[place] for _, place in sorted(marks, key=lambda mark: (-mark[0], mark[1]))]


def words_of(model: Described) -> str:
    """All that a search by words looks in, beside the title."""
    turns = f"{' '.join(model.inputs)} to {' '.join(model.outputs)}"
    task = f"{model.task} {model.task_title} {model.family}"
    return f"{model.id} {task} {turns} {model.author} {model.summary} {model.other_words}"


def _points(query: str, model: Described) -> float | None:
    letters = len(query.replace(" ", ""))
    marks = [
        points + more
        for text, more in ((model.title, _TITLE), (model.id, _ID))
        if (points := score(query, text)) is not None
    ]
    for text in (model.task_title, model.author):
        close = score(query, text)
        if close is not None and close >= _CLOSE * letters - _CLOSE:
            marks.append(close)
    words = _WORD.findall(spoken(query))
    everything = _WORD.findall(f"{model.title} {words_of(model)}".lower())
    if words and all(any(known.startswith(word) for known in everything) for word in words):
        marks.append(_TITLE + (_PHRASE if " ".join(words) in " ".join(everything) else _WORDS) * letters)
    return max(marks, default=None)
