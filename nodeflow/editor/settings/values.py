"""What a person can set, and the file it is kept in. Pure.

    preferences = Preferences(config_folder() / "settings.json")
    preferences.now.theme                       # "dark"
    preferences.change(theme="light")           # checked, in force, and in the file

A setting is one line of `Settings`: its type, default, what it may be, and the words that the settings window shows.
`now` is another object after every change; whoever draws or runs by it looks at it once per frame. A field in the file
that is not what it may be counts as its default and is said in `problems`; fields that nobody here knows are kept.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from nodeflow.editor.canvas.habits import Habits
from nodeflow.editor.chords import known_chord
from nodeflow.editor.settings.stored import read, write
from nodeflow.graph import Json

Section = Literal["Appearance", "Canvas", "Running", "Files", ""]
SECTIONS: Final[tuple[Section, ...]] = ("Appearance", "Canvas", "Running", "Files")

SIZES: Final = (75, 100, 125, 150, 175, 200, 250)
"""Of all text and lengths, in percent."""


@dataclass(frozen=True, slots=True)
class Option:
    """How one setting is shown and what it may be: one of `choices` (value -> words), or a number of `bounds`.

    Without a `section` it has no row of its own in the settings window.
    """

    section: Section
    title: str
    help: str
    choices: Mapping[Any, str] = field(default_factory=dict)
    bounds: tuple[int, int] | None = None

    def wrong(self, value: Json, default: object) -> str:
        """What is wrong with a value, or ""."""
        if self.choices:
            fine = any(value == each and type(value) is type(each) for each in self.choices)
            return "" if fine else f"this must be one of {', '.join(map(repr, self.choices))}"
        if isinstance(default, bool):
            return "" if isinstance(value, bool) else "this must be true or false"
        low, high = self.bounds or (0, 0)
        fine = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fine else f"this must be a whole number from {low} to {high}"


def _option(default: Any, section: Section, title: str, help_: str = "", **more: Any) -> Any:
    return field(default=default, metadata={"option": Option(section, title, help_, **more)})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, at its default unless said otherwise."""

    theme: str = _option("dark", "Appearance", "Colours", choices={"dark": "Dark", "light": "Light"})
    scale: int = _option(
        0, "Appearance", "Size", "Of all text and lengths. On screens with fine pixels, 150 % or 200 % reads better.",
        choices={0: "As the screen says"} | {percent: f"{percent} %" for percent in SIZES},
    )  # fmt: skip
    reduced_motion: bool = _option(
        False, "Appearance", "Reduced motion", "The canvas jumps to where it is sent, and does not glide there."
    )
    snap: bool = _option(False, "Canvas", "Snap to the grid", "Nodes move in steps of the grid.")
    previews: str = _option(
        "auto", "Canvas", "Previews on new nodes", "The eye on a node's title bar turns its preview on and off.",
        choices={"auto": "On preview nodes", "all": "On every node", "none": "On no node"},
    )  # fmt: skip
    minimap: bool = _option(True, "Canvas", "Map in the corner", "It shows where not all of the graph is in sight.")
    wheel: str = _option(
        "zoom", "Canvas", "The wheel", "With Ctrl it does the other; with Shift it pans sideways.",
        choices={"zoom": "Zooms at the pointer", "pan": "Pans, as suits a touchpad"},
    )  # fmt: skip
    device: str = _option(
        "auto", "Running", "Models run on", "In force from the next run on. The best is a GPU where there is one.",
        choices={"auto": "The best there is", "cpu": "The processor"}
        | {f"cuda:{number}": f"GPU {number} (cuda:{number})" for number in range(4)},
    )  # fmt: skip
    threads: int = _option(
        1, "Running", "Threads of one call",
        "Nodes run beside one another, so more than one seldom helps. In force from the next run on.", bounds=(1, 64),
    )  # fmt: skip
    host_cache: int = _option(
        1024, "Running", "Memory for results",
        "In MiB. What still nodes gave is kept: an edit computes only what it changes, and going back costs nothing. "
        "In force from the next run on.", bounds=(0, 1 << 17),
    )  # fmt: skip
    device_cache: int = _option(
        512, "Running", "GPU memory for results", "In MiB, from the next run on.", bounds=(0, 1 << 17)
    )
    autosave: bool = _option(
        True, "Files", "Keep unsaved work", "What is not saved is kept apart from its file, and offered after a crash."
    )
    offline: bool = _option(
        False, "Files", "Work offline", "Nothing is downloaded: models and samples that are on this machine serve."
    )
    library: bool = _option(False, "", "Model library")
    library_width: int = _option(340, "", "How wide it is", bounds=(280, 900))
    shortcuts: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({}), metadata={"option": Option("", "Shortcuts", "")}
    )
    """The keys of commands that have others than usual, by the command's name."""

    @property
    def habits(self) -> Habits:
        """What of it the canvas goes by."""
        previews = {"all": True, "none": False}.get(self.previews)
        return Habits(self.snap, previews, self.minimap, self.wheel == "pan", not self.reduced_motion)


