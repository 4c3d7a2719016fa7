"""`@node`: a function or a class becomes a node type; its signature becomes its schema.

    @node("image.blur", category="Image/Filter")
    def blur(image: Image, radius: Annotated[float, Slider(0, 50, unit="px")] = 2.0) -> Image:
        '''Soften an image.'''

Arguments annotated with a kind are inputs (`Image | None = None` is an optional one), those annotated with a plain type
are live parameters, and `tick: Tick` asks for the frame's tick. The return annotation gives the outputs: one kind, a
NamedTuple of kinds for several, None for none; `Image | Nothing` may have nothing to give; `Iterator[Image]` makes the
node a source, whose parameters are all setup: a change starts it again. `list[Image]` takes or gives a list; a node
that takes one item and is given a list is called for each. A class node has `run` in place of the function, and may
have `Setup`, `Live`, `open(setup, ctx)`, `close()` and, if it can take a whole list in one call, `run_batch`. The
signature is checked here, at import; a mistake raises `DefinitionError` naming the node and the spot.

Where the ports depend on what a node is set to, it `adapts`: `adapt` tells them (see `nodeflow.node.ports`), `run`
takes `*inputs`, and `open` may ask for the `ports` that it was given.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack, get_args, get_origin

from nodeflow.graph.schema import ANY, LIST, Clock, NodeSchema, ParamSchema, PortSchema
from nodeflow.node.params import Params, param_schema, schemas_of
from nodeflow.node.runtime import Nothing, Tick, Timed
from nodeflow.values import KINDS

Target = TypeVar("Target", bound=Callable[..., Any] | type)
_SOURCES = (Iterator, Iterable, Generator)


class DefinitionError(TypeError):
    """A node's code does not say what a node must; raised when it is imported."""


@dataclass(frozen=True, slots=True)
class NodeType:
    """A node type: its schema and the code that makes it run."""

    schema: NodeSchema
    code: Callable[..., Any] | type
    setup: type[Params] | None
    live: type[Params] | None
    wants_tick: bool
    open_wants: frozenset[str]

    @property
    def is_class(self) -> bool:
        return isinstance(self.code, type)


class Traits(TypedDict, total=False):
    """What the author of a node may say of it beside its signature; see `NodeSchema` for those without a word here."""

    title: str
    """By default the name of the function or class, in words."""
    version: int
    clock: Clock
    """For sources; by default "every"."""
    sink: bool
    """By default what has no outputs."""
    pure: bool
    """By default functions that are no source and ask for no tick."""
    parallel: bool
    process: bool
    resource: str
    time_limit: float
    holds: bool
    feedback: str
    selects: str
    chooser: str
    passes: bool
    adapts: bool
    words: str
    replaces: tuple[str, ...]


def node(type_name: str, *, category: str, **traits: Unpack[Traits]) -> Callable[[Target], Target]:
    """Make a node type of a function or class; the code itself is returned unchanged. Raises DefinitionError where the
    signature or one of the `Traits` is not what it must be."""
    adapts = traits.get("adapts", False)

    def define(code: Target) -> Target:
        try:
            found = _read(code, type_name, adapts)
            own = _own_traits(code, found, adapts) | dict(traits)
            schema = NodeSchema(type=type_name, category=category, **own)
            _require_traits(schema, found)
        except (TypeError, ValueError, NameError) as fault:
            where = f"node {type_name!r} ({code.__module__}.{code.__qualname__})"
            raise DefinitionError(f"{where}: {fault}") from fault
        made = NodeType(schema, code, found.setup, found.live, found.wants_tick, found.open_wants)
        code.__nodeflow__ = made  # type: ignore[union-attr]
        return code

    return define


