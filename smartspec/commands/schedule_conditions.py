"""What the machine says now to the conditions of a schedule, and which networks it knows."""

from __future__ import annotations

from smartspec.commands.machine_look import LONGEST_S, MachineLook, System, question_of
from smartspec.commands.registry import command
from smartspec.commands.schedule_lookup import get_schedule
from smartspec.commands.system import networks
from smartspec.commands.system.networks import Network
from smartspec.commands.workflows import DEFAULT, get_workflow_by_key
from smartspec.domain.schedule.conditions import Conditions
from smartspec.domain.schedule.machine_state import MachineState, unmet, untold
from smartspec.domain.schedule.reason_words import unmet_in_words, untold_in_words
from smartspec.domain.text import did_you_mean
from smartspec.messages import Message, _
from smartspec.value import frozen, replace

_LONGEST_S = 4.0  # where no command is run


@frozen
class ConditionCheck:
    """`unmet` is why it would not start now, empty: nothing is known to be in its way. `untold` is what the system does
    not tell, which counts as met; empty: it tells everything that was asked.
    """

    state: MachineState
    unmet: Message
    untold: Message


@command
def check_conditions(which: str, *, with_command: bool = True, workspace: str = DEFAULT) -> ConditionCheck | None:
    """Ask the machine now, as a runner does when it is due; within 4 s, but with its command, which is run too and may
    take half a minute. `with_command` false leaves that out: it counts as met. None: there are no conditions.
    """
    schedule = get_schedule(which, workspace)
    question = question_of(schedule, get_workflow_by_key(schedule.workflow))
    if not question.conditions:
        return None
    if not with_command:
        question = replace(question, conditions=replace(question.conditions, command=""))
    look = MachineLook(question, System())
    look.start()
    state = look.wait(LONGEST_S if question.conditions.command else _LONGEST_S)
    return ConditionCheck(
        state, unmet_in_words(unmet(question.conditions, state)), untold_in_words(untold(question.conditions, state))
    )


@command
def list_networks() -> tuple[Network, ...] | None:
    """Those that this machine is on, then those that it remembers, by the names that a condition takes; within 6 s.

    None: this system does not tell.
    """
    return networks.known_networks()


def unknown_networks(conditions: Conditions) -> tuple[Message, ...]:
    """A sentence for each network that is asked for and that this machine has never been on; none where it does not
    tell.
    """
    known = list_networks() if conditions.networks else None
    names = [each.name for each in known or ()]
    unknown = (name for name in conditions.networks if known is not None and name not in names)
    return tuple(
        _("This machine knows no network “{name}”{guess}", name=name, guess=did_you_mean(name, names))
        for name in unknown
    )
