"""An entry of the folder `autostart`, which a desktop reads at login: the XDG specifications of both."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ENTRY = """\
[Desktop Entry]
# Written by `smartspec runner install`; `smartspec runner uninstall` removes it.
Version=1.4
Type=Application
Name=SmartSpec runner
Comment=Runs what is queued in {database}
Exec={command}
Terminal=false
NoDisplay=true
"""
_COMMAND = re.compile(r"^Exec=(.*)$", re.MULTILINE)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')
_QUOTED = re.compile(r'([\\"`$])')
_UNQUOTED = re.compile(r'\\([\\"`$])')


def compose(argv: Sequence[str], database: str) -> str:
    command = " ".join(map(_quoted, argv))
    return _ENTRY.format(database=_escaped(database), command=_escaped(command))


def _quoted(word: str) -> str:
    return '"' + _QUOTED.sub(r"\\\1", word).replace("%", "%%") + '"'


def _escaped(value: str) -> str:
    """As every value of an entry: below the quotes of the command."""
    return value.replace("\\", "\\\\")


def parse(text: str) -> tuple[str, ...]:
    """The words of its command; none where it is not of ours."""
    found = _COMMAND.search(text)
    words = _WORD.findall(found[1].replace("\\\\", "\\")) if found else []
    return tuple(_UNQUOTED.sub(r"\1", each).replace("%%", "%") for each in words)
