"""A message by a command of the person: title and body in its environment, both in a line of JSON on its input."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from typing import IO

from smartspec.commands import environment
from smartspec.domain.notification.channel import Channel
from smartspec.errors import reason
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

_SECONDS, _LAST_BYTES = 30, 4_000


def send(channel: Channel, message: OutgoingMessage) -> None:
    """Raises NotDelivered."""
    told = {"title": message.title, "body": message.body, "execution": message.execution, "lines": message.lines}
    given = {f"SMARTSPEC_NOTIFICATION_{name.upper()}": text for name, text in told.items()}
    try:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            done = subprocess.run(
                channel.argv,
                env={**environment.for_tasks(environment.inherited()), **given},
                cwd=environment.home(),
                input=json.dumps(told, ensure_ascii=False).encode() + b"\n",
                stdout=out,  # files: what it leaves running may hold a pipe open
                stderr=err,
                timeout=_SECONDS,
            )
            said = _last_line(err) or _last_line(out)
    except subprocess.TimeoutExpired as error:
        raise NotDelivered(f"The command did not end within {_SECONDS} s.") from error
    except OSError as error:
        raise NotDelivered(f"The command cannot be run: {channel.argv[0]}: {reason(error)}.") from error
    if done.returncode:
        raise NotDelivered(f"The command ended with exit code {done.returncode}{f': {said}' if said else ''}.")


def _last_line(file: IO[bytes]) -> str:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_BYTES))
    lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
