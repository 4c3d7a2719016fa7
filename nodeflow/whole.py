"""Files that appear whole or not at all. Any thread."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Put a text, in UTF-8, or bytes into a file. What was there stays until the new content is complete, and nothing
    is left behind where it cannot be. Raises OSError."""
    new = path.with_name(f".nodeflow-{os.urandom(8).hex()}.tmp")
    try:
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
