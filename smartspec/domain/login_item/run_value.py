"""A value of the Run key, which Windows starts at login: learn.microsoft.com, Run and RunOnce Registry Keys."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import _

LONGEST = 260  # characters of the command line
_WORD = re.compile(r'"([^"]*)"|(\S+)')


def compose(argv: Sequence[str], database: str) -> str:
    """Raises Invalid for a command that is longer than the key allows."""
    line = subprocess.list2cmdline(argv)
    if len(line) > LONGEST:
        raise Invalid(
            _(
                "Windows starts no command of more than {most} characters at login; the one for {file} has {length}.",
                most=format_number(LONGEST), file=database, length=format_number(len(line)),
            )
        )  # fmt: skip
    return line


def parse(text: str) -> tuple[str, ...]:
    """The words of the command; no path holds a quote there."""
    return tuple(quoted or bare for quoted, bare in _WORD.findall(text))
