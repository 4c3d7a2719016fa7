"""What a text is: its language, what it means, and what sort it is, by a few examples of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Context, ModelRef, NodeError, Nothing, Params, lines, model, node, slider
from nodeflow.values import Classes, Text, Vector

if TYPE_CHECKING:
    from nodeflow.models.text import EmbeddingModel, LanguageModel

_MOST_EXAMPLES = 1000

_SPAM = """\
spam: You have won a free cash prize, call now to claim
spam: Urgent: verify your account password by clicking this link
spam: Cheap pills and loans, limited time offer
spam: Free entry in a weekly competition, text WIN to 80086
other: Are we still meeting for lunch tomorrow?
other: Please find attached the report
other: I will be home late tonight
other: Thanks, see you at the office"""


class Told(NamedTuple):
    language: Classes
    text: Text


@node("text.language", category="Text", title="Language")
class TellLanguage:
    """Tell which language a text is written in.

    The text comes out as it was, with its language noted on it. What holds no letters gives nothing.
    """

    class Setup(Params):
        model: ModelRef = model(task="language", default="lid-176", doc="It knows 176 languages")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: LanguageModel = open_for(ctx, "language", setup.model)

    def run(self, text: Text) -> Told | Nothing:
        found = self._model(text.value)
        return Nothing("no letters") if found is None else Told(found.names, Text(text.value, found.code))

    def close(self) -> None:
        self._model.close()


@node("text.embed", category="Text", title="Embed text", time_limit=120)
class Embed:
    """Turn a text into numbers that stand for its meaning: texts that mean alike lie near one another."""

    class Setup(Params):
        model: ModelRef = model(task="text-embedding", default="minilm-l6", doc="Reads English best")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: EmbeddingModel = open_for(ctx, "text-embedding", setup.model)

    def run(self, text: Text) -> Vector:
        return self._model(text.value)

    def close(self) -> None:
        self._model.close()


@node("text.sort", category="Text", title="Sort texts", time_limit=120, words="spam filter few shot classify sentiment")
class Sort:
    """Tell what sort a text is, by a few examples of each sort that you write. No training is needed.

    Write an example on each line: the sort, a colon, the text. Four to ten of each sort do well. A text goes to the
    sort whose examples it is most alike, on average.
    """

    class Setup(Params):
        model: ModelRef = model(
            task="text-embedding", default="minilm-l6", doc="What compares texts; reads English best"
        )
        examples: str = lines(_SPAM, doc="On each line an example: its sort, a colon, the text")

    class Live(Params):
        sharpness: float = slider(20, 1, 100, doc="How sure it is where one sort is a little more alike than another")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        examples = read_examples(setup.examples)
        self._model: EmbeddingModel = open_for(ctx, "text-embedding", setup.model)
        self._sorts = tuple(examples)
        self._middles = np.stack([self._middle(texts, ctx) for texts in examples.values()])

    def _middle(self, texts: list[str], ctx: Context) -> NDArray[np.float32]:
        """The mean of examples: a text's product with it is how alike they are on average."""
        read = []
        for text in texts:
            if ctx.stopping:
                raise NodeError("Stopped while the examples were read.", "Start again.")
            read.append(self._model(text).values)
        middle: NDArray[np.float32] = np.mean(read, axis=0)
        return middle

    def run(self, text: Text, live: Live) -> Classes | Nothing:
        if not text.value.strip():
            return Nothing("no text")
        alike = live.sharpness * (self._middles @ self._model(text.value).values)
        grown = np.exp(alike - alike.max())
        return Classes((grown / grown.sum()).astype(np.float32), self._sorts)

    def close(self) -> None:
        self._model.close()


def read_examples(typed: str) -> dict[str, list[str]]:
    """Examples by sort, from lines "sort: text". Raises NodeError that names the line."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip():
            continue
        sort, colon, text = line.partition(":")
        if not (colon and sort.strip() and text.strip()):
            raise NodeError(
                f"Line {number} of the examples is no example: {line.strip()[:40]!r}.", "Write it as sort: text."
            )
        found.setdefault(sort.strip(), []).append(text.strip())
    if len(found) < 2:
        raise NodeError("The examples are of fewer than two sorts.", "Write some of each sort, a line for each.")
    if sum(map(len, found.values())) > _MOST_EXAMPLES:
        raise NodeError(f"There are more than {_MOST_EXAMPLES} examples.", "A few of each sort are enough.")
    return found