def _require_traits(schema: NodeSchema, found: _Reading) -> None:
    ports = [port.name for port in schema.inputs]
    if schema.clock is not None and not found.is_source:
        raise TypeError(f"clock={schema.clock!r} is for sources, and this gives no Iterator")
    if schema.feedback and (schema.feedback not in ports or len(schema.outputs) != 1):
        raise TypeError(f"feedback={schema.feedback!r} must name an input, and the node must have one output")
    if schema.parallel and (schema.feedback or schema.holds):
        raise TypeError("a node that remembers gets its frames in order: it cannot be parallel")
    if schema.chooser and schema.feedback:
        raise TypeError("a node that a wire tells what to choose has no feedback")
    if schema.selects:
        param, among = schema.param(schema.selects), [name for name in ports if name != schema.chooser]
        if param is None or set(param.choices) != set(among):
            raise TypeError(f"selects={schema.selects!r} must name a choice among the inputs {', '.join(among)}")
    if schema.chooser:
        port = schema.input(schema.chooser)
        if not schema.selects or port is None or (port.kind, port.optional) != ("Number", True):
            raise TypeError(f"chooser={schema.chooser!r} must name an optional Number input of a node that selects")
    if schema.passes and ([port.kind for port in (*schema.inputs, *schema.outputs)] != [ANY, ANY] or schema.params):
        raise TypeError("a node that passes has one input and one output, both of any kind, and no parameter")


class _Reading(NamedTuple):
    """What the code of a node says of it."""

    inputs: tuple[PortSchema, ...]
    outputs: tuple[PortSchema, ...]
    params: tuple[ParamSchema, ...]
    setup: type[Params] | None
    live: type[Params] | None
    is_source: bool
    wants_tick: bool
    open_wants: frozenset[str]


def _read(code: Callable[..., Any] | type, type_name: str, adapts: bool) -> _Reading:
    if type_name.count(".") < 1 or not all(part.isidentifier() for part in type_name.split(".")):
        raise TypeError("a node type is named pack.word or pack.group.word")
    call = getattr(code, "run", None) if isinstance(code, type) else code
    if call is None:
        raise TypeError("a class node needs a method run")
    if adapts and not hasattr(code, "adapt"):
        raise TypeError("a node that adapts is a class with a static method adapt")
    setup, live = _params_class(code, "Setup"), _params_class(code, "Live")
    nested = {name: params for name, params in (("Setup", setup), ("Live", live)) if params}
    hints = typing.get_type_hints(call, localns=nested, include_extras=True)
    arguments = _Arguments(live, is_class=isinstance(code, type))
    for name, argument in inspect.signature(call).parameters.items():
        if not (isinstance(code, type) and name == "self") and not (
            adapts and argument.kind is argument.VAR_POSITIONAL
        ):
            arguments.take(argument, hints.get(name))
    params = [*(schemas_of(setup, "setup") if setup else ()), *(schemas_of(live, "live") if live else ())]
    params += arguments.params
    _require_distinct([port.name for port in arguments.inputs] + [param.name for param in params])
    outputs, is_source = ((), False) if adapts else _outputs(hints.get("return", inspect.Parameter.empty))
    if is_source and (arguments.inputs or live or arguments.wants_tick):
        raise TypeError("a source (a run that returns an Iterator) takes no inputs, no live parameters and no tick")
    if is_source:
        params = [replace(param, group="setup") for param in params]
    ports = tuple(arguments.inputs), outputs
    return _Reading(*ports, tuple(params), setup, live, is_source, arguments.wants_tick, _open_wants(code, adapts))


class _Arguments:
    """What the arguments of a node's function, or of its method run, are: taken one by one."""

    def __init__(self, live: type[Params] | None, is_class: bool) -> None:
        self.inputs: list[PortSchema] = []
        self.params: list[ParamSchema] = []
        self.wants_tick = False
        self._live = live
        self._is_class = is_class
        self._taken = 0

    def take(self, argument: inspect.Parameter, hint: Any) -> None:
        name = argument.name
        if argument.kind in (argument.POSITIONAL_ONLY, argument.VAR_POSITIONAL, argument.VAR_KEYWORD):
            raise TypeError(f"argument {name!r}: a node's arguments all have names; no /, *{name} or **{name}")
        if hint is Tick:
            self.wants_tick = True
            if name != "tick":
                raise TypeError(f"the argument for the tick must be named tick, not {name!r}")
        elif self._live is not None and hint is self._live:
            if name != "live":
                raise TypeError(f"the argument for live parameters must be named live, not {name!r}")
        elif (kind := _kind(hint)) is not None:
            if self._taken > len(self.inputs):
                raise TypeError(f"input {name!r} stands behind a parameter: inputs come first")
            self.inputs.append(PortSchema(name, kind, _is_optional(argument)))
        elif self._is_class:
            raise TypeError(f"argument {name!r} of run is no kind; parameters go into class Setup or class Live")
        elif hint is None or argument.default is inspect.Parameter.empty:
            raise TypeError(_missing(name, hint))
        else:
            self.params.append(param_schema(name, hint, argument.default, "live"))
        self._taken += 1


