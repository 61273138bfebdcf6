"""`now`: what goes on at this moment."""

from __future__ import annotations

from smartspec.cli.options import command
from smartspec.cli.output import moment, show, table
from smartspec.cli.session import session
from smartspec.commands import activity
from smartspec.domain import times
from smartspec.domain.activity import STATE_WORDS, Activity, Progress
from smartspec.formatting import format_duration, format_number
from smartspec.messages import tr, translate, trn


@command("now")
def now_command() -> None:
    """What runs, what waits and for what, and what waits for you; of all workspaces.

    \b
    Example:
      smartspec now
    """
    session()
    found = activity.list_activities()
    rows = (
        (translate(STATE_WORDS[each.state]), each.label, _told(each), moment(each.since), _due(each))
        for each in found.activities
    )
    headings = (tr("STATE"), tr("EXECUTION"), tr("WHAT"), tr("SINCE"), tr("DUE"))
    listed = table(headings, rows, tr("Nothing runs, and nothing waits."))
    more = [trn("{n} more waits.", "{n} more wait.", found.left_out)] if found.left_out else []
    places = tr(
        "{runner}; {used} of {most} at once.", runner=found.headline,
        used=format_number(found.used_at_once), most=format_number(found.most_at_once),
    )  # fmt: skip
    show(found, "\n".join((listed, *more, places)))


def _told(each: Activity) -> str:
    parts = (each.task, translate(each.words), _progress(each.progress))
    return " ".join(filter(None, parts))


def _progress(progress: Progress | None) -> str:
    if progress is None:
        return ""
    done, total = format_number(progress.done), progress.total
    if not progress.is_items:
        return trn("{done} of {n} task", "{done} of {n} tasks", total or 0, done=done)
    if total is None:
        return trn("{n} item", "{n} items", progress.done)
    return trn("{done} of {n} item", "{done} of {n} items", total, done=done)


def _due(each: Activity) -> str:
    if each.due is None:
        return ""
    left = times.elapsed_ms(times.now(), each.due)
    return tr("in {duration}", duration=format_duration(left)) if left else tr("now")


COMMANDS = (now_command,)
