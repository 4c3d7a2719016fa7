"""Native file dialogs, each in a process of its own so that the window behind it goes on living.

    dialog = FileDialog.start(Ask("open", "Open a graph", patterns=("*.json",)))
    ...once per frame: if dialog.done: dialog.path is a Path, or None if the person changed their mind

zenity or kdialog on Linux, tkinter in a Python process elsewhere: on Linux, what Tk shows is no dialog of the desktop.
`start` returns None where there is none of them: ask within the window then. NODEFLOW_DIALOGS=window asks within the
window always. Any thread.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nodeflow.paths import SAMPLE, path_fault, placed


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask for. `start` is the file or folder to begin at; `patterns` are endings such as "*.mp4".

    `others` are no paths and may be typed in place of one: "sample:one_person".
    """

    mode: Literal["open", "save", "folder"]
    title: str
    start: Path | None = None
    patterns: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def fault(self, text: str, folder: Path) -> str:
        """Why what was typed, in a folder, cannot be the answer; "" if it can."""
        if text in self.others:
            return ""
        if self.others and text.startswith(SAMPLE):
            return f"There is no {text} for this. There is {', '.join(self.others)}."
        if not text and self.mode != "folder":
            return "Choose a file." if self.mode == "open" else "Type a name."
        place = placed(folder, text)
        if self.mode == "save" and not place.parent.is_dir():
            return f"There is no folder {place.parent}"
        wrong = path_fault("file" if self.mode == "open" else self.mode, place)
        return f"{wrong.message} {wrong.hint}" if wrong else ""

    def answer(self, text: str, folder: Path) -> Path:
        """What was typed, in a folder, as a path."""
        return Path(text) if text in self.others else self.whole(placed(folder, text))

    def whole(self, path: Path) -> Path:
        """A file to write, with the ending that is wanted if it was named without one."""
        named = path.suffix or self.mode != "save" or not self.patterns
        return path if named else path.with_name(path.name + self.patterns[0].removeprefix("*"))


class FileDialog:
    """One running dialog."""

    def __init__(self, command: Sequence[str], mode: str) -> None:
        self._mode = mode
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
            errors="surrogateescape",  # the name of a file may be no text, as Python's paths have it
        )  # fmt: skip
        self._answer: str | None = None

    @classmethod
    def start(cls, ask: Ask) -> FileDialog | None:
        """Show the dialog of this desktop, or return None if it has none."""
        command = _command(ask)
        if command is None:
            return None
        try:
            return cls(command, ask.mode)
        except OSError:
            return None

    @property
    def done(self) -> bool:
        return self._process.poll() is not None

    @property
    def broken(self) -> bool:
        """Whether it ended without ever having shown anything, as tkinter does without a display."""
        return self._process.poll() not in (None, 0, 1)

    @property
    def path(self) -> Path | None:
        """What was chosen. Read once it is done."""
        if self._answer is None:
            out, _ = self._process.communicate()
            self._answer = out.strip("\r\n")
        return Path(self._answer) if self._answer else None

    def close(self) -> None:
        """Take the dialog off the screen."""
        if not self.done:
            self._process.terminate()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def _command(ask: Ask) -> list[str] | None:
    if os.environ.get("NODEFLOW_DIALOGS") == "window":
        return None
    on_linux = sys.platform.startswith("linux")
    for name, command in (("zenity", _zenity), ("kdialog", _kdialog)):
        if on_linux and shutil.which(name):
            return command(ask)
    if not on_linux and importlib.util.find_spec("_tkinter"):
        options = {"title": ask.title, "start": str(ask.start or ""), "patterns": ask.patterns, "mode": ask.mode}
        return [sys.executable, "-c", _TKINTER, json.dumps(options)]
    return None


def _zenity(ask: Ask) -> list[str]:
    command = ["zenity", "--file-selection", f"--title={ask.title}"]
    if ask.mode == "save":
        command += ["--save", "--confirm-overwrite"]  # newer ones ask anyhow
    if ask.mode == "folder":
        command.append("--directory")
    if ask.start:
        command.append(f"--filename={ask.start}{os.sep if ask.start.is_dir() else ''}")
    if ask.patterns:
        command += [f"--file-filter={' '.join(ask.patterns)} | {' '.join(ask.patterns)}", "--file-filter=All files | *"]
    return command


def _kdialog(ask: Ask) -> list[str]:
    flag = {"open": "--getopenfilename", "save": "--getsavefilename", "folder": "--getexistingdirectory"}[ask.mode]
    command = ["kdialog", "--title", ask.title, flag, str(ask.start or Path.cwd())]
    if ask.patterns and ask.mode != "folder":
        command.append(" ".join(ask.patterns))
    return command


_TKINTER = """
import json, os, sys, tkinter
from tkinter import filedialog
ask = json.loads(sys.argv[1])
root = tkinter.Tk()
root.withdraw()
root.attributes("-topmost", True)
start = ask["start"]
options = {"title": ask["title"], "parent": root}
if start:
    options["initialdir"] = start if os.path.isdir(start) else os.path.dirname(start)
if ask["mode"] != "folder":
    kinds = [(" ".join(ask["patterns"]), tuple(ask["patterns"]))] if ask["patterns"] else []
    options["filetypes"] = kinds + [("All files", "*")]
    if start and not os.path.isdir(start):
        options["initialfile"] = os.path.basename(start)
show = {"open": filedialog.askopenfilename, "save": filedialog.asksaveasfilename, "folder": filedialog.askdirectory}
print(show[ask["mode"]](**options) or "")
"""
