"""What a person types as the value of a parameter: numbers, and sums to be worked out. Pure.

number_in("1/3")        # 0.333...; so with "2*pi", "(1 + 4) % 3", "1e-3", "0,5"
value_typed(param, "2*120 px")
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Final

from nodeflow.graph import Json, ParamSchema

_LONGEST: Final = 200
_NAMES: Final = {"pi": math.pi, "tau": math.tau, "e": math.e}
_SIGNS: Final[dict[type[ast.unaryop], Callable[[float], float]]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_SUMS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
}


def value_typed(param: ParamSchema, text: str) -> Json:
    """What was typed, as a value of `param`: within its bounds. Raises ValueError for what is no number."""
    if param.type not in ("number", "integer"):
        return text
    number = number_in(text.strip().removesuffix(param.unit))
    low = number if param.minimum is None else max(number, param.minimum)
    bounded = low if param.maximum is None else min(low, param.maximum)
    return round(bounded) if param.type == "integer" else bounded


def number_in(text: str) -> float:
    """The number that a text is, or that it comes to. Raises ValueError if it is none, or beyond a float."""
    text = text.strip().replace(",", ".").replace("^", "**")
    if len(text) > _LONGEST:
        raise ValueError("this is too long for a number")
    try:
        number = float(_worked_out(ast.parse(text, mode="eval").body))
    except (SyntaxError, ArithmeticError, RecursionError, MemoryError) as error:
        raise ValueError(f"{text!r} is no number") from error
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is no number")
    return number


def _worked_out(part: ast.expr) -> float:
    """All in floats, so that nothing grows without bound."""
    match part:
        case ast.Constant(int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(name) if name in _NAMES:
            return _NAMES[name]
        case ast.UnaryOp(sign, of) if type(sign) in _SIGNS:
            return _SIGNS[type(sign)](_worked_out(of))
        case ast.BinOp(left, sum_, right) if type(sum_) in _SUMS:
            return _SUMS[type(sum_)](_worked_out(left), _worked_out(right))
    raise ValueError("only numbers are worked out")
