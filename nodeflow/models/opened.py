"""What every opened model is, whatever it does."""

from __future__ import annotations

from typing import Protocol


class Opened(Protocol):
    """A model that is open: it says where it runs, and is closed after use. For one thread at a time."""

    @property
    def provider(self) -> str:
        """Where it runs, as shown to people: "CPU", "CUDA", "CUDA fp16" ..."""
        ...

    @property
    def device(self) -> str:
        """The device whose memory it computes in: "cpu" or "cuda:0"."""
        ...

    def close(self) -> None:
        """Let the sessions go. The model must not be called afterwards."""
        ...
