"""Values that are cheap at import: what `dataclass(frozen=True, slots=True)` makes, its code made when it is wanted.

A frozen dataclass of eight fields takes 0.4 ms to make, and every start makes a hundred. Here comparing, hashing and
showing are shared functions over the fields, and `__init__` is compiled for the first instance; it sets the slots by
their descriptors, in a fifth of the time of a dataclass's. `dataclasses.fields`, `asdict` and `is_dataclass` know
these values too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, field, make_dataclass
from functools import partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

__all__ = ["field", "field_names", "frozen", "is_value", "mutable", "replace"]

_Made = TypeVar("_Made")
_ABSENT = object()


@overload
def frozen(cls: type[_Made], /) -> type[_Made]: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[type[_Made]], type[_Made]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Any = None, /, *, kw_only: bool = False) -> Any:
    """A class decorator: the annotations, in their order, are the fields; a default may be a `field`.

    A value inherits from no other value.
    """
    return partial(_make, kw_only, True) if cls is None else _make(kw_only, True, cls)


@overload
def mutable(cls: type[_Made], /) -> type[_Made]: ...
@overload
def mutable(*, kw_only: bool) -> Callable[[type[_Made]], type[_Made]]: ...
@dataclass_transform(field_specifiers=(field,))
def mutable(cls: Any = None, /, *, kw_only: bool = False) -> Any:
    """As `frozen`, but the fields may be set anew; there is no hash."""
    return partial(_make, kw_only, False) if cls is None else _make(kw_only, False, cls)


def field_names(kind: Any) -> tuple[str, ...]:
    """The fields of a value, or of a class of them, in their order."""
    names: tuple[str, ...] = kind.__slots__
    return names


def is_value(kind: object) -> bool:
    """Whether this is a class of values."""
    return hasattr(kind, "__values__")


if TYPE_CHECKING:
    from dataclasses import replace as replace  # whose changes are checked against the fields
else:

    def replace(old, /, **changes):
        """Another of its class with some fields changed."""
        return type(old)(**({name: getattr(old, name) for name in field_names(old)} | changes))


def _make(kw_only: bool, is_frozen: bool, cls: Any) -> Any:
    """The class made again, for slots have to be there from its birth."""
    kinds = cls.__annotations__
    namespace, names = dict(vars(cls)), tuple(kinds)
    defaults = {name: namespace.pop(name) for name in names if name in namespace}
    for of_instances in ("__dict__", "__weakref__"):
        namespace.pop(of_instances, None)
    made = type(cls)(cls.__name__, cls.__bases__, {
        **(_FROZEN if is_frozen else _MUTABLE), **namespace, "__qualname__": cls.__qualname__, "__slots__": names,
        "__match_args__": () if kw_only else names, "__values__": _getter(names),
        "__dataclass_fields__": _Fields(kinds, defaults),
    })  # fmt: skip
    made.__init__ = _compiled_when_called(made, defaults, kw_only, is_frozen)
    return made


def _getter(names: tuple[str, ...]) -> attrgetter[Any]:
    """What is compared and hashed, as one tuple: beside a single field stands the class, for it would come alone."""
    return attrgetter(*names) if len(names) > 1 else attrgetter(*names, "__class__")


# What values do


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__values__(self) == self.__values__(other)


def _hash(self: Any) -> int:
    return hash(self.__values__(self))


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{type(self).__qualname__}({shown})"


def _getstate(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__slots__]


def _setstate(self: Any, state: list[object]) -> None:
    for name, each in zip(self.__slots__, state, strict=True):
        object.__setattr__(self, name, each)


def _refuse_to_change(self: object, name: str, _: object = None) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: it is frozen")


_MUTABLE: dict[str, object] = {
    "__eq__": _eq, "__hash__": None, "__repr__": _repr, "__getstate__": _getstate, "__setstate__": _setstate,
}  # fmt: skip
_FROZEN = {**_MUTABLE, "__hash__": _hash, "__setattr__": _refuse_to_change, "__delattr__": _refuse_to_change}


# Making them


def _compiled_when_called(cls: Any, defaults: dict[str, object], kw_only: bool, is_frozen: bool) -> Callable[..., None]:
    def init(self: object, /, *args: object, **kwargs: object) -> None:
        cls.__init__ = compiled = _compile(cls, defaults, kw_only, is_frozen)
        compiled(self, *args, **kwargs)

    return init


def _compile(cls: Any, defaults: dict[str, object], kw_only: bool, is_frozen: bool) -> Callable[..., None]:
    """`__init__`, with the default, or with what makes one, of each field that has it."""
    scope: dict[str, Any] = {"_absent": _ABSENT}
    parameters, lines = ["self", *(["*"] if kw_only else [])], []
    for name in cls.__slots__:
        default = _as_field(defaults.get(name, MISSING))
        given = name
        if default.default_factory is not MISSING:
            scope[f"_make_{name}"], given = default.default_factory, f"_make_{name}() if {name} is _absent else {name}"
            parameters.append(f"{name}=_absent")
        elif default.default is not MISSING:
            scope[f"_default_{name}"] = default.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        scope[f"_set_{name}"] = vars(cls)[name].__set__
        lines.append(f" _set_{name}(self, {given})" if is_frozen else f" self.{name} = {given}")
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(lines) or " pass"), scope)  # noqa: S102 - names of fields
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"  # an error of a call names the class
    return init


def _as_field(default: Any) -> Field[Any]:
    made: Field[Any] = default if isinstance(default, Field) else field(default=default)
    return made


class _Fields:
    """What `dataclasses` asks a class for, made when it does."""

    def __init__(self, kinds: dict[str, object], defaults: dict[str, object]) -> None:
        self._kinds, self._defaults = kinds, defaults
        self._made: dict[str, Field[Any]] = {}

    def __get__(self, _: object, owner: Any) -> dict[str, Field[Any]]:
        if not self._made:
            declared = [
                (name, kind, _as_field(self._defaults.get(name, MISSING))) for name, kind in self._kinds.items()
            ]
            self._made.update(vars(make_dataclass(owner.__name__, declared, kw_only=True))["__dataclass_fields__"])
        return self._made
