"""What a person used last and likes best, kept between runs. Pure; GUI thread only.

memory = Memory(state_folder() / "memory.json")
memory.use("action", "run.start"); memory.recent("action"); memory.toggle("node", "people.pose")
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from nodeflow.editor.settings.stored import read, write
from nodeflow.graph import Json

_KEPT = 12


class Memory:
    """Names by what they name: "action", "node", and graphs by the path of their file. It is a convenience, so a file
    that cannot be read or written is none.

    Two windows share the file; each reads it before it changes it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._content: dict[str, Json] = {}
        self._read()

    def recent(self, kind: str) -> list[str]:
        """The last ones used, newest first."""
        return self._names(f"recent {kind}s")

    def favourites(self, kind: str) -> list[str]:
        """In the order in which they became it."""
        return self._names(f"favourite {kind}s")

    def use(self, kind: str, name: str) -> None:
        self._read()
        self._keep(f"recent {kind}s", [name, *(each for each in self.recent(kind) if each != name)][:_KEPT])

    def forget(self, kind: str, name: str) -> None:
        """It was not used last, after all."""
        self._read()
        self._keep(f"recent {kind}s", [each for each in self.recent(kind) if each != name])

    def toggle(self, kind: str, name: str) -> None:
        """Make a favourite of it, or not any more."""
        self._read()
        names = self.favourites(kind)
        self._keep(f"favourite {kind}s", [each for each in names if each != name] if name in names else [*names, name])

    def value(self, field: str) -> Json:
        """What was kept under a name of its own, whatever it is; None if nothing was."""
        return self._content.get(field)

    def keep(self, field: str, value: Json) -> None:
        """Keep something under a name of its own."""
        self._read()
        self._keep(field, value)

    def _names(self, field: str) -> list[str]:
        names = self._content.get(field)
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def _read(self) -> None:
        if self._path is not None:
            self._content = read(self._path)[0]

    def _keep(self, field: str, value: Json) -> None:
        self._content[field] = value
        if self._path is not None:
            with suppress(OSError):
                write(self._path, self._content)
