"""How columns and rows become values and domain objects, and back."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

import peewee

from smartspec.domain import times
from smartspec.domain.damage import DAMAGED, Unreadable
from smartspec.domain.jsontext import Json, dump
from smartspec.messages import _, listed
from smartspec.store.database import rows
from smartspec.value import field_names

T = TypeVar("T")


def read(kind: type[T], query: Any) -> Iterator[T]:
    """Run a query over all columns of a model, each row as a domain object with fields of the same names."""
    sql, values = query.sql()
    build: Callable[[Sequence[object]], T] = builder(kind, query.model)  # type: ignore[arg-type]
    yield from map(build, rows(sql, values))


@cache
def builder(kind: Any, model: type[peewee.Model]) -> Callable[[Sequence[object]], Any]:
    """A function from a row with the columns of a model, in their order, to a domain object.

    A row with a value that is none is no error: its status is `damaged`, and its error says what is (see `_damaged`).
    """
    fields = vars(model)["_meta"].sorted_fields
    plain = peewee.Field.python_value
    converters = [
        (index, field.python_value)
        for index, field in enumerate(fields)
        if type(field).python_value not in (plain, peewee.IntegerField.python_value, peewee.TextField.python_value)
    ]
    indexes = {field.name: index for index, field in enumerate(fields)}
    order = [indexes[name] for name in field_names(kind) if name in indexes]

    def build(row: Sequence[object]) -> Any:
        values = list(row)
        try:
            for index, convert in converters:
                if values[index] is not None:
                    values[index] = convert(values[index])
        except _NO_VALUE:
            values = _damaged(fields, row)
        return kind(*[values[index] for index in order])

    return build


_NO_VALUE = (ValueError, TypeError, OverflowError, RecursionError)
_LONGEST_SHOWN = 60
_LONG_JSON = 500_000  # characters, 5 ms of the parser in C (measured)
_EARLIEST, _LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)  # that every zone can show
EARLIEST_MS, LATEST_MS = times.to_ms(_EARLIEST), times.to_ms(_LATEST)


def _damaged(fields: Sequence[peewee.Field], row: Sequence[object]) -> list[object]:
    """The values of a row of which some cannot be read: those that can, and for the others what comes nearest."""
    values, wrong = [], []
    for field, raw in zip(fields, row, strict=True):
        try:
            values.append(None if raw is None else field.python_value(raw))
        except _NO_VALUE:
            values.append(_nearest(field, raw))
            wrong.append(_("{name} is “{value}”", name=field.name, value=str(raw)[:_LONGEST_SHOWN]))
    names = [field.name for field in fields]
    if "status" in names:
        values[names.index("status")] = Unreadable(DAMAGED)
    if "error" in names:
        values[names.index("error")] = _("This row is damaged: {what}.", what=listed(wrong))
    return values


def _nearest(field: peewee.Field, raw: object) -> object:
    if isinstance(field, MomentField):
        return _EARLIEST if isinstance(raw, int) and raw < 0 else _LATEST
    return () if isinstance(field, TagsField) else Unreadable(raw)


def find(kind: type[T], model: type[peewee.Model], where: str, values: Sequence[object] = ()) -> Iterator[T]:
    """As `read`, by a condition in SQL: peewee takes longer to write such a statement than SQLite to answer it."""
    sql = f"SELECT {columns(model)} FROM {vars(model)['_meta'].table_name} WHERE {where}"  # noqa: S608 - our own words
    build: Callable[[Sequence[object]], T] = builder(kind, model)  # type: ignore[arg-type]
    return map(build, rows(sql, values))


@cache
def columns(model: type[peewee.Model]) -> str:
    """All columns of a model, as they stand in a statement and as `builder` takes them."""
    return ", ".join(f'"{field.column_name}"' for field in vars(model)["_meta"].sorted_fields)


def prefixed(model: type[peewee.Model], name: str) -> str:
    """As `columns`, of a table that has this name in the statement."""
    return ", ".join(f'{name}."{field.column_name}"' for field in vars(model)["_meta"].sorted_fields)


def field_count(model: type[peewee.Model]) -> int:
    """How many columns `prefixed` names."""
    return len(vars(model)["_meta"].sorted_fields)


class MomentField(peewee.IntegerField):
    """An aware datetime in UTC, kept as milliseconds since the epoch."""

    def db_value(self, value: datetime | None) -> int | None:
        return None if value is None else times.to_ms(value)

    def python_value(self, value: int | None) -> datetime | None:
        """Raises ValueError for a moment that no calendar has."""
        if value is None:
            return None
        if not EARLIEST_MS <= value <= LATEST_MS:
            raise ValueError(value)
        return times.from_ms(value)


class JsonField(peewee.TextField):
    """Any JSON, kept as compact text; null is NULL."""

    def db_value(self, value: Json) -> str | None:
        return None if value is None else dump(value)

    def python_value(self, value: str | None) -> Any:
        """Of a long one each object passes Python: else no other thread, the window's least, has its turn meanwhile."""
        if value is None:
            return None
        return json.loads(value, object_hook=_pass) if len(value) > _LONG_JSON else json.loads(value)


def _pass(found: dict[str, Json]) -> dict[str, Json]:
    return found


class TagsField(JsonField):
    """A tuple of texts, kept as a JSON list."""

    def db_value(self, value: Any) -> str | None:
        return dump(list(value or ()))

    def python_value(self, value: str | None) -> tuple[str, ...]:
        """Raises ValueError for anything but a list of texts."""
        found = json.loads(value or "[]")
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise ValueError(value)
        return tuple(found)


class FlagField(peewee.IntegerField):
    """True or false, kept as 1 or 0."""

    def db_value(self, value: bool | None) -> int | None:
        return None if value is None else int(value)

    def python_value(self, value: object) -> bool | None:
        return None if value is None else bool(value)


class WordField(peewee.TextField):
    """A member of an enumeration, kept as its word."""

    def __init__(self, kind: type[StrEnum], **options: object) -> None:
        super().__init__(**options)
        self._kind = kind

    def db_value(self, value: object) -> str | None:
        return None if value is None else str(value)

    def python_value(self, value: str | None) -> StrEnum | None:
        return None if value is None else self._kind(value)


def Number(**options: Any) -> peewee.IntegerField:
    return peewee.IntegerField(**options)


def Text(**options: Any) -> peewee.TextField:
    return peewee.TextField(**options)
