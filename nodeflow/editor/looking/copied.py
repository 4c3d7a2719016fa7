"""What is seen of a value, as text for the clipboard: a spreadsheet takes tables and numbers as they are. Pure."""

from __future__ import annotations

from nodeflow.engine.look import Look, Rows, Series, Spread, Words


def as_text(look: Look) -> str:
    """Tables and series with tabs between cells, texts as they are, everything else in few words."""
    match look.shows:
        case Rows(columns, rows, _):
            lines = ["\t".join(columns), *("\t".join(_cell(cell) for cell in row) for row in rows)]
            return "\n".join(lines)
        case Series(times, values, unit):
            first = times[0] if times else 0.0
            title = f"value {unit}".rstrip()
            lines = [f"{at - first:.4f}\t{value!r}" for at, value in zip(times, values, strict=True)]
            return "\n".join([f"seconds\t{title}", *lines])
        case Words(text, _):
            return text
        case Spread() as spread if spread.first:
            return "\n".join(repr(number) for number in spread.first)
    return look.summary


def _cell(value: str | float | int | bool | None) -> str:
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")
