"""`nodeflow models`: the cards of the library, and fetching what they stand for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nodeflow.models import Card, Library

app = typer.Typer(help="List the models, show a card, fetch a model.", rich_markup_mode=None)
_AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_ModelId = Annotated[str, typer.Argument(help="The model's id, as `nodeflow models list` shows it.")]


@app.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: _AsJson = False) -> int:
    return list_models(as_json=as_json) if context.invoked_subcommand is None else 0


@app.command("list")
def list_models(
    task: Annotated[str | None, typer.Option(help="Only models for this task.")] = None,
    as_json: _AsJson = False,
) -> int:
    """List the models."""
    from nodeflow.models import library

    shelf = library()
    cards = [shelf.card(model_id) for model_id in shelf.ids(task)] if task else list(shelf.cards().values())
    if as_json:
        print(json.dumps([_data(shelf, card) for card in cards], indent=2))
        return 0
    for card in cards:
        size = f"{card.size / 1e6:.0f} MB"
        print(f"{card.id:<20} {card.task:<8} {size:>7}  {card.licence:<14} {shelf.status(card.id):<12} {card.title}")
    for problem in shelf.problems():
        print(problem)
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
    width = max(map(len, data))
    for name, value in data.items():
        if isinstance(value, list):
            value = ", ".join(str(part.get("name", part)) if isinstance(part, dict) else str(part) for part in value)
        if not isinstance(value, dict):
            print(f"{name.replace('_', ' '):<{width}}  {value}")
    return 0


@app.command("get")
def get(model_id: _ModelId) -> int:
    """Fetch a model, verify it, and make it ready to run."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    from nodeflow.models import library

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(model_id, total=1.0)

        def show_progress(text: str, fraction: float | None) -> None:
            progress.update(task, description=text, completed=fraction or 0.0, total=None if fraction is None else 1.0)

        paths = library().fetch(model_id, show_progress)
    for role, path in paths.items():
        print(f"{role}: {path}")
    return 0


def _data(shelf: Library, card: Card) -> dict[str, object]:
    return {**card.model_dump(mode="json", exclude={"folder"}), "size": card.size, "status": shelf.status(card.id)}
