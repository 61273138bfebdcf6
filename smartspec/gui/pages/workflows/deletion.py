"""What is said of workflows that went into the trash: what went with them, and what stays."""

from __future__ import annotations

from smartspec.commands.workflow_trash import MovedToTrash
from smartspec.domain.text import one_line
from smartspec.gui.style.formatting import count
from smartspec.messages import tr, trn

_LONGEST_NAME = 32  # characters of it in a toast


def moved_text(moved: MovedToTrash) -> str:
    """Moved “X” to the trash with 3 settings; 12 executions stay in History."""
    parts = [_what(moved)]
    if moved.executions:
        stay = count(moved.executions)
        parts.append(
            trn("{stay} execution stays in History", "{stay} executions stay in History", moved.executions, stay=stay)
        )
    if moved.cancelled:
        parts.append(
            trn("{n} that waited was cancelled", "{n} that waited were cancelled", moved.cancelled)
        )  # fmt: skip
    return "; ".join(parts)


def _what(moved: MovedToTrash) -> str:
    settings = trn("{n} setting", "{n} settings", moved.settings) if moved.settings else ""
    if len(moved.workflows) == 1:
        name = one_line(moved.workflows[0].name, _LONGEST_NAME)
        if settings:
            return tr("Moved “{name}” to the trash with {settings}", name=name, settings=settings)
        return tr("Moved “{name}” to the trash", name=name)
    many = len(moved.workflows)
    if settings:
        return trn(
            "Moved {n} workflow to the trash with {settings}", "Moved {n} workflows to the trash with {settings}", many,
            settings=settings,
        )  # fmt: skip
    return trn("Moved {n} workflow to the trash", "Moved {n} workflows to the trash", many)
