"""The pose pipelines once more, written as plainly as can be, to hold the quick ones against.

Points count from pixel centres, as MediaPipe's do.
"""

from __future__ import annotations

import cv2
import numpy as np

from nodeflow.models import OnnxModel


def settled(points: np.ndarray, heatmaps: np.ndarray, threshold: float) -> np.ndarray:
    """The rule of MediaPipe's RefineLandmarksFromHeatmapCalculator, cell by cell; points in parts of the square."""
    height, width, _ = heatmaps.shape
    moved = points.copy()
    for k, (x, y) in enumerate(points):
        column, row = int(x * width), int(y * height)
        if not (0 <= column < width and 0 <= row < height):
            continue
        total = across = down = best = 0.0
        for r in range(max(0, row - 3), min(height, row + 4)):
            for c in range(max(0, column - 3), min(width, column + 4)):
                weight = 1 / (1 + np.exp(-float(heatmaps[r, c, k])))
                total, across, down = total + weight, across + weight * c, down + weight * r
                best = max(best, weight)
        if best >= threshold and total > 0:
            moved[k] = across / total / width, down / total / height
    return moved


def blazepose_points(network: OnnxModel, rgb: np.ndarray, x: float, y: float, side: float, angle: float) -> np.ndarray:
    """The 33 points in a turned square of a picture, 33x2 in its pixels."""
    along = np.array((np.cos(angle), np.sin(angle))) * side / 2
    down = np.array((-along[1], along[0]))
    centre = np.array((x, y))
    corners = np.array([centre - along - down, centre + along - down, centre - along + down], np.float32)
    matrix = cv2.getAffineTransform(corners, np.array([[0, 0], [256, 0], [0, 256]], np.float32))
    crop = cv2.warpAffine(rgb, matrix, (256, 256), borderMode=cv2.BORDER_REPLICATE).astype(np.float32) / 255
    flat, _, heatmaps, _ = network.run({"input_1": crop[None]})
    points = settled(flat.reshape(39, 5)[:33, :2] / 256, heatmaps[0], 0.5) * 256
    back = cv2.invertAffineTransform(matrix)
    return points @ back[:, :2].T + back[:, 2]


def movenet_people(network: OnnxModel, rgb: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Six people's 17 points, 6x17x2 in pixels of the picture, and their scores."""
    height, width = rgb.shape[:2]
    scale = size / max(height, width)
    small = cv2.resize(rgb, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    padded = np.zeros((size, size, 3), np.int32)
    padded[: small.shape[0], : small.shape[1]] = small
    people = network.run({"input": padded[None]})[0][0]
    points = people[:, :51].reshape(6, 17, 3)
    # A pixel of the small picture is the mean of several: its centre is where their middle is.
    return (points[..., 1::-1] * size + 0.5) / scale - 0.5, people[:, 55]
