"""What goes on at this moment: each execution that has not ended, with what it does, or for what it waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from smartspec.domain.runner import Runner
from smartspec.messages import Message, _, _n
from smartspec.value import frozen

RECORDING = "recording"  # the kind of a runner that takes nothing from the queue


class State(StrEnum):
    """In the order in which a person looks at them."""

    ASKED = "asked"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    TIMED_OUT = "timed_out"


STATE_WORDS: dict[State, Message] = {
    State.ASKED: _("Waits for you"),
    State.RUNNING: _("Running"),
    State.WAITING: _("Waiting"),
    State.PAUSED: _("Paused"),
    State.TIMED_OUT: _("Timed out in 24 hours"),
}


class Cause(StrEnum):
    """Why it is in its state."""

    QUESTION = "question"
    INTERRUPTED = "interrupted"
    TASK = "task"
    RECORDED = "recorded"
    REQUEST = "request"
    RETRY = "retry"
    CLOCK = "clock"
    CHILD = "child"
    LOCK = "lock"
    LIMIT = "limit"
    AT_ONCE = "at_once"
    QUEUE = "queue"
    NO_RUNNER = "no_runner"
    PAUSE = "pause"
    TIMEOUT = "timeout"


_MOVING = (State.ASKED, State.RUNNING, State.WAITING)
_NOT_OURS = (Cause.REQUEST, Cause.RECORDED, Cause.INTERRUPTED)


class Control(StrEnum):
    """What a person can do about it."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    RESUME = "resume"
    PAUSE = "pause"
    STOP = "stop"
    RERUN = "rerun"
    RETRY = "retry"


@frozen
class Holder:
    """An execution that stands in the way, or is waited for."""

    id: str
    label: str


@frozen
class Progress:
    """How many of the tasks, or of the items of the task that runs; `total` is None where nobody knows it yet."""

    done: int
    total: int | None
    is_items: bool


@frozen(kw_only=True)
class Activity:
    """`words` say what it does or waits for, and name the `holder`; `task` is that of it which they are about.

    `since` is when that began, `due` when it ends by itself, after `delay_ms` in all; of a retry `later_ms` are
    the delays of those that would follow. `setting` is the key of the one
    that holds it up. `usual_ms` is the median of the workflow, where something of it has
    completed; after `late_after_ms` what runs is late.
    """

    state: State
    cause: Cause
    execution: str
    workflow_name: str
    number: int
    workspace: str
    words: str
    task: str = ""
    holder: Holder | None = None
    since: datetime | None = None
    due: datetime | None = None
    delay_ms: int | None = None
    later_ms: tuple[int, ...] | None = None
    setting: str = ""
    progress: Progress | None = None
    usual_ms: int | None = None
    late_after_ms: int | None = None
    controls: tuple[Control, ...] = ()

    @property
    def label(self) -> str:
        """As a person says it: backup #42."""
        return f"{self.workflow_name} #{self.number}"


@frozen
class Now:
    """`left_out` of those that wait are not in the list; `counts` are of all. `runners` are those that live."""

    activities: tuple[Activity, ...]
    counts: Mapping[State, int]
    left_out: int
    runners: tuple[Runner, ...]
    used_at_once: int
    most_at_once: int

    @property
    def can_be_paused(self) -> bool:
        """Whether anything runs, or waits to, that is not being paused or stopped already."""
        return any(each.state in _MOVING and each.cause not in _NOT_OURS for each in self.activities)

    @property
    def serving(self) -> tuple[Runner, ...]:
        """The runners that take something from the queue, the oldest first."""
        return tuple(
            sorted((each for each in self.runners if each.kind != RECORDING), key=lambda each: each.started_at)
        )

    @property
    def headline(self) -> Message:
        """The runner in a few words."""
        running, waiting = self.counts.get(State.RUNNING, 0), self.counts.get(State.WAITING, 0)
        if running:
            return _n("Runner: {n} running", "Runner: {n} running", running)
        if asked := self.counts.get(State.ASKED, 0):
            return _n("{n} waits for you", "{n} wait for you", asked)
        if waiting and not self.serving:
            return _n("No runner: {n} waits", "No runner: {n} wait", waiting)
        if waiting:
            return _n("Runner: {n} waiting", "Runner: {n} waiting", waiting)
        return _("Runner: idle") if self.serving else _("Nothing runs")
