"""NodeFlow: wire models and inputs/outputs into a graph and see it run, live."""

import os

os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**28))
"""OpenCV asks for it when it is loaded: 40 bytes of GIF could else take 3 GB."""

__version__ = "0.1.0"
