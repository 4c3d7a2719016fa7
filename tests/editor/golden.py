"""What a handful of views look like, and how far a picture of one may be from that.

    python -m tests.editor.golden [VIEW ...]        # remake the pictures in tests/editor/golden, to be looked at

A picture is kept at a quarter of its size. Two are compared for their structure, not pixel by pixel: letters that are
drawn a little otherwise, as on another machine, are no difference; what is gone, moved or of another colour is one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from nodeflow.graph import Graph, Node, save

from .desk import Desk

FOLDER: Final = Path(__file__).parent / "golden"
SAMPLES: Final = Path(__file__).parents[2] / "sample_graphs"
WINDOW: Final = 1500, 940
_SHRINK: Final = 4
_CELLS: Final = 10
"""A difference is judged in cells, so many along each side: what is gone must not drown in all that is right."""
LEAST: Final = 0.88
"""How alike the least like cell may be to be the same view; see test_golden.py for what lies on either side."""

Pixels = NDArray[np.uint8]
OpenDesk = Callable[..., Desk]


def likeness(one: Pixels, other: Pixels) -> float:
    """How alike two pictures of a size are in the cell in which they are least so: 1 for the same, about 0 for
    unrelated ones. In each cell, structure (as SSIM has it, on small windows) and colour count."""
    if one.shape != other.shape:
        return 0.0
    a, b = (cv2.GaussianBlur(each, (0, 0), 1.0).astype(np.float32) for each in (one, other))
    mean_a, mean_b = _smooth(a), _smooth(b)
    var_a, var_b = _smooth(a * a) - mean_a**2, _smooth(b * b) - mean_b**2
    both = _smooth(a * b) - mean_a * mean_b
    light, contrast = 6.5, 60.0  # below these, nobody sees a difference
    alike = (2 * mean_a * mean_b + light) / (mean_a**2 + mean_b**2 + light) * (2 * both + contrast)
    alike /= var_a + var_b + contrast
    cells = cv2.resize(alike.mean(axis=2), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    return float(cells.min())


def shrunk(picture: Pixels) -> Pixels:
    """A picture as it is kept."""
    height, width = picture.shape[:2]
    size = width // _SHRINK, height // _SHRINK
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(values, (7, 7)), np.float32)


# ---- the views -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """`make` brings a desk to show it; `height` is how much of the window, from its top, counts."""

    graph: Callable[[Path], Path | None]
    make: Callable[[Desk], object]
    height: int = WINDOW[1]


def _sample(name: str) -> Callable[[Path], Path]:
    return lambda _folder: SAMPLES / f"{name}.json"


def _chart(folder: Path) -> Path:
    graph, _ = Graph().add(Node("desk.chart"), (0.0, 0.0))
    graph, _ = graph.add(Node("io.preview"), (320.0, 0.0))
    graph = graph.connect("chart.image -> preview.value")
    path = folder / "chart.json"
    save(graph, path)
    return path


def _palette(desk: Desk) -> None:
    desk.key("ctrl+p")
    desk.wait(lambda look: look["popup"])
    desk.type("align")
    desk.wait(lambda look: look["rows"] and "lign" in look["rows"][0])


def _settings(desk: Desk) -> None:
    desk.key("ctrl+comma")
    desk.wait(lambda look: look["popup"] == "SettingsWindow")


def _viewer(desk: Desk) -> None:
    desk.key("F5")
    desk.wait(lambda look: look["seen"] == [320, 180])
    desk.key("v")
    desk.key("alt+t")


VIEWS: Final = {
    "canvas": View(_sample("pose_overlay"), lambda desk: None),
    "start": View(lambda folder: None, lambda desk: desk.wait(lambda look: look["start"]), height=430),
    "palette": View(_chart, _palette),
    "settings": View(_chart, _settings),
    "viewer": View(_chart, _viewer),
}


def picture_of(name: str, open_desk: OpenDesk) -> Pixels:
    """What the window shows of a view, shrunk."""
    view = VIEWS[name]
    with tempfile.TemporaryDirectory() as folder, open_desk(view.graph(Path(folder))) as desk:
        view.make(desk)
        return shot_of(desk, Path(folder), view.height)


def shot_of(desk: Desk, folder: Path, height: int = WINDOW[1]) -> Pixels:
    """What the window shows now, shrunk; `folder` is for a file in between."""
    desk.move((4.0, WINDOW[1] - 4.0))
    look = desk.settle()
    desk.wait(lambda now: now["frames"] > look["frames"] + 20)  # tips have gone
    desk.shot(folder / "shot.png")
    shot = cv2.imread(str(folder / "shot.png"))
    assert shot is not None
    return shrunk(np.asarray(shot[:height, : WINDOW[0]], np.uint8))


def kept(name: str) -> Pixels:
    """The picture that a view is held to."""
    picture = cv2.imread(str(FOLDER / f"{name}.png"))
    assert picture is not None, f"there is no {name}.png: python -m tests.editor.golden {name}"
    return np.asarray(picture, np.uint8)


def main(names: list[str]) -> int:
    from .conftest import PACKS, _screen

    FOLDER.mkdir(exist_ok=True)
    for display in _screen():

        def open_desk(graph: Path | None, display: str = display) -> Desk:
            return Desk(graph, env={"DISPLAY": display, "NODEFLOW_PACKS": PACKS})

        for name in names or VIEWS:
            picture, path = picture_of(name, open_desk), FOLDER / f"{name}.png"
            before = f", {likeness(kept(name), picture):.3f} like before" if path.is_file() else ""
            cv2.imwrite(str(path), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
            print(f"{path}: {path.stat().st_size / 1000:.0f} kB{before}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
