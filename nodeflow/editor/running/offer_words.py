"""What an offer says of a model or a sample: what a person wants to know before they say yes to a download.

Each row is a name and what it is. Pure; the modules that pydantic needs are there by the time that there is an offer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from nodeflow.editor.running.offers import MEDIA, Offer
from nodeflow.editor.running.samples import MissingSample
from nodeflow.editor.running.shelf import ModelEntry
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models import Card

_COMMERCIAL: Final = {
    "yes": "commercial use allowed",
    "no": "no commercial use",
    "unclear": "unclear whether commercial use is allowed",
}
_NOT_CHECKED: Final = "NodeFlow's own tests cannot run this model: its card says what is known of it"
Rows = list[tuple[str, str]]


def summary_of(offer: Offer) -> str:
    from nodeflow.models import Sample

    card = offer.card
    return f"{card.title}." if isinstance(card, Sample) else card.summary


def commercial_use(offer: Offer) -> str:
    """ "yes", "no" or "unclear" of a model; "" of a sample."""
    from nodeflow.models import Sample

    return "" if isinstance(offer.card, Sample) else offer.card.commercial_use


def first_rows(offer: Offer) -> Rows:
    """The essential."""
    from nodeflow.models import Sample

    card = offer.card
    size = sum(file.size for file in card.files)
    kept = f", of which {size_text(size)} are kept" if offer.size > size * 1.05 else ""
    got = [
        ("Download", f"{size_text(offer.size)}{kept}"),
        ("From", ", ".join(dict.fromkeys(file.sources[0].label for file in card.files))),
    ]
    if isinstance(card, Sample):
        return [("Author", card.author), ("Licence", card.licence), *got]
    return [
        ("Task", f"{card.task}: {', '.join(card.inputs)} to {', '.join(card.outputs)}"),
        ("Author", card.author),
        ("Licence", f"{card.licence}, {_COMMERCIAL[card.commercial_use]}"),
        *([] if card.checked else [("Not checked", _NOT_CHECKED)]),
        *got,
        ("Known limits", card.limits),
    ]


def more_rows(offer: Offer) -> Rows:
    """The rest of a model's card."""
    from nodeflow.models import Sample

    return [] if isinstance(offer.card, Sample) else _rest(offer.card)


def also_needed(models: Iterable[ModelEntry], samples: Iterable[MissingSample]) -> list[str]:
    """What else the graph will want to download, in sentences, each thing with its size."""
    there = list(samples)
    needed = [f"{each.title} ({size_text(each.download)})" for each in models]
    needed += [_named(each) for each in there if not each.stand_in]
    perhaps = [_named(each) for each in there if each.stand_in]
    live = {"microphone" if each.entry.media == "sound" else "camera" for each in there if each.stand_in}
    said = [f"This graph also needs {_listed(needed)}."] if needed else []
    said += [f"Without a {' or '.join(sorted(live))} it also needs {_listed(perhaps)}."] if perhaps else []
    return said


def _named(sample: MissingSample) -> str:
    entry = sample.entry
    return f"the {MEDIA.get(entry.media, 'file')} \u201c{entry.name}\u201d ({size_text(entry.download)})"


def _listed(things: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(things[:-1]), things[-1])))


def _rest(card: Card) -> Rows:
    files = [
        (file.name, f"{size_text(file.size)}, {file.expected}, from {' or '.join(s.label for s in file.sources)}")
        for file in card.files
    ]
    return [
        ("Intended use", card.intended_use),
        ("Training data", card.training_data),
        ("Paper", card.paper),
        ("Runs on", card.runtime),
        *files,
    ]
