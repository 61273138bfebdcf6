"""An agent of launchd, which macOS starts at login: launchd.plist(5)."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from xml.parsers.expat import ExpatError

from smartspec.domain.login_item.names import name_of


def compose(argv: Sequence[str], database: str) -> str:
    agent = {
        "Label": name_of(database),
        "ProgramArguments": [*argv],
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 10,
        "ProcessType": "Background",
    }
    return plistlib.dumps(agent).decode()


def parse(text: str) -> tuple[str, ...]:
    """The words of its command; none where it is not of ours."""
    try:
        found = plistlib.loads(text.encode())
    except (plistlib.InvalidFileException, ExpatError, ValueError):
        return ()
    words = found.get("ProgramArguments") if isinstance(found, dict) else None
    return tuple(map(str, words)) if isinstance(words, list) else ()
