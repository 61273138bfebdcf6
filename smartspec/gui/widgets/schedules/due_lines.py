"""Lines about times to come: one due time, a change of the clock, something that may not be meant."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from smartspec.domain.schedule.upcoming import NotedChange
from smartspec.formatting import format_day, format_month
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, row
from smartspec.gui.widgets.schedules.words import until
from smartspec.messages import tr, translate

_DAY_WIDTH = 92


def time_line(at: datetime, now: datetime) -> QWidget:
    """By the clock of the zone that `at` has."""
    day = tr("{day} {month}", day=translate(format_day(at)), month=format_month(at))
    made = QWidget()
    date = label(day)
    date.setMinimumWidth(_DAY_WIDTH)
    made.setLayout(row(date, label(f"{at:%H:%M}", "strong"), None, label(until(at, now), "secondary")))
    return made


def change_card(change: NotedChange) -> QWidget:
    """How the clock is moved, and what becomes of the rule then."""
    return warning_card(translate(change.headline), translate(change.effect))


def warning_card(headline: str, meaning: str) -> QWidget:
    made = frame("warning")
    parts = [wrapped(headline, "strong"), *([wrapped(meaning, "secondary")] if meaning else [])]
    made.setLayout(column(*parts, spacing=2, margins=(10, 6, 10, 6)))
    return made
