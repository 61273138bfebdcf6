"""A slice of a long list, and where the next one starts."""

from typing import Generic, TypeVar

from smartspec.value import frozen

T = TypeVar("T")


@frozen
class Page(Generic[T]):
    """`next` is passed back as `after`; None: this is the last page."""

    rows: tuple[T, ...]
    next: str | None
