"""How long it takes to start: `python -m benchmarks.start [--json] [--repeats 5]`.

Each program runs in a process of its own, best of several runs; an import's figure is what it takes beyond a bare
Python. Bytecode and the disk's cache are warm after the first run, as they are on a person's second start.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from benchmarks.figures import Results, Target, machine, show

REPEATS = 5
COMMANDS = {"help": ["--help"], "check": ["check", "pose_overlay"], "nodes": ["nodes"]}
IMPORTS = ("graph", "values", "node", "models", "engine", "cli", "editor")
HEAVY = ("torch", "onnxruntime", "onnx", "cv2", "av", "networkx", "pydantic", "dearpygui")
TARGETS: dict[str, Target] = {}


def measure(repeats: int = REPEATS) -> tuple[Results, dict[str, object]]:
    """`bare_python_ms`; `command_ms.NAME`, whole; `import_ms.PACKAGE`, beyond a bare Python. And what each import
    loads of the heavy packages."""
    results, before = Results(), machine()
    bare = _best(["-c", "pass"], repeats)
    results.update({"bare_python_ms": bare})
    for name, arguments in COMMANDS.items():
        results.update({f"command_ms.{name}": _best(["-m", "nodeflow", *arguments], repeats)})
    loaded: dict[str, list[str]] = {}
    for name in IMPORTS:
        statement = f"import nodeflow.{name}"
        results.update({f"import_ms.{name}": _best(["-c", statement], repeats) - bare})
        loaded[name] = _heavy(statement)
    return results, {"loads": loaded, "machine": before, "repeats": repeats}


def _best(arguments: list[str], repeats: int) -> float:
    """Milliseconds of the fastest of several runs."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        taken.append((time.perf_counter() - began) * 1e3)
    return min(taken)


def _heavy(statement: str) -> list[str]:
    code = f"import sys; {statement}; print(*sorted({set(HEAVY)!r} & sys.modules.keys()))"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description="How long it takes to start.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="runs of each, of which the best counts")
    options = parser.parse_args()
    results, about = measure(options.repeats)
    show(results, TARGETS, about, options.json)


if __name__ == "__main__":
    main()
