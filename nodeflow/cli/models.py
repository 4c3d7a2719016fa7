"""`nodeflow models`: the cards of the library, and fetching what they stand for."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nodeflow.cli.downloads import told_first
from nodeflow.cli.faults import Fault
from nodeflow.cli.model_files import cache, prune
from nodeflow.cli.printing import say, shown, warn
from nodeflow.cli.tables import table
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models import Card, Library, Progress

app = typer.Typer(
    help="List the models, show a card, fetch, check or remove a model, see what they take of the disk.",
    rich_markup_mode=None,
)
_AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_ModelId = Annotated[str, typer.Argument(help="The model's id, as `nodeflow models list` shows it.")]
Family = Literal["extract", "generate", "transform"]
_HEAD = ("", "MODEL", "TASK", "SIZE", "STATUS", "COMMERCIAL", "CHECKED", "TITLE")
_SIZES = _HEAD.index("SIZE")
"""The columns of the list, and which of them is set to the right."""


@app.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: _AsJson = False) -> int:
    return list_models(as_json=as_json) if context.invoked_subcommand is None else 0


@app.command("list")
def list_models(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Only models that fit these words, best first: names, or what one does, as in `ocr`."),
    ] = None,
    task: Annotated[str | None, typer.Option(help="Only models for this task.")] = None,
    family: Annotated[Family | None, typer.Option(help="Only models of this family.")] = None,
    licence: Annotated[
        Literal["any", "permissive"], typer.Option(help="permissive: only those that may be used commercially.")
    ] = "any",
    as_json: _AsJson = False,
) -> int:
    """List the models. A star marks the one that its task takes unless another is asked for."""
    from nodeflow.models import library
    from nodeflow.models.finding import found
    from nodeflow.models.tasks import TASKS

    shelf, query, order = library(), " ".join(words or ()), list(TASKS)
    if task is not None and task not in TASKS and not shelf.ids(task):
        raise Fault(f"there is no task {task!r}: there are {', '.join(TASKS)}")
    fitting = [
        card
        for card in shelf.cards().values()
        if task in (None, card.task)
        and family in (None, card.family)
        and (licence == "any" or card.commercial_use == "yes")
    ]
    fitting.sort(key=lambda card: (order.index(card.task) if card.task in order else len(order), card.id))
    cards = found(query, fitting)
    if as_json:
        print(json.dumps([_data(shelf, card) for card in cards], indent=2))
        return 0
    for line in table([_HEAD, *(_row(shelf, card) for card in cards)], right=(_SIZES,)):
        say(line)
    if not cards:
        warn("no model fits" + (f" {query!r}" if query else ""))
    for problem in shelf.problems():
        say(problem)
    return 0


@app.command("show")
def show(model_id: _ModelId, as_json: _AsJson = False) -> int:
    """Show a model's card."""
    from nodeflow.models import library

    shelf = library()
    data = _data(shelf, shelf.card(model_id))
    if as_json:
        print(json.dumps(data, indent=2))
        return 0
    del data["name"]  # it is the id
    data["size"] = size_text(shelf.card(model_id).size)
    width = max(map(len, data)) + 2
    for name, value in data.items():
        if isinstance(value, list):
            value = ", ".join(str(part.get("name", part)) if isinstance(part, dict) else str(part) for part in value)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if value != "" and not isinstance(value, dict):
            _print_row(name.replace("_", " "), str(value), width)
    return 0


@app.command("get")
def get(
    model_ids: Annotated[list[str] | None, typer.Argument(help="Ids of models, as `list` shows them.")] = None,
    all_defaults: Annotated[
        bool, typer.Option("--all-defaults", help="The default of every task, of those that were checked.")
    ] = False,
) -> int:
    """Fetch models, verify them, and make them ready to run."""
    from nodeflow.models import library
    from nodeflow.models.tasks import TASKS

    shelf = library()
    defaults = [task.default for task in TASKS.values() if all_defaults and task.default]
    unchecked = [model_id for model_id in defaults if not shelf.card(model_id).checked]
    wanted = list(dict.fromkeys([*(model_ids or ()), *(each for each in defaults if each not in unchecked)]))
    if not wanted:
        raise Fault("name a model, or ask for --all-defaults; `nodeflow models list` shows what there is")
    for model_id in wanted:
        shelf.card(model_id)  # a name that is wrong is said before anything is downloaded
    if unchecked:
        warn(f"left out, as they were not checked here: {', '.join(unchecked)}; get them by name")
    for model_id in wanted:
        _get(shelf, model_id)
    return 0


@app.command("verify")
def verify(
    model_ids: Annotated[list[str] | None, typer.Argument(help="Ids of models; all that were fetched if none.")] = None,
) -> int:
    """Check the files of models against their sha256. A damaged file is deleted, to be fetched anew."""
    from nodeflow.models import library

    shelf = library()
    wanted = model_ids or [each for each in shelf.cards() if shelf.status(each) == "ready"]
    bad = 0
    for model_id in wanted:
        for name, health in shelf.verify(model_id).items():
            mend = "" if health == "good" else f"; `nodeflow models get {model_id}` fetches it anew"
            say(f"{model_id}: {name}: {health}{mend}")
            bad += health != "good"
    if not wanted:
        warn("no model was fetched yet")
    return 1 if bad else 0


