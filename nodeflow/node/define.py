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
from typing import Any, TypeVar, get_args, get_origin

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


def node(
    type_name: str,
    *,
    category: str,
    title: str = "",
    version: int = 1,
    clock: Clock | None = None,
    sink: bool | None = None,
    pure: bool | None = None,
    parallel: bool = False,
    process: bool = False,
    resource: str = "cpu",
    time_limit: float = 30.0,
    holds: bool = False,
    feedback: str = "",
    selects: str = "",
    chooser: str = "",
    passes: bool = False,
    adapts: bool = False,
    replaces: tuple[str, ...] = (),
) -> Callable[[Target], Target]:
    """Make a node type of a function or class; the code itself is returned unchanged.

    `clock` is for sources (default "every"). Nodes without outputs are sinks unless told otherwise. Functions are
    pure unless told otherwise; classes are not. The other traits are those of `NodeSchema`.
    """

    def define(code: Target) -> Target:
        try:
            made = _read(code, type_name, adapts)
        except (TypeError, ValueError, NameError) as fault:
            raise _mistake(type_name, code, fault) from fault
        inputs, outputs, params, setup, live, is_source, wants_tick, open_wants = made
        schema = NodeSchema(
            type=type_name,
            title=title or _title(code.__name__),
            category=category,
            doc=inspect.cleandoc(code.__doc__ or ""),
            version=version,
            inputs=inputs,
            outputs=outputs,
            params=params,
            clock=(clock or "every") if is_source else None,
            sink=not outputs and not adapts if sink is None else sink,
            pure=not isinstance(code, type) and not is_source and not wants_tick if pure is None else pure,
            parallel=parallel,
            batch=hasattr(code, "run_batch"),
            process=process,
            resource=resource,
            time_limit=time_limit,
            replaces=replaces,
            holds=holds,
            feedback=feedback,
            selects=selects,
            chooser=chooser,
            passes=passes,
            adapts=adapts,
        )
        try:
            _require_traits(schema)
        except TypeError as fault:
            raise _mistake(type_name, code, fault) from fault
        code.__nodeflow__ = NodeType(schema, code, setup, live, wants_tick, open_wants)  # type: ignore[union-attr]
        return code

    return define


def _mistake(type_name: str, code: Callable[..., Any] | type, fault: Exception) -> DefinitionError:
    return DefinitionError(f"node {type_name!r} ({code.__module__}.{code.__qualname__}): {fault}")


def _require_traits(schema: NodeSchema) -> None:
    ports = [port.name for port in schema.inputs]
    if schema.feedback and (schema.feedback not in ports or len(schema.outputs) != 1):
        raise TypeError(f"feedback={schema.feedback!r} must name an input, and the node must have one output")
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


_Reading = tuple[
    tuple[PortSchema, ...],
    tuple[PortSchema, ...],
    tuple[ParamSchema, ...],
    type[Params] | None,
    type[Params] | None,
    bool,
    bool,
    frozenset[str],
]


def _read(code: Callable[..., Any] | type, type_name: str, adapts: bool) -> _Reading:
    if type_name.count(".") < 1 or not all(part.isidentifier() for part in type_name.split(".")):
        raise TypeError("a node type is named pack.word or pack.group.word")
    is_class = isinstance(code, type)
    call = getattr(code, "run", None) if is_class else code
    if call is None:
        raise TypeError("a class node needs a method run")
    if adapts and not hasattr(code, "adapt"):
        raise TypeError("a node that adapts is a class with a static method adapt")
    setup, live = _params_class(code, "Setup"), _params_class(code, "Live")
    nested = {name: params for name, params in (("Setup", setup), ("Live", live)) if params}
    hints = typing.get_type_hints(call, localns=nested, include_extras=True)
    inputs: list[PortSchema] = []
    params: list[ParamSchema] = [*schemas_of(setup, "setup")] if setup else []
    params += schemas_of(live, "live") if live else []
    wants_tick = False
    for position, (name, argument) in enumerate(inspect.signature(call).parameters.items(), start=-int(is_class)):
        if is_class and name == "self":
            continue
        hint = hints.get(name)
        if adapts and argument.kind is argument.VAR_POSITIONAL:
            continue
        if argument.kind in (argument.POSITIONAL_ONLY, argument.VAR_POSITIONAL, argument.VAR_KEYWORD):
            raise TypeError(f"argument {name!r}: a node's arguments all have names; no /, *{name} or **{name}")
        if hint is Tick:
            wants_tick = True
            if name != "tick":
                raise TypeError(f"the argument for the tick must be named tick, not {name!r}")
        elif is_class and live is not None and hint is live:
            if name != "live":
                raise TypeError(f"the argument for live parameters must be named live, not {name!r}")
        elif (kind := _kind(hint)) is not None:
            if position > len(inputs):
                raise TypeError(f"input {name!r} stands behind a parameter: inputs come first")
            inputs.append(PortSchema(name, kind, _is_optional(argument)))
        elif is_class:
            raise TypeError(f"argument {name!r} of run is no kind; parameters go into class Setup or class Live")
        else:
            if hint is None or argument.default is inspect.Parameter.empty:
                raise TypeError(_missing(name, hint))
            params.append(param_schema(name, hint, argument.default, "live"))
    _require_distinct([port.name for port in inputs] + [param.name for param in params])
    outputs, is_source = ((), False) if adapts else _outputs(hints.get("return", inspect.Parameter.empty))
    if is_source and (inputs or live or wants_tick):
        raise TypeError("a source (a run that returns an Iterator) takes no inputs, no live parameters and no tick")
    if is_source:
        params = [replace(param, group="setup") for param in params]
    return tuple(inputs), outputs, tuple(params), setup, live, is_source, wants_tick, _open_wants(code, adapts)


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
