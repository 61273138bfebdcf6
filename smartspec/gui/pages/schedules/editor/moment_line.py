"""A day with a time of day, as the clock of the schedule's zone shows it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from smartspec.domain import times
from smartspec.errors import Invalid
from smartspec.gui.widgets.moment_edit import MomentEdit


class MomentLine(MomentEdit):
    """`wall` is written without an offset, so that it is read by the clock of whatever zone is chosen."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "date-time")

    @property
    def wall(self) -> str:
        """ISO text where a day and a time can be read out of what is typed, else that."""
        text = self.text().strip()
        for read in (datetime.fromisoformat, self._typed):
            try:
                return read(text).replace(tzinfo=None).isoformat(" ", "auto").removesuffix(":00") if text else ""
            except (ValueError, Invalid):
                continue
        return text

    def _typed(self, _text: str) -> datetime:
        """As this language writes a day. Raises Invalid."""
        moment = self.moment
        if moment is None:
            raise ValueError
        return moment

    def show_wall(self, text: str) -> None:
        """What is typed stays as it is typed, where it says the same."""
        if self.wall != text.strip():
            self.setText(text.strip().replace("T", " "))


def tomorrow_morning() -> str:
    day = times.now().astimezone().date() + timedelta(days=1)
    return datetime.combine(day, time(9)).isoformat(" ", "minutes")
