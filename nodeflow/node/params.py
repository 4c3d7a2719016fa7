"""Parameters: declared with a default and a widget, shown on the node and in the inspector.

Class nodes declare them in two groups; what a group costs is the engine's rule, not the author's:

    class Setup(Params):                       # a change reopens the node
        model: ModelRef = model(task="pose", default="blazepose-full")

    class Live(Params):                        # a change applies to the next frame
        score: float = slider(0.3, 0, 1, doc="Hide joints the model is less sure of")

Function nodes annotate their arguments: `radius: Annotated[float, Slider(0, 50, unit="px")] = 2.0`; these are live.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal, NewType, Self, dataclass_transform, get_args, get_origin

from nodeflow.graph.fault import fault
from nodeflow.graph.schema import Group, Json, ParamSchema, ParamType

ModelRef = NewType("ModelRef", str)
"""A model card's id."""


@dataclass(frozen=True, slots=True)
class Widget:
    """How a parameter is edited, where its Python type alone does not say."""

    type: ParamType | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    task: str = ""
    patterns: tuple[str, ...] = ()
    doc: str = ""
    essential: bool = True


def Slider(minimum: float, maximum: float, *, step: float | None = None, unit: str = "", doc: str = "") -> Widget:  # noqa: N802
    """A number within bounds, for `Annotated[float, Slider(0, 1)]`; on an int it steps by whole numbers."""
    return Widget(None, minimum, maximum, step, unit, doc=doc)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Params:
    """Base of a node's `Setup` and `Live`: a frozen dataclass whose fields all have defaults."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From checked values; what is missing takes its default."""
        names = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in values.items() if name in names})


def number(
    default: float,
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    step: float | None = None,
    unit: str = "",
    doc: str = "",
    essential: bool = True,
) -> Any:
    """A number, bounded or not; whole if the field is annotated `int`."""
    return _field(default, Widget(None, minimum, maximum, step, unit, doc=doc, essential=essential))


def slider(
    default: float,
    minimum: float,
    maximum: float,
    *,
    step: float | None = None,
    unit: str = "",
    doc: str = "",
    essential: bool = True,
) -> Any:
    """A number with both bounds, edited by dragging."""
    return number(default, minimum, maximum, step=step, unit=unit, doc=doc, essential=essential)


def toggle(default: bool, *, doc: str = "", essential: bool = True) -> Any:
    """On or off."""
    return _field(default, Widget("toggle", doc=doc, essential=essential))


def text(default: str = "", *, doc: str = "", essential: bool = True) -> Any:
    """A line of text."""
    return _field(default, Widget("text", doc=doc, essential=essential))


def lines(default: str = "", *, doc: str = "") -> Any:
    """A text of several lines, edited in the inspector: there is no room for it on the node."""
    return _field(default, Widget("lines", doc=doc, essential=False))


def choice(default: str, *options: str, doc: str = "", essential: bool = True) -> Any:
    """One of a few words."""
    return _field(default, Widget("choice", choices=options, doc=doc, essential=essential))


def file(default: str = "", *patterns: str, doc: str = "", essential: bool = True) -> Any:
    """A file to read; `patterns` are endings such as "*.mp4"."""
    return _field(default, Widget("file", patterns=patterns, doc=doc, essential=essential))


def folder(default: str = "", *, doc: str = "", essential: bool = True) -> Any:
    """A folder to read from."""
    return _field(default, Widget("folder", doc=doc, essential=essential))


def save(default: str = "", *patterns: str, doc: str = "", essential: bool = True) -> Any:
    """A file to write."""
    return _field(default, Widget("save", patterns=patterns, doc=doc, essential=essential))


def color(default: str, *, doc: str = "", essential: bool = True) -> Any:
    """A colour, as "#rrggbb"."""
    return _field(default, Widget("color", doc=doc, essential=essential))


def drawing(*, doc: str = "") -> Any:
    """What a person draws in the viewer (see `nodeflow.graph.drawing`), None while that is nothing; a `Layer` makes
    pixels of it."""
    return _field(None, Widget("drawing", doc=doc, essential=False))


def model(*, task: str, default: str, doc: str = "", essential: bool = True) -> Any:
    """A model of the library, chosen among the cards of one task."""
    return _field(default, Widget("model", task=task, doc=doc, essential=essential))


def _field(default: Json, widget: Widget) -> Any:
    return dataclasses.field(default=default, metadata=MappingProxyType({"widget": widget}))


def schemas_of(params: type[Params], group: Group) -> tuple[ParamSchema, ...]:
    """The parameter schemas of a `Setup` or `Live` class, in the order they are written."""
    hints = typing.get_type_hints(params, include_extras=True)
    return tuple(
        param_schema(field.name, hints[field.name], field.default, group, field.metadata.get("widget"))
        for field in dataclasses.fields(params)  # type: ignore[arg-type]
    )


def param_schema(name: str, hint: Any, default: Any, group: Group, widget: Widget | None = None) -> ParamSchema:
    """The schema of one parameter from its annotation, default and widget. Raises TypeError where they disagree."""
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        widget = next((extra for extra in extras if isinstance(extra, Widget)), widget)
    widget = widget or Widget()
    choices = tuple(get_args(hint)) if get_origin(hint) is Literal else widget.choices
    kind = widget.type or _type_of(name, hint, choices)
    if default is dataclasses.MISSING:
        raise TypeError(f"parameter {name!r} needs a default value")
    step = 1 if kind == "integer" and widget.step is None else widget.step
    schema = ParamSchema(
        name,
        kind,
        float(default) if kind == "number" and isinstance(default, int) else default,
        group,
        widget.minimum,
        widget.maximum,
        step,
        widget.unit,
        choices,
        widget.task,
        widget.patterns,
        widget.doc,
        widget.essential,
    )
    if wrong := fault(schema, schema.default):
        raise TypeError(f"the default of parameter {name!r} {wrong}")
    return schema


def _type_of(name: str, hint: Any, choices: tuple[str, ...]) -> ParamType:
    if choices:
        return "choice"
    known: dict[Any, ParamType] = {bool: "toggle", int: "integer", float: "number", str: "text"}
    if hint not in known:
        raise TypeError(f"parameter {name!r} cannot be {hint!r}: use float, int, bool, str or a Literal of words")
    return known[hint]
