"""ImageNet's 1000 kinds of things, in the order of their numbers: what many classifiers tell apart, and what BigGAN
draws.

They are those of the challenge of 2012; the words are WordNet's (Princeton University), the first of several. Where two
kinds share it, what they are stands behind it.
"""

from __future__ import annotations

from pathlib import Path

KINDS = tuple(Path(__file__).with_name("imagenet.txt").read_text("utf-8").splitlines())
"""No two are alike, whatever the case of their letters."""
