"""Everything a person can do, in one table: what it is called, what it does, and its keys. Pure.

Toolbar, menus, the palette, shortcuts and tips all read this table, so an action has one name and one shortcut
everywhere.

    table = Commands([Command("file.save", "Save", save, keys=("Ctrl+S",), typing=True)])
    table.press("Ctrl+S", typing=False)
    table.rebind({"file.save": ("F10",)})       # as the person wants it; everything else as usual

A key that somebody gave to a command is that command's, whoever else has it by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace


def _always() -> bool:
    return True


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One action. `typing`: its keys also work while a text field has the keyboard, where they write nothing there.

    `to` says what it would be done to now, where its title alone does not: "Undo" what. A switch tells by `on` whether
    it is on.
    """

    name: str
    title: str
    action: Callable[[], None]
    keys: tuple[str, ...] = ()
    icon: str = ""
    typing: bool = False
    enabled: Callable[[], bool] = field(default=_always)
    to: Callable[[], str] = field(default=_nothing)
    on: Callable[[], bool] | None = None

    @property
    def words(self) -> str:
        """What it would do now: "Undo Move pose"."""
        return f"{self.title} {self.to()}".rstrip()

    @property
    def tip(self) -> str:
        """What it would do with its first shortcut: "Save  Ctrl+S"."""
        return f"{self.words}   {self.keys[0]}" if self.keys else self.words


def _writes(keys: str) -> bool:
    """Whether these keys put a letter into a text field, or move in it."""
    *held, key = keys.split("+")
    return "Ctrl" not in held and "Alt" not in held and not (key[:1] == "F" and key[1:].isdigit()) and key != "Escape"


class Commands:
    """The table. Raises ValueError if two commands share a name or, by default, a key."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._usual: dict[str, Command] = {}
        taken: dict[str, str] = {}
        for command in commands:
            if command.name in self._usual:
                raise ValueError(f"two commands are called {command.name!r}")
            self._usual[command.name] = command
            for each in command.keys:
                if each in taken:
                    raise ValueError(f"{each} is taken by {taken[each]!r} and {command.name!r}")
                taken[each] = command.name
        self.version = 0
        """How often keys were changed, for whoever shows them."""
        self.rebind({})

    def __iter__(self) -> Iterator[Command]:
        return iter(self._by_name.values())

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Command:
        return self._by_name[name]

    def rebind(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Give some commands these keys, all others their usual ones. Of two that want the same, the first has it."""
        self.version += 1
        self._by_chord: dict[str, str] = {}
        for name in self._usual:
            for each in keys.get(name, ()):
                self._by_chord.setdefault(each, name)
        for name, command in self._usual.items():
            for each in command.keys if name not in keys else ():
                self._by_chord.setdefault(each, name)
        self._by_name = {
            name: replace(command, keys=tuple(each for each in keys.get(name, command.keys) if self.has(name, each)))
            for name, command in self._usual.items()
        }

    def usual(self, name: str) -> tuple[str, ...]:
        """The keys of a command as it comes."""
        return self._usual[name].keys

    def owner(self, keys: str) -> Command | None:
        """Which command these keys are for."""
        name = self._by_chord.get(keys)
        return self._by_name[name] if name else None

    def has(self, name: str, keys: str) -> bool:
        return self._by_chord.get(keys) == name

    def run(self, name: str) -> None:
        """Do it, if it can be done now."""
        command = self._by_name[name]
        if command.enabled():
            command.action()

    def press(self, keys: str, typing: bool) -> bool:
        """Do what these keys stand for; False if that is nothing. `typing`: a text field has the keyboard."""
        command = self.owner(keys)
        if command is None or (typing and not (command.typing and not _writes(keys))):
            return False
        self.run(command.name)
        return True


def rebound(
    keys: Mapping[str, tuple[str, ...]], table: Commands, name: str, wanted: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """What `rebind` is to be told so that `name` has the keys `wanted`, and nobody else does; the rest as in `keys`."""
    said = {other: tuple(each for each in theirs if each not in wanted) for other, theirs in keys.items()}
    said[name] = wanted
    if wanted == table.usual(name):
        del said[name]
    return said
