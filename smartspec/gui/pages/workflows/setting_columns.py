"""The columns of the config editor: the same for its head and for every row, whatever stands in them."""

from __future__ import annotations

from smartspec.value import frozen

LEFT, RIGHT, GAP = 28, 14, 8
_WIDE = 760  # below, what a type is called and what a value is for give way


@frozen
class SettingColumns:
    """Widths in pixels; `description` takes what is left, and is below the value where that is too little."""

    key: int
    type: int
    value: int
    is_wide: bool


def columns_for(width: int) -> SettingColumns:
    """As wide as the tab allows."""
    if width >= _WIDE:
        left = width - LEFT - RIGHT - 3 * GAP
        key, value = min(240, int(left * 0.2)), min(460, int(left * 0.36))
        return SettingColumns(key, 96, value, True)
    left = width - LEFT - RIGHT - 2 * GAP
    key = min(170, int(left * 0.27))
    return SettingColumns(key, 24, left - key - 24 - 36, False)
