"""The pictures in docs/images, made anew: the editor on a clip that is drawn here, so that all in them is our own.

    python -m tests.editor.doc_images [NAME ...]

Needs the weights of the style model, and a virtual screen.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from nodeflow.graph import Graph, Group, Node, Note, View, load, save
from nodeflow.samples import sample_graphs

from .conftest import PACKS, _screen
from .desk import Desk
from .golden import WINDOW

FOLDER: Final = Path(__file__).parents[2] / "docs" / "images"
_CLIP: Final = 480, 270
_COLORS: Final = 96
Box = tuple[int, int, int, int]
"""Left, top, right and bottom of the part of the window that is kept."""


def draw_clip(path: Path) -> None:
    """Hills, a sun that wanders, a boat: five seconds."""
    width, height = _CLIP
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, _CLIP)
    rows = np.linspace(0.0, 1.0, height)[:, None, None]
    sky = (1 - rows) * np.array([200, 130, 60]) + rows * np.array([170, 200, 250])
    for frame in range(125):
        t = frame / 125
        picture = np.repeat(sky, width, axis=1).astype(np.uint8)
        cv2.circle(
            picture, (int(80 + 320 * t), int(95 - 50 * math.sin(math.pi * t))), 26, (90, 210, 255), -1, cv2.LINE_AA
        )
        for far, (level, wave, color) in enumerate(((150, 34, (120, 110, 70)), (178, 24, (80, 120, 60)))):
            hill = [(x, int(level - wave * math.sin(x / (90 - 30 * far) + far * 2.0))) for x in range(0, width + 8, 8)]
            cv2.fillPoly(picture, [np.array([*hill, (width, height), (0, height)])], color, cv2.LINE_AA)
        cv2.rectangle(picture, (0, 205), (width, height), (150, 100, 40), -1)
        for wave in range(7):
            y = 212 + 8 * wave
            x = int((frame * (2 + wave % 3) + 97 * wave) % width)
            cv2.line(picture, (x, y), (x + 46, y), (190, 150, 90), 2, cv2.LINE_AA)
        x, y = int(width * (0.75 - 0.4 * t)), int(222 + 3 * math.sin(frame / 5))
        cv2.fillPoly(picture, [np.array([(x - 34, y), (x + 34, y), (x + 20, y + 16), (x - 20, y + 16)])], (40, 50, 90))
        cv2.fillPoly(picture, [np.array([(x, y - 56), (x, y - 4), (x + 30, y - 4)])], (240, 245, 250), cv2.LINE_AA)
        writer.write(picture)
    writer.release()


def looks(folder: Path) -> Path:
    """Two looks of a clip side by side."""
    draw_clip(folder / "lake.mp4")
    nodes = {
        "clip": Node("io.video", params={"file": "lake.mp4", "loop": True}),
        "style": Node("transform.style"),
        "dither": Node("image.dither"),
        "side": Node("image.concat"),
        "preview": Node("io.preview"),
    }
    view = {
        "clip": View((0, 60), preview=True, label="Lake"),
        "style": View((330, -30), preview=True),
        "dither": View((330, 370), preview=True),
        "side": View((660, 190)),
        "preview": View((870, 90), (330, 300), preview=True),
    }
    graph = Graph(nodes, (), view).connect(
        "clip.image -> style.image",
        "clip.image -> dither.image",
        "style.image -> side.first",
        "dither.image -> side.second",
        "side.image -> preview.value",
    )
    graph, _ = graph.add_group(Group("Two looks", (300, -90), (300, 800), "green"))
    graph, _ = graph.add_note(
        Note("Change the style while it runs:\nthe next frame is painted in it.", (0, 400), (240, 70))
    )
    path = folder / "looks.json"
    save(graph, path)
    return path


def _run(desk: Desk) -> None:
    desk.key("Home")
    desk.key("F5")
    desk.wait(lambda look: look["finished"] > 12 and look["previews"].get("preview"), 120.0)
    desk.click(desk.title("style"))


def _view(desk: Desk) -> None:
    _run(desk)
    desk.key("F5")
    desk.wait(lambda look: look["state"] == "paused")
    for keys in ("v", "alt+t", "alt+c"):
        desk.key(keys)


def broken(folder: Path) -> Path:
    """The same with a few mistakes."""
    path = looks(folder)
    graph, _ = load(path).add(Node("image.blur", params={"radius": 900}), (620, 420))
    graph, _ = graph.add(Node("paint.oil"), (620, 560))
    graph, _ = graph.add(Node("desk.broken"), (0, 520))
    graph, _ = graph.add(Node("io.preview"), (870, 420))
    graph = graph.set_mode(["side"], "muted").connect("style.picture -> blur.image")
    save(graph.connect("clip.image -> broken.image", "broken.image -> preview_2.value"), path)
    return path


def painting(folder: Path) -> Path:
    """The sample that is painted by hand."""
    path = folder / "paint.json"
    save(load(sample_graphs()["paint"]), path)
    return path


def _paint(desk: Desk) -> None:
    desk.key("Home")
    desk.key("F5")
    desk.wait(lambda look: look["previews"].get("preview"), 120.0)
    desk.click(desk.title("paint"))
    desk.drag((1300.0, 403.0), (1300.0, 660.0))  # a larger viewer
    desk.drag((1142.0, 800.0), (800.0, 800.0))
    desk.key("Home")
    look = desk.wait(lambda look: look["paint"])
    desk.click(look["paint"]["swatches"]["white"])
    (left, top), scale = look["paint"]["corner"], look["paint"]["scale"]
    desk.drag((left + 170 * scale, top + 40 * scale), (left + 300 * scale, top + 52 * scale))
    desk.wait(lambda look: look["previews"]["preview"] > 2 and len(look["paint"]["strokes"]) > 30, 60.0)


def _break(desk: Desk) -> None:
    desk.key("F5")
    desk.key("ctrl+shift+m")
    desk.wait(lambda look: look["dock"] == "problems" and any("lamp" in text for text in look["troubles"]), 60.0)


def _add(desk: Desk) -> None:
    desk.key("Home")
    desk.drag(desk.port("clip.image", "out"), (640.0, 180.0))
    desk.wait(lambda look: look["popup"] == "AddMenu")
    desk.type("mask")


SHOTS: Final[dict[str, tuple[Callable[[Path], Path], Callable[[Desk], object], Box]]] = {
    "editor": (looks, _run, (0, 0, *WINDOW)),
    "viewer": (looks, _view, (0, 75, *WINDOW)),
    "painting": (painting, _paint, (0, 75, WINDOW[0], 690)),
    "problems": (broken, _break, (0, 640, 1144, WINDOW[1])),
    "add": (looks, _add, (560, 90, 1144, 660)),
}


def main(names: list[str]) -> int:
    FOLDER.mkdir(exist_ok=True)
    for display in _screen():
        for name in names or SHOTS:
            graph, make, (left, top, right, bottom) = SHOTS[name]
            env = {"DISPLAY": display, "NODEFLOW_PACKS": PACKS}
            with tempfile.TemporaryDirectory() as folder, Desk(graph(Path(folder)), env=env) as desk:
                make(desk)
                desk.settle()
                desk.settle()
                desk.shot(Path(folder, "shot.png"))
                shot = cv2.imread(str(Path(folder, "shot.png")))
            assert shot is not None
            wide = 760 if name == "viewer" else 1200  # what is full of detail is shown smaller
            path = FOLDER / f"{name}.png"
            cv2.imwrite(str(path), shot[top:bottom, left:right], [cv2.IMWRITE_PNG_COMPRESSION, 9])
            subprocess.run(
                ["convert", path, "-resize", f"{wide}x>", "-colors", str(_COLORS), f"png8:{path}"], check=True
            )
            print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
