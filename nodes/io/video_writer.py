"""Writing a video file."""

from __future__ import annotations

from nodeflow.node import Context, NodeError, Params, Tick, choice, file, node, number, save, slider
from nodeflow.values import Image
from nodes.io.draft import given_up
from nodes.io.movie import Movie, require_format
from nodes.io.sound import SOUND_FILES
from nodes.io.track import Track

ASSUMED_RATE = 30.0  # frames a second, where neither the source nor the person says


@node(
    "io.video_writer",
    category="Output",
    title="Video writer",
    resource="io",
    words="record save export movie film clip mp4 render encode",
)
class VideoWriter:
    """Write the pictures into a video file.

    It appears when the run ends, or stops, and at once where nothing streams into it.
    """

    class Setup(Params):
        path: str = save("out/output.mp4", "*.mp4", "*.mov", "*.mkv", doc="Where to; missing folders are made")
        crf: int = slider(20, 0, 40, doc="Lower looks better and takes more space; 18 looks lossless", essential=False)
        rate: float = number(0.0, 0.0, 240.0, unit="fps", doc="0 keeps the times of the source", essential=False)
        codec: str = choice(
            "h264", "h264", "hevc", "mpeg4", doc="h264 plays everywhere; hevc is smaller and slower", essential=False
        )
        sound: str = file(
            "", *SOUND_FILES, doc="Take the sound of this file, such as the clip that is played", essential=False
        )

    def open(self, setup: Setup, ctx: Context) -> None:
        self._setup = setup
        self._ctx = ctx
        self._path = ctx.output(setup.path)
        require_format(self._path)
        self._sound = Track(ctx.path(setup.sound)) if setup.sound else None
        if self._sound and setup.rate:
            self._sound = None
            ctx.note("With a rate of its own, the video is written without sound.")
        self._movie: Movie | None = None
        self._failed: Exception | None = None

    def run(self, image: Image, tick: Tick) -> None:
        if self._failed:
            raise given_up(self._path, self._failed)
        try:
            self._add(image, tick)
        except Exception as fault:
            self._failed = fault
            self._drop()
            raise

    def complete(self) -> None:
        movie, self._movie = self._movie, None
        if movie is not None:
            movie.finish()

    def close(self) -> None:
        self.complete()

    def _add(self, image: Image, tick: Tick) -> None:
        size = (image.width, image.height)
        if self._movie is None:
            self._movie = self._begin(size, tick)
        if size != self._movie.size:
            before, now = (f"{width}x{height}" for width, height in (self._movie.size, size))
            raise NodeError(
                f"The picture changed its size from {before} to {now}; a video keeps one.", "Put a Resize before it."
            )
        time = self._count / self._setup.rate if self._setup.rate else tick.time - self._zero
        self._movie.add(image.array, time)
        self._count += 1

    def _begin(self, size: tuple[int, int], tick: Tick) -> Movie:
        self._count, self._zero = 0, tick.time
        rate = self._setup.rate or tick.rate or ASSUMED_RATE
        movie = Movie(self._path, size, rate, self._setup.codec, self._setup.crf, self._sound, tick.time)
        if movie.codec != self._setup.codec:
            self._ctx.note(f"{self._setup.codec} cannot be written here: {self._path.name} is {movie.codec}.")
        if movie.padded != movie.size:
            (width, height), (even_width, even_height) = movie.size, movie.padded
            self._ctx.note(f"{width}x{height} is written as {even_width}x{even_height}: video sizes are even.")
        return movie

    def _drop(self) -> None:
        if self._movie is not None:
            self._movie.drop()
            self._movie = None
