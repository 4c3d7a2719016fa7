"""Settings of pipelines that lead from pictures to words and from words to pictures (see `pipelines`).

Importing this module imports pydantic: import it inside functions.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nodeflow.models.pipelines.settings import Settings
from nodeflow.models.pipelines.whole import Whole

Piece = Annotated[int, Field(ge=0, le=10_000_000)]
"""The number of a piece of a word."""


class Captions(Settings):
    """An encoder reads a picture; a decoder says piece after piece of its description, from `start` to `end`. The
    pieces are GPT-2's, by the numbers that the vocabulary gives them."""

    roles: ClassVar = ("encoder", "decoder")
    assets: ClassVar = ("vocabulary",)
    tasks: ClassVar = ("caption",)
    code: ClassVar = "nodeflow.models.captions.greedy:open_captions"

    kind: Literal["captions"]
    shown: Whole = Whole()
    start: Piece
    end: Piece


class OneStepDiffusion(Settings):
    """Words become numbers, noise becomes the latent picture that they mean in one step, and that becomes a picture.

    `sigma` is how strong the noise is, `step` its name for the network; `side` is that of the latent picture, and
    `latent_scale` what it is divided by before it is decoded. Texts are `most` pieces long, filled up with `pad`.
    """

    roles: ClassVar = ("words", "denoiser", "decoder")
    assets: ClassVar = ("vocabulary", "merges")
    tasks: ClassVar = ("text-to-picture",)
    code: ClassVar = "nodeflow.models.generate.diffusion:open_diffusion"

    kind: Literal["one-step-diffusion"]
    side: Annotated[int, Field(ge=8, le=256)] = 64
    sigma: Annotated[float, Field(gt=0, le=1000)] = 14.6146
    step: Annotated[int, Field(ge=0, le=10_000)] = 999
    latent_scale: Annotated[float, Field(gt=0)] = 0.18215
    most: Annotated[int, Field(ge=3, le=1024)] = 77
    pad: Piece = 0
