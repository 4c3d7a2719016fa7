"""The editor: a window on a graph that runs. Importing it loads DearPyGui, so do that only to open it."""

from nodeflow.editor.app import NoDisplayError, run_editor

__all__ = ["NoDisplayError", "run_editor"]