OPTIONS: Final[Mapping[str, Option]] = MappingProxyType(
    {each.name: each.metadata["option"] for each in fields(Settings)}
)
DEFAULTS: Final = Settings()


def parse(content: Mapping[str, Json]) -> tuple[Settings, list[str]]:
    """The settings in an object, and what is wrong with it: field by field, so that one mistake costs one field."""
    found: dict[str, Any] = {}
    problems = []
    for name in OPTIONS.keys() & content.keys():
        value = content[name]
        if name == "shortcuts":
            found[name], wrong = _shortcuts(value)
        else:
            wrong = OPTIONS[name].wrong(value, getattr(DEFAULTS, name))
            found[name] = getattr(DEFAULTS, name) if wrong else value
        if wrong:
            problems.append(f"{name}: {wrong}")
    return Settings(**found), sorted(problems)


def _shortcuts(value: Json) -> tuple[Mapping[str, tuple[str, ...]], str]:
    if not isinstance(value, Mapping):
        return MappingProxyType({}), "this must be an object with a list of keys for each command"
    fine: dict[str, tuple[str, ...]] = {}
    wrong = ""
    for name, keys in value.items():
        if isinstance(keys, list | tuple) and all(isinstance(each, str) and known_chord(each) for each in keys):
            fine[name] = tuple(map(str, keys))
        else:
            wrong = f'{name} must have a list of keys such as ["Ctrl+S"]'
    return MappingProxyType(fine), wrong


class Preferences:
    """The settings in force and their file; without a path they are kept nowhere. `tell` says what goes wrong."""

    def __init__(self, path: Path | None = None, tell: Callable[[str], None] = lambda _text: None) -> None:
        self.path, self.tell = path, tell
        self.now = Settings()
        self.problems: list[str] = []
        self._content: dict[str, Json] = {}
        self._read()

    def change(self, **values: Any) -> None:
        """Put some settings into force and into the file. Raises ValueError for a value that cannot be."""
        for name, value in values.items():
            wrong = "" if name == "shortcuts" else OPTIONS[name].wrong(value, getattr(DEFAULTS, name))
            if wrong:
                raise ValueError(f"{name}: {wrong}")
        self._read()  # another window may have changed others meanwhile
        self.now = replace(self.now, **values)
        for name, value in values.items():
            if value == getattr(DEFAULTS, name):
                self._content.pop(name, None)
            else:
                self._content[name] = dict(value) if name == "shortcuts" else value
        if self.path is not None:
            try:
                write(self.path, self._content)
            except OSError as error:
                self.tell(f"{self.path}: the settings cannot be written: {error.strerror}")

    def reset(self, name: str) -> None:
        """Bring one setting back to its default."""
        self.change(**{name: getattr(DEFAULTS, name)})

    def _read(self) -> None:
        if self.path is None:
            return
        self._content, broken = read(self.path)
        self.now, wrong = parse(self._content)
        self.problems = [broken] if broken else [f"{self.path}: {each}; the default is used" for each in wrong]
        if broken and self.path.is_file():
            self._put_aside(self.path)

    def _put_aside(self, path: Path) -> None:
        """Keep a file that cannot be read under another name, so that the next change does not overwrite it."""
        aside = path.with_suffix(".broken.json")
        try:
            path.replace(aside)
        except OSError:
            return
        self.problems.append(f"It is kept as {aside.name}, and the defaults are used.")
