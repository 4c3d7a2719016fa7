"""Whether a value may stand in a parameter: the one rule for files, the inspector and the command line."""

from __future__ import annotations

import re
from collections.abc import Callable

from .drawing import drawing_fault
from .problem import clip
from .schema import Json, ParamSchema, ParamType

_COLOR = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")


def fault(param: ParamSchema, value: Json) -> str:
    """What is wrong with `value` for `param`, such as "must be at most 1, not 3"; "" if nothing is."""
    if param.type == "drawing":
        return drawing_fault(value)
    fits, wanted = _TYPES[param.type]
    if not fits(value):
        return f"must be {wanted}, not {_shown(value)}"
    if param.type == "choice" and value not in param.choices:
        return f"must be one of {clip(', '.join(param.choices), 200)}, not {_shown(value)}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if param.minimum is not None and value < param.minimum:
            return f"must be at least {param.minimum:g}{param.unit and ' ' + param.unit}, not {_shown(value)}"
        if param.maximum is not None and value > param.maximum:
            return f"must be at most {param.maximum:g}{param.unit and ' ' + param.unit}, not {_shown(value)}"
    return ""


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_toggle(value: Json) -> bool:
    return isinstance(value, bool)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_color(value: Json) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


_TYPES: dict[ParamType, tuple[Callable[[Json], bool], str]] = {
    "number": (_is_number, "a number"),
    "integer": (_is_integer, "a whole number"),
    "toggle": (_is_toggle, "true or false"),
    "text": (_is_text, "a text"),
    "lines": (_is_text, "a text"),
    "choice": (_is_text, "one of its choices"),
    "file": (_is_text, "the path of a file"),
    "folder": (_is_text, "the path of a folder"),
    "save": (_is_text, "the path of a file to write"),
    "color": (_is_color, 'a colour such as "#ff8800"'),
    "model": (_is_text, "the id of a model"),
}


def _shown(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "nothing")
    return clip(f'"{value}"' if isinstance(value, str) else str(value))