@app.command("remove")
def remove(
    model_ids: Annotated[list[str] | None, typer.Argument(help="Ids of models, as `list` shows them.")] = None,
    unused: Annotated[float | None, typer.Option(metavar="DAYS", min=0.0, help="All not used for so long.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Those too that a NodeFlow which runs has open.")] = False,
) -> int:
    """Delete models' files from this machine.

    It does not ask: they can be fetched again. Files that another model needs stay, and so does a model that a NodeFlow
    which runs has open; the exit code is then 1.
    """
    from nodeflow.models import InUse, library
    from nodeflow.models.card_files import user_cards

    shelf = library()
    wanted = list(model_ids or ())
    if unused is not None:
        wanted += [each for each in shelf.cards() if (idle := shelf.idle_days(each)) is not None and idle >= unused]
    elif not wanted:
        raise Fault("name a model, or say --unused DAYS; `nodeflow models list` shows what there is")
    for model_id in wanted:
        shelf.card(model_id)  # a name that is wrong is said before anything is deleted
    kept = 0
    for model_id in dict.fromkeys(wanted):
        try:
            freed = shelf.remove(model_id, force=force)
        except InUse as reason:
            warn(f"{model_id}: {reason}, or remove it with --force")
            kept += 1
            continue
        say(f"{model_id}: {size_text(freed)} freed")
        card_file = shelf.card(model_id).folder / f"{model_id}.toml"
        if card_file.is_relative_to(user_cards()):
            say(f"{model_id}: its card is yours and stays: {card_file}")
    if not wanted:
        warn(f"no model was unused for {unused:g} days")
    return 1 if kept else 0


@app.command("add")
def add(
    origin: Annotated[str, typer.Argument(metavar="PATH_OR_URL", help="An .onnx file or a torch archive (.pt2, .pt).")],
    model_id: Annotated[str, typer.Option("--id", help="What to call it; made from the file's name if none.")] = "",
) -> int:
    """Make a card of a model file, so that nodes and lists know it. The file stays where it is."""
    from nodeflow.models import library
    from nodeflow.models.adding import add_model

    with _shown_progress(model_id or origin) as progress:
        added = add_model(origin, library(), model_id=model_id, progress=progress)
    say(f"{added.id}: {added.signature}")
    say(f"Not known: {', '.join(added.unknown)}. Whoever uses it should know: write it into {added.card_file}")
    return 0


@app.command("check")
def check() -> int:
    """Check every card, those of your own too. The exit code is 1 if one is not in order."""
    from nodeflow.models import library

    shelf = library()
    problems = shelf.problems()
    for problem in problems:
        say(problem)
    if not problems:
        say(f"{len(shelf.ids())} cards, all in order")
    return 1 if problems else 0


app.command("cache")(cache)
app.command("prune")(prune)


def _get(shelf: Library, model_id: str) -> None:
    shelf.offer = told_first
    with _shown_progress(model_id) as progress:
        paths = shelf.fetch(model_id, progress)
    for role, path in paths.items():
        say(f"{model_id}: {role}: {path}")


def _row(shelf: Library, card: Card) -> tuple[str, ...]:
    """A model in the list, as `_HEAD` names its columns."""
    from nodeflow.models.tasks import is_default

    star, checked = "*" if is_default(card.id, card.task) else "", "yes" if card.checked else "not here"
    what = (star, card.id, card.task, size_text(card.size), shelf.status(card.id))
    return (*what, card.commercial_use, checked, card.title)


def _print_row(name: str, value: str, indent: int) -> None:
    """A name, and what it has beside it; on a terminal in lines that fit."""
    wide = max(shutil.get_terminal_size().columns, indent + 30) if sys.stdout.isatty() else sys.maxsize
    lines = textwrap.wrap(value, wide - indent) or [""]
    say(f"{name:<{indent}}{lines[0]}".rstrip())
    for line in lines[1:]:
        say(f"{'':<{indent}}{line}")


@contextmanager
def _shown_progress(what: str) -> Iterator[Progress]:
    """A bar on a terminal; elsewhere a line for each thing that is done, without how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(shown(what), total=1.0)
        told = ""

        def show(text: str, fraction: float | None) -> None:
            nonlocal told
            if not console.is_terminal and text != told:
                told = text
                warn(text)
            bars.update(
                task, description=shown(text), completed=fraction or 0.0, total=None if fraction is None else 1.0
            )

        yield show


def _data(shelf: Library, card: Card) -> dict[str, object]:
    """A card as JSON, with what this machine knows: `name`, `default`, `size`, `status` and its `sources` in order."""
    from nodeflow.models.tasks import is_default

    return {
        "name": card.id,
        **card.model_dump(mode="json", exclude={"folder"}),
        "default": is_default(card.id, card.task),
        "sources": list(dict.fromkeys(source.label for file in card.files for source in file.sources)),
        "size": card.size,
        "status": shelf.status(card.id),
    }
