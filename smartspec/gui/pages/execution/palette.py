"""What the palette finds of executions: by number, else by words, else the last ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from smartspec.commands import executions
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import PaletteEntry, PaletteQuery
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.outcome_words import outcome
from smartspec.gui.style.formatting import ago
from smartspec.gui.style.status import execution_style

_MOST = 8
_NUMBER = re.compile(r"(?P<before>[^#]*)#(?P<number>\d{1,15})(?P<behind>(?:\s[^#]*)?)")  # #7, backup #7, #7 backup


def find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    """Nothing where the text is no search."""
    now = times.now()
    return [_entry(context, each, now) for each in _find(query, context.workspace)]


def _find(query: PaletteQuery, workspace: str) -> Iterable[Execution]:
    if numbered := _NUMBER.fullmatch(query.text):
        words = f"{numbered['before']} {numbered['behind']}".split()
        found = executions.numbered_executions(int(numbered["number"]), _MOST, workspace, words)
        if found or not words:
            return found
    if not query.words:
        return executions.list_executions(limit=3, workspace=workspace).rows
    try:
        return executions.search_executions(" ".join(query.words), limit=5, workspace=workspace).rows
    except SmartSpecError:
        return ()


def _entry(context: AppContext, execution: Execution, now: datetime) -> PaletteEntry:
    shown = execution_style(execution)
    more = f"{outcome(execution)} · {ago(execution.created_at, now)}"
    go = partial(context.navigator.go, Location("execution", execution.id))
    return PaletteEntry(execution.label, shown.icon, shown.colour, more, do=go)
