"""The dot in the rail follows what failed, whatever page is shown."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.commands import channels, notifications, schedules, workflows
from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.gui.pages.execution.events_model import WHAT
from smartspec.store import schedules as store_schedules
from tests.gui.conftest import BROKEN, CHAIN, Desktop

Ran = Callable[..., Execution]


def says(desktop: Desktop) -> str:
    """What the item of the workflows says beside its name."""
    return desktop.window.rail._buttons["workflows"].accessibleDescription()


def test_a_failure_is_seen_from_another_page(desktop: Desktop, ran: Ran) -> None:
    desktop.go("history")
    assert says(desktop) == ""
    ran(BROKEN)
    desktop.wait(lambda: says(desktop) == "needs attention")


def test_it_goes_when_nothing_that_counts_has_failed(desktop: Desktop, ran: Ran) -> None:
    ran(CHAIN)
    ran(BROKEN)
    desktop.wait(lambda: says(desktop) == "needs attention")
    desktop.workflows.workflow_list.search.setText("chain")  # what is listed is not what there is
    desktop.settle()
    assert says(desktop) == "needs attention"
    workflows.archive_workflow("broken")
    desktop.wait(lambda: says(desktop) == "")


def test_a_schedule_that_cannot_go_on_is_seen_from_another_page(desktop: Desktop, imported: Callable[..., str]) -> None:
    made = schedules.create_schedule(imported(CHAIN), "0 2 * * *", name="Nightly")
    desktop.go("history")
    item = desktop.window.rail._buttons["schedules"]
    store_schedules.end(made, ScheduleStatus.ERROR, "There is no time zone “Mars/Olympus”.")
    desktop.wait(lambda: item.accessibleDescription() == "needs attention")
    schedules.resume_schedule("Nightly")
    desktop.wait(lambda: item.accessibleDescription() == "")


def test_what_nobody_could_be_told_of_rings_the_bell(desktop: Desktop, ran: Ran) -> None:
    channels.add_channel(Channel("gone", ChannelKind.COMMAND, command="/nonexistent"))
    ran(BROKEN)
    (delivery,) = notifications.collect(times.now().astimezone())
    notifications.note_delivery(delivery, "The command cannot be run: /nonexistent: no such file or directory.")
    told = desktop.window.context.notifications
    desktop.wait(lambda: any("did not arrive" in each.headline for each in told.messages))
    (message,) = [each for each in told.messages if "did not arrive" in each.headline]
    assert (
        message.headline == "A message about broken #1 did not arrive"
        and "gone: The command cannot be run" in message.meaning
    )
    assert message.location is not None and message.location.key == delivery.execution_id
    desktop.go("execution", delivery.execution_id, "events")
    model = desktop.execution.tabs.content("events").model
    assert "a message did not arrive" in [model.index(at, WHAT).data() for at in range(model.rowCount())]
