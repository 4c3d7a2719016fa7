from __future__ import annotations

import pytest

from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import GRAPH


@pytest.fixture
def pilot() -> Pilot:
    """At the canvas with `stage.GRAPH`."""
    return Pilot(TOY, GRAPH)
