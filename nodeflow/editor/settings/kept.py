"""What is remembered of one panel, read with doubt: the file may say anything. Pure.

kept = Kept(memory, "side panel")
kept.length("width", 280.0, 900.0)      # None where none was kept
kept.keep(open=True, width=356)
"""

from __future__ import annotations

from nodeflow.editor.settings.memory import Memory
from nodeflow.graph import Json


class Kept:
    """See the module's head. `field` is the panel's name in the memory."""

    def __init__(self, memory: Memory, field: str) -> None:
        self._memory, self._field = memory, field
        kept = memory.value(field)
        self._said = kept if isinstance(kept, dict) else {}

    def length(self, name: str, least: float, most: float) -> float | None:
        """A length within these bounds, in logical pixels; None where no such thing was kept."""
        said = self._said.get(name)
        if isinstance(said, bool) or not isinstance(said, int | float) or not said > 0:
            return None
        return min(max(float(min(said, most)), least), most)

    def is_open(self, usual: bool) -> bool:
        """Whether the panel is there."""
        said = self._said.get("open")
        return said if isinstance(said, bool) else usual

    def text(self, name: str) -> str:
        """A text, "" where none was kept."""
        said = self._said.get(name)
        return said if isinstance(said, str) else ""

    def keep(self, **values: Json) -> None:
        """Remember all that there is to remember of the panel."""
        self._memory.keep(self._field, dict(values))
