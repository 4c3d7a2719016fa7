"""The canvas on which a graph is built: what lies where, and what a person does with it.

Everything here but the painter is plain Python without a window. Start reading at scene.py and interaction.py.
"""

from nodeflow.editor.canvas.actions import CanvasActions
from nodeflow.editor.canvas.geometry import Rect, Viewport
from nodeflow.editor.canvas.gestures import Held
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.operation import Operation
from nodeflow.editor.canvas.operations import OPERATIONS
from nodeflow.editor.canvas.scene import Hit, Port, Scene

__all__ = [
    "OPERATIONS",
    "CanvasActions",
    "Held",
    "Hit",
    "Interaction",
    "Operation",
    "Port",
    "Rect",
    "Scene",
    "Viewport",
]
