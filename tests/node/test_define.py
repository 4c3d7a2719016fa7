"""`@node`: schemas from signatures, and a mistake in one said in words."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import pytest

from nodeflow.graph import NodeSchema, ParamSchema, PortSchema
from nodeflow.node import (
    Context,
    DefinitionError,
    ModelRef,
    NodeType,
    Nothing,
    Params,
    Slider,
    Tick,
    Timed,
    Widget,
    choice,
    color,
    file,
    model,
    node,
    node_type_of,
    number,
    save,
    slider,
    text,
    toggle,
)
from nodeflow.values import Image, Mask, Number, Poses, Text


class Measured(NamedTuple):
    image: Image
    found: Number


def schema(code: Callable[..., Any] | type, **traits: Any) -> NodeSchema:
    return node_type_of(node("test.it", category="Test", **traits)(code)).schema


def test_a_function_becomes_a_node() -> None:
    @node("image.soften", category="Image/Filter")
    def soften_it(
        image: Image,
        mask: Mask | None = None,
        radius: Annotated[float, Slider(0, 50, unit="px", doc="How far")] = 2,
        times: int = 1,
        mode: Literal["fast", "good"] = "good",
        label: str = "x",
        exact: bool = False,
    ) -> Image:
        """Soften an image.

        Slowly.
        """
        return image

    assert node_type_of(soften_it).schema == NodeSchema(
        type="image.soften",
        title="Soften it",
        category="Image/Filter",
        doc="Soften an image.\n\nSlowly.",
        inputs=(PortSchema("image", "Image"), PortSchema("mask", "Mask", optional=True)),
        outputs=(PortSchema("image", "Image"),),
        params=(
            ParamSchema("radius", "number", 2.0, "live", 0, 50, unit="px", doc="How far"),
            ParamSchema("times", "integer", 1, "live", step=1),
            ParamSchema("mode", "choice", "good", "live", choices=("fast", "good")),
            ParamSchema("label", "text", "x", "live"),
            ParamSchema("exact", "toggle", False, "live"),
        ),
        pure=True,
    )
    unchanged = Image(np.zeros((2, 3, 3), np.uint8))
    assert soften_it(unchanged) is unchanged


def test_a_class_becomes_a_node() -> None:
    @node("people.find", category="Find", title="Find people", version=3, replaces=("old.find",), resource="gpu:0")
    class Finder:
        """Find them."""

        class Setup(Params):
            model: ModelRef = model(task="pose", default="some-model")
            clip: str = file("", "*.mp4", doc="What to read")
            target: str = save("out.txt", "*.txt")

        class Live(Params):
            score: float = slider(0.3, 0, 1)
            count: int = number(2, 1)
            word: str = text("hello")
            tint: str = color("#ff8800")
            how: str = choice("a", "a", "b", essential=False)
            on: bool = toggle(True)

        def open(self, setup: Setup, ctx: Context) -> None: ...

        def run(self, image: Image, live: Live, tick: Tick) -> Poses | Nothing:
            return Nothing("nobody")

        def close(self) -> None: ...

    made = node_type_of(Finder)
    assert made.schema.params == (
        ParamSchema("model", "model", "some-model", "setup", task="pose"),
        ParamSchema("clip", "file", "", "setup", patterns=("*.mp4",), doc="What to read"),
        ParamSchema("target", "save", "out.txt", "setup", patterns=("*.txt",)),
        ParamSchema("score", "number", 0.3, "live", 0, 1),
        ParamSchema("count", "integer", 2, "live", 1, step=1),
        ParamSchema("word", "text", "hello", "live"),
        ParamSchema("tint", "color", "#ff8800", "live"),
        ParamSchema("how", "choice", "a", "live", choices=("a", "b"), essential=False),
        ParamSchema("on", "toggle", True, "live"),
    )
    assert made.schema.outputs == (PortSchema("poses", "Poses"),)
    assert (made.schema.version, made.schema.replaces, made.schema.resource) == (3, ("old.find",), "gpu:0")
    assert (made.wants_tick, made.open_wants, made.schema.pure) == (True, frozenset({"setup", "ctx"}), False)


def test_outputs_from_the_return_annotation() -> None:
    def several(image: Image) -> Measured: ...
    def anything(value: Any) -> Any: ...
    def none(image: Image) -> None: ...
    def perhaps(image: Image) -> Text | Nothing: ...

    assert schema(several).outputs == (PortSchema("image", "Image"), PortSchema("found", "Number"))
    assert schema(anything).outputs == (PortSchema("value", "Any"),)
    assert schema(anything).inputs == (PortSchema("value", "Any"),)
    assert schema(perhaps).outputs == (PortSchema("text", "Text"),)
    assert (schema(none).outputs, schema(none).sink) == ((), True)
    assert schema(anything, sink=True).sink


def test_an_iterator_makes_a_source() -> None:
    def count(to: int = 3) -> Iterator[Number]: ...
    def timed() -> Iterator[Image | Timed]: ...
    def generated() -> Generator[Measured, None, None]: ...

    assert schema(count).clock == "every"
    assert schema(count).params[0].group == "setup"
    assert schema(timed, clock="live").clock == "live"
    assert schema(timed).outputs == (PortSchema("image", "Image"),)
    assert [port.name for port in schema(generated).outputs] == ["image", "found"]
    assert not schema(count).pure


def test_what_is_no_source_has_no_clock_and_what_sees_the_tick_is_not_pure() -> None:
    def stamp(image: Image, tick: Tick) -> Number: ...

    assert schema(stamp).clock is None
    assert not schema(stamp).pure
    assert schema(stamp, pure=True).pure


def no_annotation(image: Image, radius=2.0) -> Image: ...  # type: ignore[no-untyped-def]
def no_default(image: Image, radius: float) -> Image: ...
def odd_type(image: Image, sizes: tuple[int, int] = (1, 2)) -> Image: ...
def no_return(image: Image): ...  # type: ignore[no-untyped-def]
def odd_return(image: Image) -> str: ...
def two_returns(image: Image) -> Image | Text: ...
def odd_stream() -> Iterator[str]: ...
def unknown_name(image: Imago) -> Image: ...  # type: ignore[name-defined]  # noqa: F821
def unbounded(image: Image, radius: Annotated[float, Slider(0, 1)] = 5) -> Image: ...
def no_such_choice(image: Image, mode: Literal["a", "b"] = "c") -> Image: ...  # type: ignore[assignment]
def half(image: Image, count: int = 2.5) -> Image: ...  # type: ignore[assignment]
def worded(image: Image, count: float = "two") -> Image: ...  # type: ignore[assignment]
def late_input(image: Image, radius: float = 2.0, mask: Mask | None = None) -> Image: ...
def starred_input(*, image: Image) -> Image: ...
def filled_input(image: Image = "x") -> Image: ...  # type: ignore[assignment]
def many(*images: Image) -> Image: ...
def loose(image: Image, **radius: float) -> Image: ...
def positional(image: Image, /) -> Image: ...
def fed_source(image: Image) -> Iterator[Image]: ...
def ticking_source(tick: Tick) -> Iterator[Image]: ...
def odd_tick(image: Image, now: Tick) -> Image: ...


class NoRun: ...


class LooseSetup:
    class Setup: ...

    def run(self, image: Image) -> Image: ...


class ParamInRun:
    def run(self, image: Image, radius: float = 2.0) -> Image: ...


class OddOpen:
    def open(self, graph: object) -> None: ...
    def run(self, image: Image) -> Image: ...


class Twice:
    class Setup(Params):
        radius: float = 1.0

    class Live(Params):
        radius: float = 1.0

    def run(self, image: Image, live: Live) -> Image: ...


class OddLive:
    class Live(Params):
        radius: float = 1.0

    def run(self, image: Image, settings: Live) -> Image: ...


class LiveSource:
    class Live(Params):
        radius: float = 1.0

    def run(self, live: Live) -> Iterator[Image]: ...


class WrongColor:
    class Setup(Params):
        tint: str = color("orange")

    def run(self, image: Image) -> Image: ...


MISTAKES: dict[Any, str] = {
    no_annotation: "'radius' has no annotation",
    no_default: "'radius' is neither a kind .* nor a parameter with a default",
    odd_type: "parameter 'sizes' cannot be tuple",
    no_return: "return annotation is missing: write -> None",
    odd_return: "output 'output' has no kind",
    two_returns: "cannot tell the outputs",
    odd_stream: "output 'output' has no kind",
    unknown_name: "name 'Imago' is not defined",
    unbounded: "default of parameter 'radius' must be at most 1, not 5",
    no_such_choice: "default of parameter 'mode' must be one of a, b",
    half: "default of parameter 'count' must be a whole number, not 2.5",
    worded: "default of parameter 'count' must be a number",
    late_input: "input 'mask' stands behind a parameter",
    starred_input: "input 'image' stands behind \\*",
    filled_input: "default of input 'image' can only be None",
    many: "'images': a node's arguments all have names",
    loose: "'radius': a node's arguments all have names",
    positional: "'image': a node's arguments all have names",
    fed_source: "a source .* takes no inputs",
    ticking_source: "a source .* no tick",
    odd_tick: "must be named tick, not 'now'",
    NoRun: "a class node needs a method run",
    LooseSetup: "class Setup must derive from Params",
    ParamInRun: "argument 'radius' of run is no kind; parameters go into class Setup or class Live",
    OddOpen: "open takes setup and ctx, not graph",
    Twice: "'radius' is used twice",
    OddLive: "must be named live, not 'settings'",
    LiveSource: "no live parameters",
    WrongColor: "default of parameter 'tint' must be a colour",
}


@pytest.mark.parametrize("code", MISTAKES, ids=lambda code: code.__name__)
def test_a_mistake_is_said_with_its_node_and_place(code: Any) -> None:
    with pytest.raises(DefinitionError, match=MISTAKES[code]) as caught:
        node("test.it", category="Test")(code)
    assert str(caught.value).startswith(f"node 'test.it' (tests.node.test_define.{code.__name__}): ")


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        ({"clock": "live"}, "clock='live' is for sources"),
        ({"colour": "red"}, "'colour'"),
        ({"feedback": "image", "parallel": True}, "it cannot be parallel"),
        ({"holds": True, "parallel": True}, "it cannot be parallel"),
    ],
)
def test_a_trait_that_cannot_be_is_said_with_its_node(traits: dict[str, Any], said: str) -> None:
    def plain(image: Image) -> Image:
        return image

    with pytest.raises(DefinitionError, match=said) as caught:
        node("test.it", category="Test", **traits)(plain)
    assert str(caught.value).startswith("node 'test.it' ")


@pytest.mark.parametrize("name", ["blur", "image.", ".blur", "image blur.x", "image.2d", ""])
def test_a_type_name_has_a_pack_and_a_word(name: str) -> None:
    with pytest.raises(DefinitionError, match=r"named pack\.word"):
        node(name, category="Test")(lambda image: image)


def test_what_is_not_decorated_is_said() -> None:
    with pytest.raises(TypeError, match="not decorated with @node"):
        node_type_of(no_default)


def test_a_text_may_come_with_suggestions() -> None:
    def greet(word: Annotated[str, Widget("text", choices=("hello", "bye"))] = "anything") -> Text: ...

    (param,) = schema(greet).params
    assert (param.type, param.default, param.choices) == ("text", "anything", ("hello", "bye"))


def test_types_are_frozen() -> None:
    def nothing(image: Image) -> None: ...

    made = node_type_of(node("test.it", category="Test")(nothing))
    assert isinstance(made, NodeType)
    with pytest.raises(AttributeError):
        made.setup = None  # type: ignore[misc]
