"""A machine whose three clocks a test moves: time passes, it sleeps, its clock is set."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from smartspec.domain import times
from smartspec.runner.clock_watch import ClockReading


class Machine:
    """Its date is what the whole program reads."""

    def __init__(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = now
        self._boottime = self._uptime = 1000.0
        monkeypatch.setattr(times, "now", lambda: self.now)

    def read(self) -> ClockReading:
        return ClockReading(self.now, self._boottime, self._uptime)

    def goes_on(self, **much: float) -> None:
        """Awake, whether anybody looks or not."""
        self.sleeps(**much)
        self._uptime += timedelta(**much).total_seconds()

    def sleeps(self, **much: float) -> None:
        self.now += timedelta(**much)
        self._boottime += timedelta(**much).total_seconds()

    def is_set(self, now: datetime) -> None:
        """Its clock; no time passes."""
        self.now = now
