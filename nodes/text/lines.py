"""Texts as a source: typed in, or the lines of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from nodeflow.node import Context, NodeError, Params, Stream, Widget, file, lines, node
from nodeflow.values import Text

MOST_BYTES = 64 * 2**20
"""Of a file; a longer one is no list of texts."""


@node("text.written", category="Text", title="Text", parallel=True, words="string constant prompt label type words")
def written(words: Annotated[str, Widget("lines", doc="The text", essential=False)] = "Hello, world!") -> Text:
    """A text of your own."""
    return Text(words)


@node("text.lines", category="Text", title="Lines of text", resource="io", words="read load file txt list strings")
class Lines:
    """Give one text after the other: the lines of a file, or those typed here if no file is named.

    Lines with nothing in them are left out.
    """

    class Setup(Params):
        path: str = file("", "*.txt", "*.csv", "*.tsv", "*.md", doc="A text file in UTF-8; empty takes the lines below")
        typed: str = lines("Good morning!\nGuten Morgen!\nBonjour !", doc="A text on each line")

    def open(self, setup: Setup, ctx: Context) -> Stream:
        whole = _read(ctx, setup.path) if setup.path else setup.typed
        self._ctx = ctx
        self._lines = [line for each in whole.splitlines() if (line := each.strip())]
        if not self._lines:
            raise NodeError(
                f"{setup.path or 'The list'} holds no lines of text.", "Choose another file, or type some lines."
            )
        return Stream(frames=len(self._lines))

    def run(self) -> Iterator[Text]:
        for line in self._lines:
            if self._ctx.stopping:
                return
            yield Text(line)


def _read(ctx: Context, said: str) -> str:
    path = ctx.path(said)
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
    except OSError as fault:
        raise NodeError(f"{path} cannot be read: {fault.strerror or fault}.", "Choose a text file.") from fault
    if len(data) > MOST_BYTES:
        raise NodeError(f"{path} is longer than {MOST_BYTES >> 20} MB.", "Split it into several files.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise NodeError(f"{path} is not a text in UTF-8.", "Save it as UTF-8, or choose another file.") from fault
