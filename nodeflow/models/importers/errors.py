"""What an importer says when it cannot go on: which file, which operator or tensor, why, and what to do.

Code that reads or translates raises plain errors (`Unsupported` for a deliberate refusal); `blaming` turns them into
the one public error, `ImportFailed`, at the place that knows the file and the operator.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodeflow.models.errors import ModelError

FETCH_AGAIN = "The file seems damaged: delete it and fetch it again."
USE_ANOTHER = "Convert the model to ONNX with its author's own tool, or choose another model."

# What reading bytes that are not what they claim can raise. The flatbuffers reader has no verifier: a wrong offset
# shows up as one of these.
_DAMAGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class ImportFailed(ModelError):
    """A model could not be imported: `cause`, at `where` (operator or tensor) in `file`; `remedy` is what to do."""

    def __init__(self, file: Path, where: str, cause: str, remedy: str) -> None:
        super().__init__(f"{file}: {where}: {cause.rstrip('.')}. {remedy}")
        self.file = file
        self.where = where
        self.cause = cause
        self.remedy = remedy


class Unsupported(ValueError):
    """The file is well formed but asks for something that the importer does not know."""


@contextmanager
def blaming(file: Path, where: str) -> Iterator[None]:
    """Raise whatever goes wrong inside as an `ImportFailed` of `file` at `where`."""
    try:
        yield
    except ImportFailed:
        raise
    except Unsupported as error:
        raise ImportFailed(file, where, str(error), USE_ANOTHER) from error
    except OSError as error:
        raise ImportFailed(
            file, where, error.strerror or str(error), "Check that the file is there and readable."
        ) from error
    except _DAMAGE as error:
        raise ImportFailed(file, where, f"{type(error).__name__}: {error}", FETCH_AGAIN) from error
