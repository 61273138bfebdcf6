"""`smartspec.value`: what its values do is what those of `dataclasses` do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import partial
from typing import Any, Generic, TypeVar

import pytest

from smartspec.value import field, field_names, frozen, is_value, mutable, replace

T = TypeVar("T")


@frozen
class Point:
    """Where."""

    x: int
    y: str = "why"
    many: tuple[int, ...] = field(default=(1, 2))
    table: dict[str, int] = field(default_factory=dict)

    @property
    def both(self) -> str:
        return f"{self.x}{self.y}"


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    x: int
    y: str = "why"
    many: tuple[int, ...] = dataclasses.field(default=(1, 2))
    table: dict[str, int] = dataclasses.field(default_factory=dict)


@frozen
class One:
    x: Any


@frozen
class Nothing:
    pass


@frozen(kw_only=True)
class Named:
    x: int
    y: int = 2


@mutable
class Changing:
    x: int
    y: list[int] = field(default_factory=list)


@frozen
class Of(Generic[T]):
    one: T


def test_it_is_made_compared_hashed_and_shown_as_a_dataclass() -> None:
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((1,), {}), ((1, "z"), {}), ((), {"x": 3, "table": {"a": 1}}), ((1, "z", (4,), {}), {}),
    ]  # fmt: skip
    for arguments, named in calls:
        ours, theirs = Point(*arguments, **named), Theirs(*arguments, **named)
        assert repr(ours) == repr(theirs).replace("Theirs", "Point")
        assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
        assert ours == Point(*arguments, **named) != Point(99)
    assert hash(One((1,))) == hash(One((1,)))
    assert {One(1), One(1), Nothing(), Nothing()} == {One(1), Nothing()}
    nothing: Any = Nothing()
    assert nothing == Nothing() and nothing != One(1)
    assert repr(Nothing()) == "Nothing()"
    point: Any = Point(1)
    assert point != (1, "why", (1, 2), {})
    nan = float("nan")
    assert One(nan) == One(nan)  # the same one, as in a tuple
    assert Point(1).both == "1why"
    assert Point.__doc__ == "Where."


def test_what_is_made_for_a_default_is_made_each_time() -> None:
    assert Changing(1).y is not Changing(1).y
    given: list[int] = []
    assert Changing(1, given).y is given


@pytest.mark.parametrize(
    ("kind", "arguments", "named"),
    [
        (Point, (), {}),
        (Point, (1, "", (), {}, 5), {}),
        (Point, (1,), {"x": 1}),
        (Point, (1,), {"z": 1}),
        (Named, (1,), {}),
    ],
)
def test_a_wrong_call_names_the_class(kind: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=kind.__name__):
        kind(*arguments, **named)


def test_what_is_frozen_stays() -> None:
    point: Any = Point(1)
    for act in (partial(setattr, point, "x", 2), partial(delattr, point, "x"), partial(setattr, point, "other", 2)):
        with pytest.raises(AttributeError):
            act()
    assert point.x == 1
    with pytest.raises(TypeError):
        hash(Point(1))  # it holds a table


def test_what_is_mutable_changes_and_has_no_hash() -> None:
    changing: Any = Changing(1)
    changing.x = 2
    assert changing == Changing(2)
    with pytest.raises(AttributeError):
        changing.other = 1
    with pytest.raises(TypeError):
        hash(changing)


def test_it_is_copied_and_pickled() -> None:
    for each in (Point(1, table={"a": 1}), Changing(1, [2]), Nothing(), One(Named(x=1))):
        assert pickle.loads(pickle.dumps(each)) == each  # noqa: S301 - our own
        assert copy.copy(each) == copy.deepcopy(each) == each
    assert copy.deepcopy(one := Changing(1, [2])).y is not one.y


def test_what_holds_itself_is_shown() -> None:
    one: Any = Changing(1)
    one.y.append(one)
    assert repr(one) == "Changing(x=1, y=[...])"


def test_what_dataclasses_tell_of_it() -> None:
    assert [each.name for each in dataclasses.fields(Point)] == list(field_names(Point)) == ["x", "y", "many", "table"]
    assert is_value(Named) and not is_value(Theirs)
    assert dataclasses.replace(Named(x=1), y=5) == replace(Named(x=1), y=5) == Named(x=1, y=5)
    unknown: dict[str, Any] = {"z": 5}
    with pytest.raises(TypeError, match="z"):
        replace(Named(x=1), **unknown)
    assert dataclasses.is_dataclass(Named)


def test_it_may_be_matched_and_generic() -> None:
    match Point(1, "b"):
        case Point(x, y):
            assert (x, y) == (1, "b")
    assert Of[int](1) == Of(1)
