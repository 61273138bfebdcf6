"""What is said of workflows that went into the trash: what went with them, and what stays."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands.workflow_trash import MovedToTrash
from smartspec.domain.invisible import escape_invisible
from smartspec.gui.core.notifications import Toast
from smartspec.gui.style.formatting import count
from smartspec.messages import tr, trn


def moved_toast(moved: MovedToTrash, undo: Callable[[], object]) -> Toast:
    """Moved “X” to the trash; and below: with 3 settings · 12 executions stay in History."""
    name = escape_invisible(moved.workflows[0].name) if len(moved.workflows) == 1 else ""
    many = trn("Moved {n} workflow to the trash", "Moved {n} workflows to the trash", len(moved.workflows))
    text = tr("Moved “{name}” to the trash", name=name) if name else many
    return Toast(text, undo, "trash", subject=name, meaning=_meaning(moved))


def _meaning(moved: MovedToTrash) -> str:
    parts: list[str] = []
    if moved.settings:
        parts.append(trn("with {n} setting", "with {n} settings", moved.settings))
    if moved.executions:
        stay = count(moved.executions)
        parts.append(
            trn("{stay} execution stays in History", "{stay} executions stay in History", moved.executions, stay=stay)
        )
    if moved.cancelled:
        parts.append(trn("{n} that waited was cancelled", "{n} that waited were cancelled", moved.cancelled))
    return " · ".join(parts)
