"""Files that change because of what their change started: by which paths it went, as far as times tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smartspec.commands.schedule_events import event_of
from smartspec.domain.ids import WorkspacePk
from smartspec.domain.jsontext import Json, JsonObject, as_mapping, texts
from smartspec.store import active, firings

_LONGEST = 20


def chain_to(path: str, changed_at: datetime, workspace: WorkspacePk) -> list[Json]:
    """The paths whose changes led to this one, the first first, this one last.

    Nobody tells who wrote a file: what an event had started, and ran at the time of the change, may have.
    """
    before = [_chain_of(firings.cause_of(each)) for each in active.by_events_at(changed_at, workspace)]
    mine = next((each for each in before if path in each), next(iter(before), []))
    return [*mine, path][-_LONGEST:]


def in_a_row(said: JsonObject) -> int:
    """How many changes led to this one, where this very file was among them again and again; else 0."""
    chain = texts(said.get("chain"))
    return len(chain) - 1 if _repeats(chain, said.get("path")) else 0


def _repeats(chain: Iterable[str], path: Json) -> bool:
    """Of files that come one after another each is another, however many come while an execution runs."""
    return sum(each == path for each in chain) > 3


def _chain_of(cause: str) -> list[Json]:
    event = event_of(cause)
    return [*texts(as_mapping(event.data).get("chain"))] if event is not None else []
