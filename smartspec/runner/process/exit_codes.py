"""What the exit code of a process says of how it ended."""

import signal

from smartspec.domain.engine.states import TaskStatus


def meaning(code: int) -> tuple[TaskStatus, str | None, str | None]:
    """(status, reason, sentence) of an exit code; a negative one is the number of the signal that ended it."""
    if code == 0:
        return TaskStatus.COMPLETED, None, None
    if code < 0:
        name = _signal_name(-code)
        return TaskStatus.FAILED, f"signal {name}", f"The command was ended by the signal {name}."
    return TaskStatus.FAILED, f"exit {code}", f"The command ended with exit code {code}."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
