"""The part of a timeline that is shown: moments and pixels, zoom, the lines of the grid."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from smartspec.domain import times
from smartspec.gui.pages.execution.timeline_model import TimelineModel

_STEPS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
             600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000)  # fmt: skip
_LINES = 8  # of the grid, at most
_LEAST_MS = 5.0  # that a zoom shows
_LEAST_AHEAD_MS = 4_000


class TimeScale:
    """All moments are ms since the beginning. While it `runs`, the end is a round one ahead of now, and stays there for
    a while: it does not move with every look.
    """

    def __init__(self, model: TimelineModel) -> None:
        self._model = model
        self._zoom: tuple[float, float] | None = None
        self.runs = False
        self.usual_ms = 0  # that the whole usually takes

    @property
    def span(self) -> tuple[float, float]:
        """What is shown."""
        if self._zoom is not None:
            return self._zoom
        if self.runs:
            return 0.0, _ahead_of(times.to_ms(times.now()) - self._model.begin_ms, self.usual_ms)
        return 0.0, max(10.0, (self._model.end_ms - self._model.begin_ms) * 1.06)

    def zoom(self, factor: float, at: float) -> None:
        """`at` is a part of the width, from 0 to 1, that stays where it is."""
        begin, end = self.span
        middle = begin + (end - begin) * at
        width = max(_LEAST_MS, (end - begin) / factor)
        first = max(0.0, middle - width * at)
        self._zoom = (first, first + width)

    def show_part(self, first: float, last: float) -> None:
        """Parts of what is shown now, from 0 to 1."""
        begin, end = self.span
        left = begin + (end - begin) * first
        self._zoom = (left, max(begin + (end - begin) * last, begin + _LEAST_MS))

    def reset(self) -> None:
        """Show all again."""
        self._zoom = None

    def x_of(self, ms: float, rect: QRectF) -> float:
        begin, end = self.span
        return rect.left() + (ms - begin) / (end - begin) * rect.width()

    @property
    def step(self) -> int:
        """From one line of the grid to the next."""
        begin, end = self.span
        return next((each for each in _STEPS_MS if (end - begin) / each <= _LINES), _STEPS_MS[-1])

    def ticks(self) -> list[float]:
        """The lines of the grid."""
        begin, end = self.span
        step = self.step
        return [at for at in range(int(begin // step) * step, int(end) + 1, step) if at >= begin]


def _ahead_of(elapsed_ms: int, usual_ms: int) -> float:
    """What is usual, and beyond that a round end that is further than now."""
    if elapsed_ms <= usual_ms:
        return usual_ms * 1.1
    ends = (step * _LINES for step in _STEPS_MS)
    return next((end for end in ends if end >= max(_LEAST_AHEAD_MS, elapsed_ms * 1.1)), elapsed_ms * 1.1)
