"""The window around its pages: palette, dialogs, messages, toasts, menus, settings, what goes on, a ledger that is lost."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

from smartspec.commands import (
    channels,
    database,
    executions,
    notifications,
    settings,
    starting,
)
from smartspec.commands.notifications import Delivery
from smartspec.domain.activity import State
from smartspec.domain.execution import Origin, Trigger
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.domain.workspace import SAMPLES
from smartspec.gui.core.notifications import Message
from smartspec.gui.pages.settings.telling.channel_dialog import ChannelDialog
from smartspec.gui.shell.importing.dialog import ImportDialog
from smartspec.gui.shell.messages_dialog import DetailsDialog
from smartspec.gui.shell.report_dialog import ReportDialog
from smartspec.gui.shell.restore.dialog import RestoreDialog
from tests.gui.conftest import CHAIN, Desktop
from tests.gui.tour_of_alerts import see_alerts
from tests.gui.tour_of_schedules import see_schedules
from tests.gui.tour_steps import (
    QUIET,
    WRONG,
    Look,
    asked,
    close_dialogs,
    close_menus,
    executions_of,
    part_of,
    said,
    tab_of,
    workflow_id,
)
from tests.serving import serving


def _audit(desktop: Desktop, look: Look) -> None:
    desktop.go("audit", workflow_id("chain"))
    page: Any = desktop.window.page("audit")
    look("audit of a workflow")
    for chip in (page.filters.what, page.filters.when):
        chip.click()
        look("menu: audit")
        close_menus()
    page.filters.words.setText("zzz")
    desktop.settle()
    look("audit, nothing fits")
    page.filters.clear()
    desktop.settle()
    look("audit")
    desktop.go("workflows", workflow_id("chain"))


def see_window(desktop: Desktop, look: Look) -> None:
    desktop.go("workflows", workflow_id("chain"))
    for text in ("", ">", "#1", "chain"):
        desktop.do("palette")
        typed = desktop.window.findChild(QLineEdit, "palette_input")
        assert isinstance(typed, QLineEdit)
        typed.setText(text)
        desktop.settle()
        look(f"palette {text}")
        desktop.press("Esc")
    for name in ("shortcuts", "help", "about", "workspace", "messages"):
        desktop.do(name)
        look(name)
        close_dialogs(desktop)
    _audit(desktop, look)
    see_schedules(desktop, look)
    see_alerts(desktop, look)
    _toasts(desktop, look)
    notifications = desktop.program.notifications
    message = Message("error", said("It could not be done."), said("Try again."), "", "check")
    notifications.notify(message)
    desktop.settle()
    look("message bar")
    DetailsDialog(message, desktop.window).show()
    look("details")
    close_dialogs(desktop)
    desktop.do("messages")
    look("messages")
    close_dialogs(desktop)
    desktop.window.message_bar.dismiss()
    desktop.workflows.show_trash()
    desktop.settle()
    look("trash")
    close_dialogs(desktop)
    ReportDialog("…", desktop.file.parent / "report.txt", desktop.window).show()
    look("report")
    close_dialogs(desktop)
    for n, text in (("good", CHAIN), ("bad", WRONG)):
        (desktop.file.parent / f"{n}.yaml").write_text(text, encoding="utf-8")
    paths = [desktop.file.parent / name for name in ("good.yaml", "bad.yaml", "none.yaml")]
    dialog = ImportDialog(desktop.window.context, paths, desktop.window)
    dialog.show()
    desktop.settle()
    for row in range(dialog.model.rowCount()):
        dialog.list.setCurrentIndex(dialog.model.index(row))
        look(f"import {row}")
    close_dialogs(desktop)
    for running in (1, 3):
        asked(desktop, look, f"close while {running} run", partial(desktop.program.ask_what_to_do, running))
    desktop.window.status.check_health()
    desktop.settle()
    look("status bar")


def see_settings(desktop: Desktop, look: Look) -> None:
    desktop.do("page_settings")
    page: Any = desktop.window.page("settings")
    look("settings")
    desktop.go("settings", "runner.at_once")
    line = page.form.rows["runner.at_once"].control.line
    line.setText("3")
    line.editingFinished.emit()
    desktop.settle()
    look("settings, one is changed")
    line.setText("3O")
    line.editingFinished.emit()
    desktop.settle()
    look("settings, one is wrong")
    desktop.press("Esc", line)
    page.search.setText("zzz")
    desktop.settle()
    look("settings, nothing is found")
    page.search.setText("1")
    desktop.settle()
    look("settings, searched")
    page.search.clear()
    _channels(desktop, look, page)
    page.reset_everything()
    desktop.settle()
    look("settings, reset")


def _channels(desktop: Desktop, look: Look, page: Any) -> None:
    """What the group of notifications has besides its settings."""
    settings.set_setting("notifications.quiet", "22:00-07:30 mon-fri")
    channels.add_channel(Channel("bell", ChannelKind.COMMAND, command="paplay /usr/share/sounds/bell.oga"))
    notifications.note_delivery(Delivery("1", "bell", "chain failed", "", None, ""), "It was refused.")
    for part in ("channels", "workflows", "messages"):
        desktop.go("settings", part)
        look(f"settings, {part}")
    page.form.parts["channels"].add.click()
    dialog = desktop.dialog(ChannelDialog)
    for segment in dialog.kind.segments:
        segment.click()
        desktop.settle()
        look(f"dialog: a channel, {segment.text()}")
    close_dialogs(desktop)
    channels.remove_channel("bell")


def see_now(desktop: Desktop, look: Look) -> None:
    """A question is asked, a retry waits, one is paused, the rest is queued."""
    from smartspec.commands import control

    settings.set_setting("runner.at_once", 10)
    keys = [workflow_id(name) for name in ("asking", "trying", "slow", "held")]
    panel, states = desktop.window.now.panel, {"asked", "running", "waiting"}
    with serving():
        begun = [starting.start_execution(key, origin=Origin(Trigger.MANUAL), workspace=SAMPLES) for key in keys]
        desktop.do("now")
        desktop.wait(lambda: states <= {row.activity.state for row in panel.list.rows.values()})
        paused = starting.start_execution(keys[3], origin=Origin(Trigger.MANUAL), workspace=SAMPLES)
        control.pause_execution(paused.id, QUIET, SAMPLES)
        desktop.settle()
        look("now")
        panel.header.choose(State.PAUSED)
        desktop.settle()
        look("now, what is paused")
        panel.header.choose(None)
        desktop.window.now.pin(True)
        desktop.settle()
        look("now, at the right")
        desktop.window.now.pin(False)
        desktop.window.now.close()
        for each in (*begun, paused):
            control.cancel_execution(each.id)
        desktop.wait(lambda: all(executions.get_execution(each.id).completed_at for each in begun))
    desktop.settle()


def _toasts(desktop: Desktop, look: Look) -> None:
    """Of runs: how they start, and each way in which they end."""
    watch = desktop.window._runs
    desktop.window.toast._show_next()  # what offers Undo would stay before them
    for name in ("broken", "chain", "items"):
        execution = executions_of(name)[0]
        desktop.program.notifications.show_toast(watch._of_start(execution, ""))
        look(f"toast: {name} started")
        desktop.program.notifications.show_toast(watch._of_end(execution, stays=name == "broken"))
        look(f"toast: {name} {execution.status}")
    desktop.window.toast._show_next()


def see_menus(desktop: Desktop, look: Look) -> None:
    window, page = desktop.window, desktop.workflows
    desktop.go("workflows", workflow_id("chain"), "config")
    window.top.all_menus.popup(QPoint())
    look("all menus")
    close_menus()
    for name, popup in (
        ("packs", lambda: page.workflow_list._on_menu(QPoint())),
        ("workflows", lambda: page.workflow_list._on_menu(_place_of_current(page.workflow_list.view))),
        ("executions", lambda: page.executions.view._on_menu(QPoint())),
        ("more about a workflow", page.header.more.click),
        ("more ways to run", page.header.more_run.click),
        ("more settings", tab_of(desktop, "config").more.click),
        ("a setting", tab_of(desktop, "config").rows["host"]._popup),
        ("columns", page.executions.columns.click),
    ):
        popup()
        look(f"menu: {name}")
        close_menus()
    desktop.go("history")
    for kind, chip in desktop.history.filters.kinds.items():
        chip.click()
        desktop.settle()
        look(f"menu: {kind}")
        close_menus()
    desktop.history.grouping.segments[1].click()
    desktop.settle()
    look("sessions")
    desktop.history.grouping.segments[0].click()
    desktop.settle()
    desktop.history.filters.more.click()
    look("menu: statuses")
    close_menus()
    desktop.go("execution", executions_of("broken")[0].id, "data")
    desktop.execution.header.more.click()
    look("menu: more about an execution")
    close_menus()
    desktop.go("execution", executions_of("broken")[0].id, "graph")
    for name, popup in (
        ("a task of the graph", lambda: part_of(desktop, "graph")._on_menu("bad", QPoint())),
        ("colours of the graph", part_of(desktop, "graph").chips.colours.click),
        ("attempts of the execution", part_of(desktop, "graph").chips.version.click),
        ("a task of the timeline", lambda: part_of(desktop, "timeline")._on_menu(QPoint())),
    ):
        popup()
        look(f"menu: {name}")
        close_menus()
    desktop.go("execution", executions_of("broken")[0].id, "data")
    part_of(desktop, "data").outputs.view._on_menu(QPoint())
    look("menu: a value")
    close_menus()


def _place_of_current(view: Any) -> QPoint:
    at: QPoint = view.visualRect(view.currentIndex()).center()
    return at


def see_restore(desktop: Desktop, look: Look) -> None:
    desktop.do("restore")
    look("restore, no backup")
    close_dialogs(desktop)
    database.back_up_database()
    desktop.do("restore")
    look("restore to a new place")
    desktop.dialog(RestoreDialog).form.in_place.click()
    desktop.settle()
    look("restore over this ledger")
    close_dialogs(desktop)


def see_lost(desktop: Desktop, look: Look) -> None:
    elsewhere = desktop.file.with_name("elsewhere")
    desktop.file.rename(elsewhere)
    desktop.wait(lambda: desktop.window.ledger.lost is not None)
    desktop.settle()
    look("the database is gone")
    desktop.window.ledger.asked.emit("found")
    desktop.settle()
    look("safe start")
    elsewhere.rename(desktop.file)
    desktop.wait(lambda: desktop.window.ledger.lost is None)
    desktop.settle()
