"""How far an execution is: what every task came to, and what is to be decided next. Pure; the runner acts on it."""

from __future__ import annotations

from collections.abc import Callable

from smartspec.domain.definition import graph
from smartspec.domain.definition.expressions import parse_condition
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import Task, TaskKind
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.states import ExecutionStatus, TaskStatus, counter_name
from smartspec.domain.engine.trigger_rule import (
    BranchState,
    Decision,
    NeedCounts,
    NeedState,
    decide,
    need_state,
)
from smartspec.domain.jsontext import Json, as_mapping, texts
from smartspec.value import mutable


@mutable
class TaskEnd:
    """What a task came to. `reason` is a status reason: a code, then a colon and details."""

    status: TaskStatus
    reason: str | None = None
    outputs: Json = None
    result: Json = None
    error: str | None = None
    exit_code: Json = None


class ExecutionProgress:
    """The state of every task of one execution."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.ended: dict[str, TaskEnd] = {}
        self.started: set[str] = set()
        self.views: dict[str, dict[str, Json]] = {  # what templates see as tasks.NAME
            name: {"status": "pending", "outputs": {}, "result": None, "error": None, "exit_code": None}
            for name in definition.tasks
        }
        self.tripped = False  # a top-level task is ✗
        self.counts = dict.fromkeys(("completed", "failed", "tolerated", "skipped", "cancelled"), 0)
        self._open_members = {name: len(task.members) for name, task in definition.tasks.items() if task.kind.is_group}
        self._waits: dict[str, list[str]] = {name: [] for name in definition.tasks}
        self._need_counts: dict[str, NeedCounts] = {}
        for name, task in definition.tasks.items():
            needs = [*task.needs, *graph.earlier_steps(definition, task)]
            self._need_counts[name] = NeedCounts(len(needs))
            for need in needs:
                self._waits[need].append(name)

    def is_open(self, name: str) -> bool:
        """Neither started nor ended."""
        return name not in self.ended and name not in self.started

    def start(self, name: str) -> list[str]:
        """Note that a task runs; the answer is what may be decided now."""
        self.started.add(name)
        self.views[name]["status"] = "running"
        return list(self.definition.tasks[name].members)

    def end(self, name: str, ended: TaskEnd) -> list[str]:
        """Note what a task came to; the answer is what may be decided now (a group that is complete included)."""
        task = self.definition.tasks[name]
        self.started.discard(name)
        self.ended[name] = ended
        outputs = {} if ended.outputs is None else ended.outputs
        self.views[name].update(
            status=ended.status.value,
            outputs=outputs,
            result=ended.result,
            error=ended.error,
            exit_code=ended.exit_code,
        )
        what = self.need_state(name)
        self.counts["tolerated" if what is NeedState.TOLERATED else counter_name(ended.status)] += 1
        for waiting in self._waits[name]:
            self._need_counts[waiting].count(what)
        affected = [waiting for waiting in self._waits[name] if self.is_open(waiting)]
        if task.kind is TaskKind.CONDITION:
            affected += [each for side in ("then", "else") for each in texts(task.body.get(side)) if self.is_open(each)]
        if task.group is None:
            self.tripped = self.tripped or what is NeedState.BROKEN
        else:
            self._open_members[task.group] -= 1
            affected.append(task.group)
        return affected

    def need_state(self, name: str) -> NeedState:
        """What a task that has ended counts as."""
        ended = self.ended[name]
        return need_state(ended.status, ended.reason, self.definition.tasks[name].tolerant)

    def decide(self, name: str, ask: Callable[[Task, bool, bool], bool]) -> Decision | None:
        """What becomes of an open task.

        `ask` evaluates its `if`, given what success() and failure() say, and may raise TemplateError.
        """
        task = self.definition.tasks[name]
        if task.group is not None and task.group not in self.started:
            return None
        instead = _asks_of_failures(task)
        answer = decide(
            self._need_counts[name],
            task.join,
            self._branch_state(task),
            inside_group=task.group is not None,
            instead_of_join=instead,
            ask=lambda success, failure: task.condition_to_run is None or ask(task, success, failure),
        )
        if answer == "run" and self.stopped_by_failure(task):
            return "fail_fast"
        return answer

    def stopped_by_failure(self, task: Task) -> bool:
        """Whether the workflow's fail_fast keeps a task that has not started from starting."""
        return self.definition.fail_fast and self.tripped and not _asks_of_failures(task)

    def _branch_state(self, task: Task) -> BranchState:
        if task.branch is None:
            return BranchState.NONE
        condition = self.ended.get(task.branch.condition)
        if condition is None:
            return BranchState.OPEN
        if condition.status is TaskStatus.COMPLETED:
            return (
                BranchState.TAKEN
                if as_mapping(condition.outputs)["taken"] == task.branch.side
                else BranchState.NOT_TAKEN
            )
        return BranchState.BROKEN if self.need_state(task.branch.condition) is NeedState.BROKEN else BranchState.PASSED

    def group_result(self, name: str) -> TaskEnd | None:
        """What a started group came to, once its last member has ended."""
        if self._open_members[name] or name not in self.started:
            return None
        members = self.definition.tasks[name].members
        outputs = {member: self.views[member]["outputs"] for member in members}
        if any(self.need_state(member) is NeedState.BROKEN for member in members):
            return TaskEnd(TaskStatus.FAILED, "members", outputs)
        return TaskEnd(TaskStatus.COMPLETED, None, outputs)

    def result(self) -> tuple[ExecutionStatus, str | None]:
        """What all the tasks together make of the execution, and the reason."""
        name = self.first_broken()
        return (ExecutionStatus.COMPLETED, None) if name is None else (ExecutionStatus.FAILED, f"task: {name}")

    def first_broken(self) -> str | None:
        """The task that an execution fails for, None where it does not: the first in the file that failed itself.

        Members count through their group. Where only a skip is ✗ (of what needs a member of a tolerated group), it is
        that member.
        """
        broken = [name for name in self.definition.tasks if self.need_state(name) is NeedState.BROKEN]
        top = [name for name in broken if self.definition.tasks[name].group is None]
        if not top:
            return None
        ran = [name for name in (*top, *broken) if self.ended[name].status is not TaskStatus.SKIPPED]
        return (ran or top)[0]

    def error_of(self, name: str) -> tuple[str, str] | None:
        """Who says what of it: the task itself, or the first ✗ in a group that says something."""
        for each in graph.with_members(self.definition, name):
            error = self.ended[each].error
            if error and self.need_state(each) is NeedState.BROKEN:
                return each, error
        return None


def _asks_of_failures(task: Task) -> bool:
    condition = task.condition_to_run
    try:
        return isinstance(condition, str) and parse_condition(condition).asks_of_failures
    except TemplateError:
        return False
