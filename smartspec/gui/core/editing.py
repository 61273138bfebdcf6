"""What is written in the window and not saved yet."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Editing(Protocol):
    """A widget in which a person writes; what is written is kept until it is saved or discarded."""

    @property
    def is_dirty(self) -> bool: ...