def _own_traits(code: Callable[..., Any] | type, found: _Reading, adapts: bool) -> dict[str, Any]:
    """What a schema has from the code, and where nobody says otherwise."""
    return {
        "title": _title(code.__name__),
        "doc": inspect.cleandoc(code.__doc__ or ""),
        "inputs": found.inputs,
        "outputs": found.outputs,
        "params": found.params,
        "batch": hasattr(code, "run_batch"),
        "clock": "every" if found.is_source else None,
        "sink": not found.outputs and not adapts,
        "pure": not isinstance(code, type) and not found.is_source and not found.wants_tick,
    }


def _is_optional(argument: inspect.Parameter) -> bool:
    """Whether an input may stay unwired: the node then gets None."""
    if argument.default not in (inspect.Parameter.empty, None):
        raise TypeError(f"the default of input {argument.name!r} can only be None")
    if argument.kind is argument.KEYWORD_ONLY:
        raise TypeError(f"input {argument.name!r} stands behind *: inputs come first")
    return argument.default is None


def _missing(name: str, hint: Any) -> str:
    if hint is None:
        return f"argument {name!r} has no annotation"
    return f"argument {name!r} is neither a kind ({', '.join(KINDS)}) nor a parameter with a default"


def _params_class(code: Callable[..., Any] | type, name: str) -> type[Params] | None:
    found = getattr(code, name, None) if isinstance(code, type) else None
    if found is None:
        return None
    if not (isinstance(found, type) and issubclass(found, Params)):
        raise TypeError(f"class {name} must derive from Params")
    return found


def _open_wants(code: Callable[..., Any] | type, adapts: bool) -> frozenset[str]:
    method = getattr(code, "open", None) if isinstance(code, type) else None
    wants = frozenset(inspect.signature(method).parameters) - {"self"} if method else frozenset()
    known = ("setup", "ctx", "ports") if adapts else ("setup", "ctx")
    if strange := wants.difference(known):
        raise TypeError(f"open takes {' and '.join(known)}, not {', '.join(sorted(strange))}")
    return wants


def _outputs(hint: Any) -> tuple[tuple[PortSchema, ...], bool]:
    """The outputs a return annotation promises, and whether it makes a source."""
    if hint is inspect.Parameter.empty:
        raise TypeError("the return annotation is missing: write -> None if there is no output")
    if get_origin(hint) in _SOURCES:
        return _outputs(get_args(hint)[0])[0], True
    options = [part for part in _options(hint) if part not in (Nothing, Timed)]
    if options == [type(None)]:
        return (), False
    if len(options) != 1:
        raise TypeError(f"cannot tell the outputs from {hint!r}")
    (made,) = options
    fields = getattr(made, "_fields", None)
    if isinstance(made, type) and issubclass(made, tuple) and fields:
        hints = typing.get_type_hints(made)
        return tuple(PortSchema(name, _require_kind(hints[name], name)) for name in fields), False
    kind = _require_kind(made, "output")
    return (PortSchema(_port_name(kind), kind),), False


def _port_name(kind: str) -> str:
    """What a single output is called: "image", "value" for any kind, "images" for a list."""
    item = kind.removesuffix(LIST)
    name = "value" if item == ANY else item.lower()
    return name + "s" * (kind != item and not name.endswith("s"))


def _require_kind(hint: Any, name: str) -> str:
    kind = _kind(hint)
    if kind is None:
        raise TypeError(f"output {name!r} has no kind: {hint!r} is none of {', '.join(KINDS)}")
    return kind


def _kind(hint: Any) -> str | None:
    options = [part for part in _options(hint) if part not in (type(None), Nothing)]
    if len(options) != 1:
        return None
    (only,) = options
    if get_origin(only) is list:
        item = _kind(get_args(only)[0])
        return None if item is None or item.endswith(LIST) else item + LIST
    if only is Any:
        return ANY
    return next((name for name, kind in KINDS.items() if kind is only), None)


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (typing.Union, types.UnionType) else (hint,)


def _require_distinct(names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise TypeError(f"the name {min(twice)!r} is used twice among inputs and parameters")


def _title(name: str) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() and i else c for i, c in enumerate(name)).replace("_", " ")
    return words[:1].upper() + words[1:]
