"""Files with pictures or sound in them, by FFmpeg: opened to be read, or being written.

out = NewContainer(path, "mp4", {"movflags": "+faststart"})
with out.or_nothing(): stream = out.container.add_stream(...)
out.mux(stream.encode(frame))
out.finish()                        # or out.drop(): then nothing is left behind
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodes.io.draft import Draft, unwritable

if TYPE_CHECKING:
    from av import Packet
    from av.container import InputContainer, OutputContainer


def open_container(path: Path) -> InputContainer:
    """Open a file that may come from a stranger; close it after use. Raises av.FFmpegError, OSError."""
    import av

    # Until version 19 titles and the like had to be valid UTF-8, unless this was said.
    lenient: dict[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
    # Playlists are media files, too: one that points anywhere else is not followed there.
    container: InputContainer = av.open(str(path), options={"protocol_whitelist": "file"}, **lenient)
    return container


class NewContainer:
    """A file that appears under its name when it is finished; after an error there is none. Everything here raises
    NodeError where it cannot be written. Used by one thread."""

    def __init__(self, path: Path, form: str, options: Mapping[str, str]) -> None:
        """`form` is FFmpeg's name of the format, `options` are those of its muxer."""
        import av

        self._draft = Draft(path)
        with self.or_nothing():
            self.container: OutputContainer = av.open(str(self._draft.place), "w", format=form, options=dict(options))

    @contextmanager
    def or_nothing(self) -> Iterator[None]:
        """After an error in here, nothing is left of the file."""
        from av import FFmpegError

        try:
            yield
        except (FFmpegError, OSError, ValueError) as fault:
            self.drop()
            raise unwritable(self._draft.target, fault) from fault

    def mux(self, packets: Iterable[Packet[Any]]) -> None:
        """Write packets as they are made."""
        with self.or_nothing():
            for packet in packets:
                self.container.mux(packet)

    def finish(self) -> None:
        """Complete the file and give it its name."""
        with self.or_nothing():
            self.container.close()
        self._draft.keep()

    def drop(self) -> None:
        """Give up: nothing is left behind."""
        from av import FFmpegError

        try:
            self.container.close()
        except (FFmpegError, OSError, AttributeError):
            pass  # never opened, or broken: it is thrown away in any case
        self._draft.drop()
