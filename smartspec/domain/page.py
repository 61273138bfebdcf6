"""A slice of a long list, and where the next one starts."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is passed back as `after`; None: this is the last page."""

    rows: tuple[T, ...]
    next: str | None
