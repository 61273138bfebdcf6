"""Restoring a version: a new one gets its text, and nothing is overwritten."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from smartspec.commands import versions
from smartspec.domain.version import LONGEST_CHANGE_LOG, Version
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.dialogs import Question, ask_text
from smartspec.messages import tr


def ask_to_restore(context: AppContext, parent: QWidget, workflow: Workflow, target: Version, current: Version) -> None:
    """What for; then it is done at once, and Undo makes what was current so again."""

    def restore(words: str, question: Question) -> None:
        command = partial(
            versions.rollback_version, workflow.id, target.version, change_log=words.strip() or None,
            workspace=context.workspace,
        )  # fmt: skip
        question.run(context, command, partial(_tell, context, workflow, target, current))

    def too_long(words: str) -> str:
        return tr("At most {n} characters", n=f"{LONGEST_CHANGE_LOG:,}") if len(words) > LONGEST_CHANGE_LOG else ""

    ask_text(
        parent, tr("Restore v{version}", version=target.version), tr("What for"), tr("Restore"),
        hint=tr("Restored version {version}", version=target.version), check=too_long,
        caption=tr("A new version gets the text of v{version}; what runs now stays as it is.", version=target.version),
        then=restore,
    )  # fmt: skip


def _tell(context: AppContext, workflow: Workflow, target: Version, current: Version, made: Version) -> None:
    def undo() -> None:
        command = partial(versions.rollback_version, workflow.id, current.version, workspace=context.workspace)
        context.run(context.notifications, command)

    told = tr("Restored v{old} as v{new}", old=target.version, new=made.version)
    context.notifications.toast(told, undo, "clock-counter-clockwise")
