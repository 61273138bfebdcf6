"""A service of systemd for one user: systemd.unit(5), systemd.service(5), systemd.syntax(7)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smartspec.errors import Invalid
from smartspec.messages import _

# Started anew when it fails, but not for what a person must see to first (`smartspec.errors`: 2, 65, 78); `mixed` asks
# the runner alone to end, which ends its tasks itself. The colon: `$` in a path is no variable.
_UNIT = """\
# Written by `smartspec runner install`; `smartspec runner uninstall` removes it.
[Unit]
Description=SmartSpec runner of {database}
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=:{command}
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2 65 78
KillMode=mixed

[Install]
WantedBy=default.target
"""
_COMMAND = re.compile(r"^ExecStart=:(.*)$", re.MULTILINE)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r'\\(["\\])')
_REFUSED = frozenset("'\"\\")  # string_is_safe() of systemd, for the name of the program


def compose(argv: Sequence[str], database: str) -> str:
    """Raises Invalid for a program whose name systemd does not take."""
    if _REFUSED & {*argv[0]}:
        raise Invalid(_("systemd takes no program with quotes or a backslash in its name: “{path}”.", path=argv[0]))
    described = f"“{database}”".replace("%", "%%")  # the last character is never one that goes on with the next line
    return _UNIT.format(database=described, command=" ".join(map(_quoted, argv)))


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def parse(text: str) -> tuple[str, ...]:
    """The words of its command; none where it is not of ours."""
    found = _COMMAND.search(text)
    words = _WORD.findall(found[1]) if found else []
    return tuple(_ESCAPED.sub(r"\1", each).replace("%%", "%") for each in words)
