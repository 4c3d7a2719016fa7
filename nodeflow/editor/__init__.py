"""The editor: a window on a graph that runs. `nodeflow.editor.app.run_editor` opens it.

Importing this package loads no DearPyGui, so that its pure parts (the canvas, search, commands) can be used and tested
without a window.
"""
