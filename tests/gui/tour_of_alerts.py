"""The page of the alerts: none, some in every state, what is done about one."""

from __future__ import annotations

from typing import Any

from smartspec.commands import alerts, workflows
from tests.gui import raised_alerts
from tests.gui.conftest import Desktop
from tests.gui.tour_steps import Look, close_dialogs, close_menus, executions_of, said, workflow_id


def see_alerts(desktop: Desktop, look: Look) -> None:
    desktop.go("alerts")
    page: Any = desktop.window.page("alerts")
    look("alerts, none")
    chain = workflows.get_workflow(workflow_id("chain"))
    alert = raised_alerts.of_every_state(chain, executions_of("chain")[0].id, said)
    desktop.settle()
    page.list.choose(alert.id)
    for chip in page.chips.values():
        chip.setChecked(True)
    desktop.settle()
    look("alerts")
    page.kind_menu().popup(page.mapToGlobal(page.rect().center()))
    look("menu: kinds of alerts")
    close_menus()
    page.detail.show_snoozes()
    look("menu: snooze")
    close_menus()
    page.actions_.acknowledge(alert)
    desktop.settle()
    look("acknowledge an alert")
    close_dialogs(desktop)
    for each in alerts.list_alerts():  # a runner would, sooner or later: nothing of it is true
        raised_alerts.close(each, "over")
    desktop.settle()
