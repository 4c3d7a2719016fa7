"""What a picture shows, as names with scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from nodeflow.node import Context, ModelRef, NodeError, Params, Slider, Widget, model, node
from nodeflow.values import Classes, Image, Number, Text

if TYPE_CHECKING:
    from nodeflow.models.classes import ClassModel


@node("classes.classify", category="Find/Classes", title="Classify")
class Classify:
    """Tell which of the things that the model knows a picture shows. The first use of a model fetches it."""

    class Setup(Params):
        model: ModelRef = model(
            task="classes", default="efficientnet-lite0", doc="It looks at the middle of the picture, as a square"
        )

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: ClassModel = open_for(ctx, "classes", setup.model)

    def run(self, image: Image) -> Classes:
        return self._model(image)

    def close(self) -> None:
        self._model.close()


@node(
    "classes.whether",
    category="Find/Classes",
    title="Whether",
    parallel=True,
    words="is it not hot dog condition test filter",
)
def whether(
    classes: Classes,
    name: Annotated[str, Widget(doc="One of the names, such as hotdog, or several with commas between")] = "hotdog",
) -> Classes:
    """Make one question of many names: is it this or not."""
    wanted = [each.strip().lower() for each in name.split(",") if each.strip()]
    known = {known.lower(): place for place, known in enumerate(classes.names)}
    strange = [each for each in wanted if each not in known]
    if strange or not wanted:
        raise NodeError(
            f"The model knows no {strange[0]!r}." if strange else "No name is given.", _near(strange, known)
        )
    score = min(1.0, float(sum(classes.score[known[each]] for each in dict.fromkeys(wanted))))
    return Classes(np.array([score, 1 - score], np.float32), (name.strip(), f"not {name.strip()}"))


@node("classes.text", category="Find/Classes", title="Names as text", parallel=True, words="label print write")
def as_text(
    classes: Classes,
    count: Annotated[int, Slider(1, 20, doc="How many names, the likeliest first")] = 3,
    scores: Annotated[bool, Widget(doc="Write how sure the model is behind each name")] = True,
) -> Text:
    """Write the likeliest names, one on each line."""
    return Text("\n".join(f"{name} {score:.0%}" if scores else name for name, score in classes.top(count)))


@node(
    "classes.score",
    category="Find/Classes",
    title="Score",
    parallel=True,
    words="probability confidence number threshold",
)
def score(
    classes: Classes,
    name: Annotated[str, Widget(doc="One of the names, such as hotdog; nothing for the likeliest")] = "",
) -> Number:
    """How sure the model is of a name, 0 to 1. Wired to the choice of a Switch it decides what runs."""
    wanted = name.strip().lower()
    if not wanted:
        return Number(float(classes.score.max()) if len(classes.score) else 0.0)
    known = {known.lower(): place for place, known in enumerate(classes.names)}
    if wanted not in known:
        raise NodeError(f"The model knows no {wanted!r}.", _near([wanted], known))
    return Number(float(classes.score[known[wanted]]))


def _near(strange: list[str], known: dict[str, int]) -> str:
    from difflib import get_close_matches

    near = [match for each in strange for match in get_close_matches(each, known, 3, 0.6)]
    return f"Did you mean {' or '.join(near)}?" if near else "Wire Names as text to see what it says."
