"""Hold latest, previous frame, switch, reroute."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from nodeflow.node import Nothing, Widget, chosen, node
from nodeflow.values import Number


class Held(NamedTuple):
    value: Any
    age: Number


@node("flow.hold", category="Flow", title="Hold latest", holds=True, words="freeze latch sample async delay clock rate")
def hold(value: Any) -> Held:
    """Keep the newest value and give it to every frame of another stream.

    A slow model can so be drawn over the live picture that it cannot keep up with. Age is how old the value is.
    """
    return Held(value, Number(0.0, "s"))


@node(
    "flow.previous",
    category="Flow",
    title="Previous frame",
    feedback="value",
    pure=False,
    words="feedback loop delay trail recursive echo",
)
def previous(value: Any | None = None, first: Any | None = None) -> Any | Nothing:
    """Give the value of the frame before.

    A loop may go through it: that is how trails and echoes are made. The first frame gets what is wired to first.
    """
    if value is not None:
        return value
    return Nothing("this is the first frame") if first is None else first


@node(
    "flow.switch",
    category="Flow",
    title="Switch",
    selects="use",
    chooser="choice",
    words="select mux choose if condition route branch",
)
def switch(
    a: Any | None = None,
    b: Any | None = None,
    choice: Number | None = None,
    use: Annotated[Literal["a", "b"], Widget(doc="Which one, where no wire into choice says it")] = "a",
) -> Any | Nothing:
    """Let one of two values through; what only the other one needs does not run.

    A number or a yes-or-no wired to choice says which, frame by frame: 0 or no is a, 1 or yes is b.
    """
    port = use if choice is None else chosen(choice, ("a", "b"))
    value = a if port == "a" else b
    return Nothing(f"nothing is wired to {port}") if value is None else value


@node("flow.reroute", category="Flow", title="Reroute", passes=True, words="dot bend wire")
def reroute(value: Any) -> Any:
    """A bend in a wire, to lead it around other nodes. It never runs."""
    return value
