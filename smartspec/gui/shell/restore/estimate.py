"""How long a restoring takes, by how long the check of its backup took."""

from __future__ import annotations

from smartspec.gui.style.formatting import duration
from smartspec.messages import tr

_PASSES = 3  # of a backup: it is checked, copied, and the copy is checked
_MOMENT_S, _FEW_S, _MINUTE_S = 10, 10, 60


def seconds_for(size: int, took_s: float, more: int = 0) -> float:
    """Of a backup of so many bytes, whose check took so long; `more` bytes are copied with it."""
    return _PASSES * took_s + (more * took_s / size if size else 0)


def whole(seconds: float) -> str:
    """To the second."""
    if seconds < _MINUTE_S:
        return tr("{number} s", number=max(1, round(seconds)))
    return duration(round(seconds) * 1000)


def words(seconds: float) -> str:
    """No more exact than it is known."""
    if seconds < _MOMENT_S:
        return tr("It takes a moment")
    step = _FEW_S if seconds < _MINUTE_S else _MINUTE_S
    return tr("It takes about {duration}", duration=whole(max(step, round(seconds / step) * step)))
