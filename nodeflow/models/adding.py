"""Making a card of a model file, so that it stands in the library.

    added = add_model("yolo.onnx", library())
    added.card_file                 # where to write what nobody stated
    added.unknown                   # "author", "licence" ...

What the file itself says is taken: its sha256, size, inputs and outputs. Everything else is "Not stated", and whether
it may be used commercially "unclear". The file is not moved; one behind an address is downloaded into the cache.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from nodeflow.models.bare.options import Options
from nodeflow.models.bare.ports import Plan, plan_for
from nodeflow.models.cache import SPARE, put, sha256_of
from nodeflow.models.card_files import SLUG, user_cards
from nodeflow.models.download import DownloadFailed, Sized, download
from nodeflow.models.errors import BadModel, FetchFailed, ModelError
from nodeflow.models.library import Library
from nodeflow.models.proving import prove
from nodeflow.models.signature import read_signature
from nodeflow.models.watch import Progress, Watch

if TYPE_CHECKING:
    from nodeflow.models.card import Card

UNKNOWN = ("author", "paper", "licence", "training_data", "intended_use")
"""Fields of a card that no file says."""

_LARGEST = 64 * 2**30
_ADDRESS = re.compile(r"https?://[^\s]+")


@dataclass(frozen=True, slots=True)
class Added:
    """A card that was made: its id, its file, the model's inputs and outputs for people, and what is not known."""

    id: str
    card_file: Path
    signature: str
    unknown: tuple[str, ...] = (*UNKNOWN, "limits", "commercial_use")


def add_model(
    origin: str,
    library: Library,
    *,
    model_id: str = "",
    folder: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Added:
    """Make a card of the model at a path or an http(s) address, in the user's card folder unless another is given.

    The id is made from the file's name unless one is given. Raises BadModel for a file that is no model, FetchFailed,
    Cancelled; ModelError for an id that is taken, OSError.
    """
    watch = Watch.of(progress, cancelled)
    is_address = _ADDRESS.fullmatch(origin) is not None
    if not is_address and re.match(r"[a-z][a-z0-9+.-]+://", origin):
        raise ModelError(
            f"{origin!r} is no address that can be fetched: use http:// or https://, or the path of a file"
        )
    name = unquote(urlsplit(origin).path).rpartition("/")[2] if is_address else Path(origin).name
    wanted = model_id or _slug(Path(name).stem)
    if not re.fullmatch(SLUG, wanted):
        raise ModelError(f"{wanted!r} is no id: choose small letters, digits, - and _, 64 at the most")
    if wanted in library.ids():
        raise ModelError(f"there is a model {wanted!r} already; give this one another id with --id")
    if is_address:
        return _added_from_address(origin, name, wanted, library, folder, watch)
    path = Path(origin).expanduser().absolute()
    prove(path, library.cache, watch)
    added, _ = _write_card(path, wanted, {path.name: {"kind": "file", "path": str(path)}}, folder, watch)
    return added


def _added_from_address(
    url: str, name: str, model_id: str, library: Library, folder: Path | None, watch: Watch
) -> Added:
    from nodeflow.models.fetch import offline

    if forbidden := offline():
        raise FetchFailed(name, [(f"url {url}", forbidden.why)], f"{forbidden.way_out}, or add a file")
    cache = library.cache
    cache.require_room(1)
    with cache.workshop() as work:
        made = work / (re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "model")
        room = shutil.disk_usage(cache.folder).free - SPARE
        try:
            download(url, made, Sized(min(_LARGEST, room), exact=False), name, watch)
        except DownloadFailed as error:
            raise FetchFailed(name, [(f"url {url}", str(error))], "Check the address and the network") from error
        prove(made, cache, watch)
        added, card = _write_card(made, model_id, {made.name: {"kind": "url", "url": url}}, folder, watch)
        cache.adopt(made, card.file(made.name))
    return added


def _write_card(
    path: Path, model_id: str, sources: dict[str, dict[str, str]], folder: Path | None, watch: Watch
) -> tuple[Added, Card]:
    from nodeflow.models.card import read_card

    signature = read_signature(path)
    try:
        plan = plan_for(signature, Options())
    except BadModel as error:
        raise BadModel(f"{path.name}: {error}") from error
    watch.say(f"{path.name}: reading")
    beside = {each.name: {"kind": "file", "path": str(each)} for each in signature.beside}
    if any(each.parent != path.parent for each in signature.beside):
        raise BadModel(f"{path.name} keeps weights in folders below its own; save it with its weights beside it")
    text = _card(path, model_id, plan, {**sources, **beside})
    place = (folder or user_cards()) / f"{model_id}.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=place.parent) as aside:
        draft = Path(aside, place.name)
        draft.write_text(text, "utf-8")
        card = read_card(draft)
        put(draft, place)
    return Added(model_id, place, str(signature)), card


def _card(path: Path, model_id: str, plan: Plan, sources: dict[str, dict[str, str]]) -> str:
    """The text of a card."""
    onnx = plan.signature.format == "onnx"
    lines = [
        "# Made by `nodeflow models add`. Replace what is not stated: who made it, its licence, what it was trained",
        "# on, and what is known of its limits and bias, with where that is written.",
        *_pairs(id=model_id, title=path.stem[:200], summary=f"{plan.signature}."[:1000]),
        *_pairs(task="onnx-model" if onnx else "torch-model", family="extract"),
        f"inputs = {_list(plan.inputs.values())}",
        f"outputs = {_list(plan.outputs.values())}",
        *_pairs(**dict.fromkeys(UNKNOWN, "Not stated"), limits="Not studied.", commercial_use="unclear"),
        *_pairs(runtime="onnxruntime" if onnx else "torch"),
        "",
        "[pipeline]",
        *_pairs(kind="any-onnx" if onnx else "any-torch"),
        "",
    ]
    if onnx:
        names = [name for name in sources if name != path.name]
        lines += ["[networks.model]", *_pairs(file=path.name), *([f"beside = {_list(names)}"] if names else [])]
    else:
        lines += ["[assets]", *_pairs(model=path.name)]
    for name, source in sources.items():
        file = path.with_name(name)
        lines += ["", "[[files]]", *_pairs(name=name, sha256=sha256_of(file)), f"size = {file.stat().st_size}"]
        lines += ["", "[[files.sources]]", *_pairs(**source)]
    return "\n".join(lines) + "\n"


def _pairs(**fields: str) -> list[str]:
    return [f"{name} = {_text(value)}" for name, value in fields.items()]


def _text(value: str) -> str:
    """A TOML string. JSON's are the same but for control characters."""
    return json.dumps(re.sub(r"[\x00-\x1f\x7f]", " ", value), ensure_ascii=False)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, dict.fromkeys(values)))}]"


def _slug(stem: str) -> str:
    made = re.sub(r"[^a-z0-9_]+", "-", stem.lower()).strip("-_")[:64].strip("-_")
    if not made:
        raise ModelError(f"no id can be made from {stem!r}; give one with --id")
    return made
