"""What every kind of pipeline says of itself, and the numbers that cards may give (see `pipelines`).

Importing this module imports pydantic: import it inside functions.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from nodeflow.models.sources import Strict

Side = Annotated[int, Field(ge=32, le=4096, multiple_of=32)]
Length = Annotated[int, Field(ge=8, le=4096)]
Score = Annotated[float, Field(ge=0, le=1)]
Stride = Annotated[int, Field(ge=1, le=256)]


class Settings(Strict):
    """What every kind says: the roles of its networks and assets, and which of these torch runs; the tasks that it
    serves, and where its code is, as "module:function"."""

    roles: ClassVar[tuple[str, ...]] = ()
    assets: ClassVar[tuple[str, ...]] = ()
    run_by_torch: ClassVar[tuple[str, ...]] = ()
    tasks: ClassVar[tuple[str, ...]]
    code: ClassVar[str]
