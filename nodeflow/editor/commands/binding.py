"""Giving commands other keys, as the settings window does it. Pure.

    binder = Binder(preferences, commands)
    binder.listen("canvas.duplicate")          # the next keys are for it
    binder.press("Ctrl+D")                     # taken, unless they are another command's: then `conflict` says whose
    binder.take()                              # have them all the same

GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodeflow.editor.chords import known_chord
from nodeflow.editor.commands.table import Command, Commands, rebound
from nodeflow.editor.search import rank
from nodeflow.editor.settings.values import Preferences


@dataclass(frozen=True, slots=True)
class Conflict:
    """`keys` were pressed for the command `name`, but they are for `owner`."""

    name: str
    keys: str
    owner: Command


class Binder:
    """`listening` is the command that the next keys are for, or None."""

    def __init__(self, preferences: Preferences, commands: Commands) -> None:
        self._preferences, self._commands = preferences, commands
        self.listening: str | None = None
        self.conflict: Conflict | None = None
        self._more = False

    def found(self, query: str) -> list[Command]:
        """The commands of this name, or with these keys."""
        return rank(query, ((each, each.title, f"{each.name} {' '.join(each.keys)}") for each in self._commands))

    def listen(self, name: str, more: bool = False) -> None:
        """Wait for keys for a command: instead of those it has, or with `more` beside them."""
        self.listening, self._more, self.conflict = name, more, None

    def press(self, keys: str) -> bool:
        """Keys were pressed; False if nobody waits for them. Escape is how a person changes their mind."""
        name = self.listening
        if name is None:
            return False
        if keys == "Escape":
            self.leave()
            return True
        owner = self._commands.owner(keys)
        if owner is not None and owner.name != name:
            self.listening, self.conflict = None, Conflict(name, keys, owner)
        elif known_chord(keys):
            self._give(name, keys)
        return True

    def take(self) -> None:
        """Have the keys in conflict; the other command loses them."""
        if self.conflict:
            self._give(self.conflict.name, self.conflict.keys)

    def leave(self) -> None:
        """Change nothing."""
        self.listening = self.conflict = None

    def clear(self, name: str) -> None:
        """Take all keys from a command."""
        self._bind(name, ())

    def changed(self, name: str) -> bool:
        """Whether a command has other keys than usual."""
        return self._commands[name].keys != self._commands.usual(name)

    def reset(self, name: str) -> None:
        """Give a command its usual keys back, whoever has them now."""
        self._bind(name, self._commands.usual(name))

    def reset_all(self) -> None:
        self.leave()
        self._preferences.reset("shortcuts")
        self._commands.rebind(self._preferences.now.shortcuts)

    def _give(self, name: str, keys: str) -> None:
        before = tuple(each for each in self._commands[name].keys if each != keys) if self._more else ()
        self._bind(name, (*before, keys))

    def _bind(self, name: str, keys: tuple[str, ...]) -> None:
        self.leave()
        said = rebound(self._preferences.now.shortcuts, self._commands, name, keys)
        self._preferences.change(shortcuts=said)
        self._commands.rebind(said)
