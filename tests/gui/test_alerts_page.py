"""The page Alerts: groups by state, one whole beside them, and what a person does about it by mouse and by key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from smartspec.commands import alerts as verbs
from smartspec.commands import workflows
from smartspec.domain import times
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.domain.execution import Execution
from smartspec.domain.settings import SETTINGS
from smartspec.domain.workflow import Workflow
from smartspec.gui.pages.alerts.actions import _THRESHOLDS, tomorrow_morning
from smartspec.gui.pages.alerts.lines import by_state, lines_of
from smartspec.gui.pages.alerts.model import VALUE
from smartspec.gui.pages.alerts.page import AlertsPage
from smartspec.gui.widgets.dialogs import Question
from tests.gui import raised_alerts
from tests.gui.conftest import CHAIN, Desktop

S = AlertState
Import = Callable[..., str]


@pytest.fixture
def workflow(desktop: Desktop, imported: Import) -> Workflow:
    return workflows.get_workflow(imported(CHAIN))


@pytest.fixture
def page(desktop: Desktop) -> AlertsPage:
    desktop.go("alerts")
    found = desktop.window.page("alerts")
    assert isinstance(found, AlertsPage)
    return found


def texts(page: AlertsPage) -> list[str]:
    """Heads and rows as they stand."""
    model = page.list.alerts
    return [
        model.data(model.index(row, 0)) if line.alert is None else model.data(model.index(row, 1))  # type: ignore[misc]
        for row, line in enumerate(model.lines)
    ]


def state_of(alert: Alert) -> str:
    return verbs.get_alert(alert.id).alert.state_at(times.now()).value


def choose(desktop: Desktop, page: AlertsPage, alert: Alert) -> None:
    desktop.settle()
    assert page.list.choose(alert.id)
    desktop.settle()


def shown(page: AlertsPage) -> str:
    return "\n".join(each.text() for each in page.detail.findChildren(QLabel) if each.isVisible())


def test_nothing_needs_attention_until_something_does_and_then_it_is_there_at_once(
    desktop: Desktop, page: AlertsPage, workflow: Workflow
) -> None:
    assert "Nothing needs attention" in "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())
    raised = raised_alerts.fails_often(workflow)
    desktop.settle()
    assert texts(page) == ["Raised, 1", "invoices: 9 of 31 failed in 24 h, limit 20 %"]
    assert page.list.current == raised
    raised_alerts.close(raised, "over")
    desktop.settle()
    words = "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())
    assert "Nothing needs attention" in words and "The last one closed just now: invoices fails often." in words
    page.chips[S.CLOSED].click()
    assert texts(page) == ["Closed by themselves, 1", "invoices: 9 of 31 failed in 24 h, limit 20 %"]


def test_groups_have_their_chips_with_counts_and_kinds_their_menu(
    desktop: Desktop, page: AlertsPage, workflow: Workflow
) -> None:
    raised_alerts.of_every_state(workflow, "")
    desktop.settle()
    counts = {state.value: chip.accessibleName() for state, chip in page.chips.items()}
    assert counts == {
        "raised": "Raised 4",
        "acknowledged": "Acknowledged 1",
        "snoozed": "Snoozed 1",
        "closed": "Closed 1",
    }
    assert [each for each in texts(page) if ":" not in each] == ["Raised, 4", "Acknowledged, 1", "Snoozed, 1"]
    page.chips[S.RAISED].click()
    assert [each for each in texts(page) if ":" not in each] == ["Acknowledged, 1", "Snoozed, 1"]
    menu = page.kind_menu()
    next(each for each in menu.actions() if each.text() == "High failure").trigger()
    assert [each.partition(":")[0] for each in texts(page)] == ["Snoozed, 1", "papers"]
    assert page.kind_chip.accessibleName() == "High failure"
    page._choose_kind(AlertKind.DISK_LOW)
    page._choose_kind(AlertKind.HIGH_FAILURE)
    assert texts(page) == [] and page.chips[S.RAISED].accessibleName() == "Raised 1"
    page._show_open()
    assert len(texts(page)) == 9


def test_the_chosen_one_is_told_whole(
    desktop: Desktop, page: AlertsPage, workflow: Workflow, ran: Callable[..., Execution]
) -> None:
    ran(CHAIN, times=6)
    alert = raised_alerts.of_every_state(workflow, "")
    choose(desktop, page, alert)
    told = shown(page)
    assert page.detail.title.text() == "corpus #97 runs long"
    assert "It has run for 1 h 42 m and is not over. Of the last 200 that completed half took 26 m at most" in told
    assert "Twice the 95 % mark" in told and "alert raised" in told and "last 6 executions" in told
    assert page.detail._chart.isVisible() and "it has taken 1 h 42 m, limit 1 h 22 m" in page.detail._chart.toolTip()
    papers = next(each for each in verbs.list_alerts() if each.evidence.name == "papers")
    choose(desktop, page, papers)
    assert "Of 31 executions that ended within 24 hours 9 failed or timed out: 29 %." in shown(page)
    assert "alert snoozed by" in shown(page) and "alert raised" in shown(page)


def test_with_few_executions_there_is_no_chart(desktop: Desktop, page: AlertsPage, workflow: Workflow) -> None:
    choose(desktop, page, raised_alerts.runs_long(workflow, ""))
    assert not page.detail._chart.isVisible()


def test_it_is_acknowledged_with_a_note_by_a_key_and_raised_again_by_its_link(
    desktop: Desktop, page: AlertsPage, workflow: Workflow
) -> None:
    alert = raised_alerts.fails_often(workflow)
    choose(desktop, page, alert)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_A)
    question = desktop.dialog(Question)
    question.field.setPlainText("a big import")  # type: ignore[union-attr]
    question.press_primary()
    desktop.settle()
    assert state_of(alert) == "acknowledged" and verbs.get_alert(alert.id).alert.note == "a big import"
    row = page.list.currentIndex().row()
    assert "“a big import”" in str(page.list.alerts.data(page.list.alerts.index(row, 1), Qt.ItemDataRole.ToolTipRole))
    assert desktop.toast == "Acknowledged: invoices fails often"
    box = page.list.visualRect(page.list.alerts.index(row, VALUE))
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center() + QPoint(20, -8))
    desktop.settle()
    assert state_of(alert) == "acknowledged", "negative control: above the link nothing is pressed"
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center() + QPoint(20, 12))
    desktop.settle()
    assert state_of(alert) == "raised" and desktop.toast == "Raised again: invoices fails often"


def test_it_is_snoozed_from_a_menu_and_undo_wakes_it(desktop: Desktop, page: AlertsPage, workflow: Workflow) -> None:
    alert = raised_alerts.fails_often(workflow)
    choose(desktop, page, alert)
    QTest.keyClick(page.list, Qt.Key.Key_S)
    menu = next(each for each in page.detail.snooze_button.findChildren(QMenu) if each.isVisible())
    words = [each.text() for each in menu.actions()]
    assert words == ["For an hour", "Until it succeeds", "Until tomorrow, 08:00"]
    menu.actions()[2].trigger()
    menu.close()
    desktop.settle()
    until = verbs.get_alert(alert.id).alert.snoozed_until
    assert state_of(alert) == "snoozed" and until is not None
    assert (until.astimezone().hour, until.astimezone().date()) == (
        8,
        (times.now().astimezone() + timedelta(days=1)).date(),
    )
    desktop.do("undo")
    desktop.settle()
    assert state_of(alert) == "raised"
    disk = raised_alerts.disk_is_low()
    assert [each.text() for each in page.actions_.snooze_menu(disk, page).actions()] == [
        "For an hour", "Until tomorrow, 08:00",
    ], "a disk has nothing that succeeds"  # fmt: skip


def test_eight_o_clock_is_of_the_wall_also_when_the_clock_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    import time
    from datetime import datetime
    from zoneinfo import ZoneInfo

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        evening = datetime(2026, 10, 24, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))
        morning = tomorrow_morning(evening)
        assert morning.isoformat() == "2026-10-25T08:00:00+01:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_enter_opens_what_it_is_about(
    desktop: Desktop, page: AlertsPage, workflow: Workflow, ran: Callable[..., Execution]
) -> None:
    execution = ran(CHAIN)
    choose(desktop, page, raised_alerts.runs_long(workflow, execution.id))
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    desktop.settle()
    location = desktop.window.context.navigator.location
    assert location is not None and (location.page, location.key) == ("execution", execution.id)
    desktop.go("alerts")
    desktop.click(page.detail.threshold)
    location = desktop.window.context.navigator.location
    assert location is not None and (location.page, location.key) == ("settings", "alerts.long_running_ms")


def test_the_bell_the_rail_and_the_bar_follow_it_and_lead_there(desktop: Desktop, workflow: Workflow) -> None:
    desktop.go("workflows", workflow.id)
    window = desktop.window
    assert window.top.bell.accessibleName() == "Messages" and not window.status.alerts.isVisible()
    alert = raised_alerts.fails_often(workflow)
    desktop.wait(lambda: window.top.bell.accessibleName() == "Alerts")
    desktop.settle()
    assert window.status.alerts.text() == "1 alert" and window.rail._buttons["alerts"]._attention
    desktop.click(window.top.bell)
    location = window.context.navigator.location
    assert location is not None and location.page == "alerts"
    desktop.go("workflows", workflow.id)
    desktop.click(window.status.alerts)
    location = window.context.navigator.location
    assert location is not None and location.page == "alerts"
    verbs.acknowledge_alert(alert.id)
    desktop.wait(lambda: window.top.bell.accessibleName() == "Messages")
    desktop.settle()
    assert not window.status.alerts.isVisible() and not window.rail._buttons["alerts"]._attention


def test_arrows_pass_over_the_heads_of_groups(desktop: Desktop, page: AlertsPage, workflow: Workflow) -> None:
    raised_alerts.of_every_state(workflow, "")
    desktop.settle()
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    seen: list[Any] = []
    for _ in range(8):
        QTest.keyClick(page.list, Qt.Key.Key_Down)
        seen.append(page.list.current)
    assert None not in seen and len({each.id for each in seen}) == 5
    for _ in range(9):
        QTest.keyClick(page.list, Qt.Key.Key_Up)
        assert page.list.current is not None
    assert page.list.currentIndex().row() == 1


def test_the_chosen_one_stays_chosen_when_others_come_and_a_snooze_ends_by_itself(
    desktop: Desktop, page: AlertsPage, workflow: Workflow
) -> None:
    first = raised_alerts.fails_often(workflow)
    choose(desktop, page, first)
    raised_alerts.was_missed(workflow)
    desktop.settle()
    assert page.list.current is not None and page.list.current.id == first.id
    snoozed = verbs.snooze_alert(first.id, times.now() + timedelta(minutes=5))
    later = times.now() + timedelta(minutes=6)
    lines = lines_of(by_state([snoozed], later), {S.RAISED})
    assert [(line.state, line.count) for line in lines] == [(S.RAISED, 1), (S.RAISED, 0)]


def test_an_alert_is_come_to_by_its_id_whatever_is_narrowed(
    desktop: Desktop, page: AlertsPage, workflow: Workflow
) -> None:
    alert = raised_alerts.fails_often(workflow)
    raised_alerts.disk_is_low()
    desktop.settle()
    page._choose_kind(AlertKind.DISK_LOW)
    page.chips[S.RAISED].setChecked(False)
    desktop.go("alerts", alert.id)
    assert page.list.current is not None and page.list.current.id == alert.id


def test_in_a_small_window_list_and_detail_take_turns(
    desktop: Desktop, page: AlertsPage, workflow: Workflow, ran: Callable[..., Execution]
) -> None:
    alert = raised_alerts.runs_long(workflow, ran(CHAIN).id)
    desktop.window.resize(720, 480)
    choose(desktop, page, alert)
    assert page.list.isVisible() and not page.detail.isVisible()
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_S)
    (menu,) = [each for each in page.list.findChildren(QMenu) if each.isVisible()]
    menu.close()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert page.detail.isVisible() and not page.list.isVisible()
    QTest.keyClick(page.detail.open_button, Qt.Key.Key_Escape)
    assert page.list.isVisible() and page.list.hasFocus()
    desktop.window.resize(1280, 800)
    desktop.settle()
    assert page.list.isVisible() and page.detail.isVisible()


def test_every_threshold_is_a_setting() -> None:
    assert set(_THRESHOLDS) == set(AlertKind) and set(_THRESHOLDS.values()) <= SETTINGS.keys()
