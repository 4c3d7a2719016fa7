"""Files with pictures or sound in them, opened with FFmpeg."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer


def open_container(path: Path) -> InputContainer:
    """Open a file that may come from a stranger; close it after use. Raises av.FFmpegError, OSError."""
    import av

    # Until version 19 titles and the like had to be valid UTF-8, unless this was said.
    lenient: dict[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
    # Playlists are media files, too: one that points anywhere else is not followed there.
    container: InputContainer = av.open(str(path), options={"protocol_whitelist": "file"}, **lenient)
    return container
