"""An execution with --detach: queued, for a background runner."""

from smartspec.cli.output import short, show
from smartspec.commands import database
from smartspec.domain.execution import Execution
from smartspec.messages import tr
from smartspec.runner import background


def hand_over(execution: Execution) -> None:
    """Let a background runner take what is queued."""
    launch = background.ensure(database.database_path())
    queued = tr("{ref} is queued: {id}", ref=execution.label, id=execution.id)
    show(execution, f"{queued}\n{tr('Follow it: {command}', command=f'smartspec logs -f {short(execution.id)}')}")
    background.check(launch)
