"""What stands on a port for one frame, and the frame itself.

Every output port gets exactly one packet a frame: a value, a `Nothing` (there is none, and why) or a `Failed` (it went
wrong, where and why). So nothing downstream waits for ever, and no two frames mix: a frame holds all its packets, and
inputs are taken from that frame alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nodeflow.models import ModelError
from nodeflow.node import NodeError, Nothing, Tick

if TYPE_CHECKING:
    from nodeflow.engine.revision import Clock, Revision
    from nodeflow.engine.twins import Twins


@dataclass(frozen=True, slots=True)
class Failed:
    """A packet for a value that could not be made: the node that failed, what it said, and the way out."""

    node: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.node}: {self.message}" + (f" {self.hint}" if self.hint else "")

    @classmethod
    def from_exception(cls, node: str, fault: BaseException) -> Failed:
        try:
            if isinstance(fault, NodeError):
                return cls(node, _bounded(str(fault.message)), _bounded(str(fault.hint)))
            if isinstance(fault, ModelError):
                return cls(node, _sentence(_bounded(str(fault))))
            text = str(fault).strip() or "no reason given"
        except BaseException:  # its own __str__ may fail
            text = "it cannot even say why"
        return cls(node, _bounded(f"{type(fault).__name__}: {text}"))


LONGEST = 2000
"""Characters of what a failure says that are kept."""

Missing = Nothing | Failed
MISSING = (Nothing, Failed)
Packets = tuple[Any, ...]

WITHDRAWN = Failed("", "an edit came before it was computed")
"""What a node gives whose call had not begun when an edit came."""

CALLED_OFF = Failed("", "the run ended before it was computed")
"""The same where the run ends and does not wait for it."""

NOT_CHOSEN = Nothing("not chosen")
"""What a node gives that was not called, because nobody chose what it makes."""


def is_worth_keeping(packets: Packets) -> bool:
    """Whether what a node gave may stand for what it would give: a failure is tried again, and what was not computed
    is not known."""
    for packet in packets:  # noqa: SIM110 - asked for every node of the frame at an edit
        if packet is NOT_CHOSEN or isinstance(packet, Failed):
            return False
    return True


class Frame:
    """One frame on its way through one revision of the graph.

    `packets` holds each node's outputs once they are there; `awaited` how many producers each node still waits for;
    `undecided` how many others have yet to say whether it is needed; `left` how many nodes have yet to answer. `nodes`
    and `stages` are its revision's; `twins`, on a frame of still nodes, which of them are equal. `again` says that it
    went through another revision before and is only brought up to date. Read and written under the circuit's lock.
    """

    __slots__ = (
        *("admitted", "again", "awaited", "captured", "clock", "left", "nodes", "packets", "revision", "stages"),
        *("tick", "twins", "undecided"),
    )

    def __init__(
        self,
        revision: Revision,
        clock: Clock,
        tick: Tick,
        captured: float,
        admitted: float,
        again: bool = False,
        twins: Twins | None = None,
    ) -> None:
        plan = clock.plan
        self.again = again
        self.revision = revision
        self.nodes = revision.plan.nodes
        self.stages = revision.stages
        self.clock = clock
        self.tick = tick
        self.captured = captured
        self.admitted = admitted
        self.packets: list[Packets | None] = list(revision.still_packets)
        self.awaited = list(plan.awaited)
        self.undecided = list(plan.undecided)
        self.left = len(plan.members)
        self.twins = twins


def _bounded(text: str) -> str:
    """It goes along with every frame, and onto a screen."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026"


def _sentence(text: str) -> str:
    """With a capital, unless it begins with the name of a file or a model."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() else text
