"""The variables that hold secrets for this session: in the memory of this process, never among those of its system."""

from __future__ import annotations

_values: dict[str, str] = {}


def keep(name: str, value: str) -> None:
    _values[name] = value


def forget(name: str) -> bool:
    """Whether there was one."""
    return _values.pop(name, None) is not None


def all_of() -> dict[str, str]:
    """By name."""
    return dict(_values)
