"""The background runner: started when there is work and nobody to do it, gone when it has been idle a while."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from smartspec.commands import database as verbs
from smartspec.commands import environment, notifications, process_identity, runners, secrets
from smartspec.domain.runner import Runner
from smartspec.errors import DatabaseForeign, DatabaseReplaced, DatabaseTooNew, RunError, StorageError
from smartspec.messages import _, sentences
from smartspec.runner import recovery
from smartspec.runner.launch import Launch

IDLE_SECONDS = 5.0
_REOPEN_TRIES = 30  # one a second
_LOOK_SECONDS = 0.1
STARTUP_SECONDS = 5.0  # ten times what it needs here
logger = logging.getLogger(__name__)


def is_there() -> bool:
    """Whether a background runner of this machine lives."""
    return any(alive())


def alive() -> Iterator[Runner]:
    """Those of this machine that run whatever is queued."""
    return (each for each in runners.list_runners() if each.kind == "background" and process_identity.is_alive(each))


def ensure(database: Path) -> Launch | None:
    """Start one, detached from this process, where there is none. Raises RunError.

    The answer is what was started: it can be asked whether it came up (`check`).
    """
    return None if is_there() else Launch(database, ["runner", "--until-idle"])


def ensure_told(database: Path) -> None:
    """What ended without a background runner is told of by one: whoever ran it may be gone at once."""
    if notifications.has_news():
        with suppress(RunError):  # told by the next one
            ensure(database)


def check(launch: Launch | None, seconds: float = STARTUP_SECONDS) -> None:
    """Wait a moment for what was started. Raises RunError with the reason where it has ended instead of serving."""
    if launch is not None:
        launch.check(is_there, seconds)


def check_gone_runners(database: Path) -> None:
    """Note at once what gone runners left; their processes are ended by a runner, here by one that does only that."""
    recovery.mark_interrupted()
    if recovery.has_orphans() and not is_there():
        with suppress(RunError):  # whoever looks next starts one
            Launch(database, ["runner", "--sweep"])


def serve(stays: Callable[[], bool]) -> None:
    """Run what is queued and what schedules start, until stopped; where it does not stay, until there has been nothing
    to do for a while, and no schedule is active.
    """
    secrets.never_prompt()
    is_serving = True
    while is_serving:
        try:
            is_serving = _served(stays) and _goes_on(stays)
        except DatabaseReplaced as error:
            logger.warning(sentences([error.sentence, _("What ran here has been ended.")]))
            _reopen()


def _goes_on(stays: Callable[[], bool]) -> bool:
    """Whether one that left by itself serves once more."""
    if not verbs.is_wanted(verbs.database_path()):
        return _has_work(stays)  # it may have come in while this one was leaving
    if not _stood_aside():
        return False
    _reopen()
    return True


def _stood_aside() -> bool:
    """Let go of the ledger until whoever wants it alone is through; False when told to go meanwhile."""
    file, is_told = verbs.database_path(), threading.Event()
    _on_signals(is_told.set)
    logger.info("runner %s lets go of the database: a backup is being restored", os.getpid())
    verbs.close_database()
    while verbs.is_wanted(file):
        if is_told.wait(_LOOK_SECONDS):
            return False
    return True


def _reopen() -> None:
    """Serve what stands there now, once it is whole: somebody may still be copying it. Raises StorageError."""
    for left in reversed(range(_REOPEN_TRIES)):
        try:
            verbs.reopen_database()
            break
        except StorageError as error:
            if not left or isinstance(error, DatabaseForeign | DatabaseTooNew):
                logger.error(sentences([error.sentence, _("It is not served.")]))
                raise
            time.sleep(1)
    logger.warning(_("What stands there now is served from here on."))
    _end_former_lives()


def _end_former_lives() -> None:
    """What the other file says of this very process is over: it began anew."""
    for each in runners.list_runners():
        if each.pid == os.getpid() and not process_identity.is_gone(each):
            runners.interrupt(each.pk, lambda: True)


def _has_work(stays: Callable[[], bool]) -> bool:
    from smartspec.commands import firing

    return stays() or runners.has_pending() or firing.any_active()


def _on_signals(then: Callable[[], object]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *__: then())


def _served(stays: Callable[[], bool]) -> bool:
    """One runner's life; False when it was told to go."""
    from smartspec.runner.calendar_reader import CalendarReader
    from smartspec.runner.file_watcher import FileWatcher
    from smartspec.runner.housekeeping import Housekeeping  # here: every command asks this module for gone runners
    from smartspec.runner.notifier import Notifier
    from smartspec.runner.scheduler import Scheduler
    from smartspec.runner.worker import Worker

    runner, scheduler = Worker("background"), Scheduler()
    housekeeping, calendars = Housekeeping(scheduler.looked_since), CalendarReader()
    notifier = Notifier(verbs.database_path())
    watcher = FileWatcher(scheduler.nudge, is_alone=lambda: sum(1 for _each in alive()) < 2)

    def on_news() -> None:
        scheduler.nudge()
        watcher.nudge()
        notifier.nudge()
        housekeeping.nudge()
        calendars.nudge()

    runner.on_news = on_news
    _on_signals(runner.stop)
    last_busy = time.monotonic()

    def is_over() -> bool:
        nonlocal last_busy
        is_busy = not runner.is_idle or housekeeping.is_busy or runner.pinger.is_busy
        if not is_busy and verbs.is_wanted(verbs.database_path()):
            return True
        if is_busy or notifier.is_busy:
            last_busy = time.monotonic()
        if time.monotonic() - last_busy <= IDLE_SECONDS:
            return False
        last_busy = time.monotonic()  # the ledger is asked only now and then
        return not _has_work(stays)

    environment.sweep()
    logger.info("runner %s serves", os.getpid())
    housekeeping.start()
    calendars.start()
    scheduler.start()
    watcher.start()
    notifier.start()
    try:
        runner.run_until(is_over)
    finally:
        watcher.stop()
        scheduler.stop()
        housekeeping.stop()
        calendars.stop()
        notifier.stop()
        runner.pinger.wait()
    return not runner.is_stopping
