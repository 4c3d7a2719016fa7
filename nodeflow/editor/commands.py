"""Everything a person can do, in one table: what it is called, what it does, and its keys. Pure.

Toolbar, shortcuts, tips and menus all read this table, so an action has one name and one shortcut everywhere.

    table = Commands([Command("file.save", "Save", save, keys=("Ctrl+S",), typing=True)])
    table.press("Ctrl+S", typing=False)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

_MODIFIERS = ("Ctrl", "Alt", "Shift")


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One action. `typing`: its keys also work while a text field has the keyboard."""

    name: str
    title: str
    action: Callable[[], None]
    keys: tuple[str, ...] = ()
    icon: str = ""
    typing: bool = False
    enabled: Callable[[], bool] = field(default=_always)

    @property
    def tip(self) -> str:
        """The title with its first shortcut: "Save  Ctrl+S"."""
        return f"{self.title}   {self.keys[0]}" if self.keys else self.title


def chord(key: str, *, ctrl: bool = False, alt: bool = False, shift: bool = False) -> str:
    """The name of a key with its modifiers, always in the same order: "Ctrl+Shift+S"."""
    held = [name for name, down in zip(_MODIFIERS, (ctrl, alt, shift), strict=True) if down]
    return "+".join([*held, key])


class Commands:
    """The table. Raises ValueError if two commands share a name or a key."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._by_name: dict[str, Command] = {}
        self._by_chord: dict[str, Command] = {}
        for command in commands:
            if command.name in self._by_name:
                raise ValueError(f"two commands are called {command.name!r}")
            self._by_name[command.name] = command
            for keys in command.keys:
                if keys in self._by_chord:
                    raise ValueError(f"{keys} is taken by {self._by_chord[keys].name!r} and {command.name!r}")
                self._by_chord[keys] = command

    def __iter__(self) -> Iterator[Command]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Command:
        return self._by_name[name]

    def run(self, name: str) -> None:
        """Do it, if it can be done now."""
        command = self._by_name[name]
        if command.enabled():
            command.action()

    def press(self, keys: str, typing: bool) -> bool:
        """Do what these keys stand for; False if that is nothing. `typing`: a text field has the keyboard."""
        command = self._by_chord.get(keys)
        if command is None or (typing and not command.typing):
            return False
        self.run(command.name)
        return True
