"""The canvas as DearPyGui draws it; everything else of the canvas needs no window."""
