"""A ping that a person asks for, to see whether it arrives."""

from __future__ import annotations

from smartspec.commands import pings
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.ping import PingKind
from smartspec.runner.pings.pinger import attempt


def send_trial(ref: str, kind: PingKind = PingKind.SUCCESS, workspace: str = DEFAULT) -> str | None:
    """Send one now. Why it was not answered, a code of `domain.ping.why_not`; None where it was.

    It is an event of the workflow. Raises Invalid where that sends no pings.
    """
    target = pings.target_of(ref, workspace)
    reason = attempt(target, kind)
    pings.note_ping(target, kind, reason)
    return reason
