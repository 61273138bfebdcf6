"""A message by a command of the person: title and body in its environment, both in a line of JSON on its input."""

from __future__ import annotations

import json
import subprocess

from smartspec.commands import environment
from smartspec.domain.notification.channel import Channel
from smartspec.errors import reason
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage

_SECONDS = 30


def send(channel: Channel, message: OutgoingMessage) -> None:
    """Raises NotDelivered."""
    told = {"title": message.title, "body": message.body, "execution": message.execution}
    given = {f"SMARTSPEC_NOTIFICATION_{name.upper()}": text for name, text in told.items()}
    try:
        done = subprocess.run(
            channel.argv,
            env={**environment.for_tasks(environment.inherited()), **given},
            cwd=environment.home(),
            input=json.dumps(told, ensure_ascii=False).encode() + b"\n",
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise NotDelivered(f"The command did not end within {_SECONDS} s.") from error
    except OSError as error:
        raise NotDelivered(f"The command cannot be run: {channel.argv[0]}: {reason(error)}.") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise NotDelivered(f"The command ended with exit code {done.returncode}{f': {lines[-1]}' if lines else ''}.")
