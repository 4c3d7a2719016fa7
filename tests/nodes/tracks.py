"""Small sound files, computed."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


def ramp(count: int, channels: int = 1) -> NDArray[np.int16]:
    """Sound whose every sample is another, channels x samples: a place in it is told by its value."""
    line = (np.arange(count) % 60_000 - 30_000).astype(np.int16)
    return np.stack([line, -line][:channels])


def tone(rate: int, seconds: float, *hertz: float, loud: float = 0.5) -> NDArray[np.float32]:
    """Sines, added up, float32 N."""
    time = np.arange(round(rate * seconds)) / rate
    return np.asarray(sum(np.sin(2 * np.pi * each * time) for each in hertz) * loud / len(hertz), np.float32)


def write_track(path: Path, samples: NDArray[np.int16], rate: int = 16_000, codec: str = "pcm_s16le") -> Path:
    """Write whole numbers, channels x samples."""
    layout = "mono" if len(samples) == 1 else "stereo"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate)
        for at in range(0, samples.shape[1], 1024):
            packed = np.ascontiguousarray(samples[:, at : at + 1024].T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
            frame.sample_rate, frame.pts = rate, at
            for each in resampler.resample(frame):
                container.mux(stream.encode(each))
        container.mux(stream.encode(None))
    return path
