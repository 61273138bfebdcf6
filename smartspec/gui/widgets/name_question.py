"""Asking for a name: whether it can be had is said beside it, while one types."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from smartspec.commands import names
from smartspec.domain.workflow import check_name
from smartspec.domain.workspace import check_workspace_name
from smartspec.errors import Conflict, Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.dialogs import Question, ask_text
from smartspec.messages import tr, translate

Then = Callable[[str, Question], object]


def ask_workflow_name(
    context: AppContext, parent: QWidget, title: str, verb: str, then: Then, *,
    text: str = "", caption: str = "", renamed: str | None = None, pack: str | None = None,
) -> Question:  # fmt: skip
    """The name of a new workflow, in `pack`, or of the one that is to be `renamed` (its id). `then` as of ask_text."""
    given = {} if pack is None else {"pack": pack}

    def check(name: str) -> None:
        names.check_free_name(name, renamed=renamed, workspace=context.workspace, **given)

    return _ask(context, parent, title, verb, then, text, caption, check_name, check)


def ask_workspace_name(context: AppContext, parent: QWidget, title: str, verb: str, then: Then) -> Question:
    """The name of a new workspace. `then` as of ask_text."""
    return _ask(context, parent, title, verb, then, "", "", check_workspace_name, names.check_free_workspace)


def _ask(
    context: AppContext, parent: QWidget, title: str, verb: str, then: Then, text: str, caption: str,
    is_name: Callable[[str], object], is_free: Callable[[str], object],
) -> Question:  # fmt: skip
    def look_up(name: str, answer: Callable[[str], object]) -> None:
        context.run(question, partial(_refusal, is_free, name), answer)

    question = ask_text(
        parent, title, tr("Name"), verb, text=text, caption=caption, check=partial(_refusal, is_name),
        check_later=look_up, then=then,
    )  # fmt: skip
    return question


def _refusal(check: Callable[[str], object], name: str) -> str:
    """What is wrong with a name, "" for nothing."""
    try:
        check(name)
    except (Conflict, Invalid) as error:
        return translate(error.sentence)
    return ""
