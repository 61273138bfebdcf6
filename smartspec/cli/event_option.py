"""An event as it is typed: `--on`, and what `schedule preview` is given."""

from __future__ import annotations

from pathlib import Path

from smartspec.domain.schedule.events import FileEvent, event_expression, parse_event, with_folder


def read_event(text: str) -> str:
    """As it is stored; a path counts from where this is typed. Raises Invalid."""
    event = parse_event(text)
    return event_expression(with_folder(event, str(Path.cwd())) if isinstance(event, FileEvent) else event)
