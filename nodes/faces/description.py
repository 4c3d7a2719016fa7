"""Who a face looks like, and what it is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nodeflow.node import Context, ModelRef, NodeError, Params, folder, model, node, slider
from nodeflow.values import Classes, Image, Number, Vector
from nodes.io.folder import find_pictures
from nodes.io.image import read_image
from nodes.objects.objects import crops

if TYPE_CHECKING:
    from nodeflow.models.faces import DescriptionModel

STRANGER = "stranger"
_MOST_PICTURES = 5000


class Described(NamedTuple):
    age: Number
    gender: Classes
    embedding: Vector


@node("faces.describe", category="Find/Faces", title="Describe face")
class Describe:
    """Guess age and gender of a face from its looks, and give numbers by which it can be known again.

    Wire it behind Crop boxes. What a face is taken for is not what somebody is: see the card.
    """

    class Setup(Params):
        model: ModelRef = model(task="face-description", default="faceres", doc="What it guesses is on its card")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: DescriptionModel = open_for(ctx, "face-description", setup.model)

    def run(self, image: Image) -> Described:
        found = self._model(image)
        return Described(Number(found.age, "years"), found.gender, found.embedding)

    def close(self) -> None:
        self._model.close()


@node("faces.known", category="Find/Faces", title="Known faces", words="recognise recognize identify who identity")
class Known:
    """Tell whose face it is, among the people whose pictures lie in a folder.

    A picture is named after its person: anna.jpg, or anna/1.jpg and anna/2.jpg. Wire the embedding of Describe face.
    Ask people before you do this.
    """

    class Setup(Params):
        folder: str = folder("", doc="Pictures of the people to know, one face on each")
        model: ModelRef = model(task="face-description", default="faceres", doc="The one that gave the embedding")

    class Live(Params):
        likeness: float = slider(0.5, 0, 1, doc="How alike two faces must be; below, it is a stranger")

    def open(self, setup: Setup, ctx: Context) -> None:
        root = ctx.folder(setup.folder)
        names = find_pictures(root, recursive=True, pattern="")
        if not names:
            raise NodeError(f"{root} holds no pictures.", "Put pictures named after people there.")
        if len(names) > _MOST_PICTURES:
            raise NodeError(f"{root} holds {len(names):,} pictures.", f"Take {_MOST_PICTURES:,} at most.")
        known: dict[str, list[np.ndarray]] = {}
        unseen: list[str] = []
        unread: list[str] = []
        with _Reader(setup.model, ctx) as read:
            for number, name in enumerate(names):
                if ctx.stopping:
                    raise NodeError("Stopped while faces were read.", "Start again.")
                ctx.progress(f"reading {name}", number / len(names))
                try:
                    numbers = read(read_image(root / name))
                except NodeError:  # one file that is no picture keeps nobody from being known
                    unread.append(name)
                    continue
                if numbers is None:
                    unseen.append(name)
                else:
                    known.setdefault(person_of(name), []).append(numbers)
        if not known:
            raise NodeError(f"No face was found in the pictures of {root}.", "Take pictures that show a face, near.")
        told = [f"{what} {_some(those)}" for what, those in (("no face in", unseen), ("unreadable:", unread)) if those]
        if told:
            ctx.note("; ".join(told))
        self._people, self._family = tuple(sorted(known)), read.family
        self._faces = [np.stack(known[person]) for person in self._people]

    def run(self, vector: Vector, live: Live) -> Classes:
        width = self._faces[0].shape[1]
        if (vector.family, len(vector.values)) != (self._family, width):
            raise NodeError(
                f"The embedding has {len(vector.values)} numbers of {vector.family}, not {width} of {self._family}.",
                "Use one model for both.",
            )
        alike = np.array([float((faces @ vector.values).max()) for faces in self._faces], np.float32).clip(0, 1)
        stranger = np.float32(1 if alike.max() < live.likeness else 0)
        return Classes(np.append(alike * (1 - stranger), stranger), (*self._people, STRANGER))


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:3])}{' ...' if len(names) > 3 else ''}"


def person_of(name: str) -> str:
    """Whose picture a file is: "anna.jpg" and "anna/1.jpg" are anna's."""
    first, slash, _ = name.partition("/")
    return first if slash else first.rpartition(".")[0] or first


class _Reader:
    """The embedding of the largest face of a picture; None where there is none."""

    def __init__(self, model_id: str, ctx: Context) -> None:
        self._id, self._ctx = model_id, ctx

    def __enter__(self) -> _Reader:
        from nodeflow.models import open_for, open_task

        ctx = self._ctx
        self._describe: DescriptionModel = open_for(ctx, "face-description", self._id)
        self._find = open_task(
            "faces",
            "blazeface-full",
            device=ctx.device,
            threads=ctx.threads,
            progress=ctx.progress,
            cancelled=lambda: ctx.stopping,
        )
        self.family = self._describe.family
        return self

    def __call__(self, image: Image) -> np.ndarray | None:
        boxes = self._find(image, score=0.4, most=10).boxes
        if not len(boxes):
            return None
        cut = [each for each in crops(image, boxes) if isinstance(each, Image)]
        largest = max(cut, key=lambda each: each.width * each.height)
        return self._describe(largest).embedding.values

    def __exit__(self, *_: object) -> None:
        self._describe.close()
        self._find.close()
