"""What templates would see if a text ran now: the values of today, and for what only a run gives those of the last."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from smartspec.commands import environment, execution_logs, secrets
from smartspec.commands.execution_plan import base_names, execution_names, local
from smartspec.domain import config, params, times
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.render import items, render, render_text
from smartspec.domain.definition.task import Task
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.carried_rows import carried_rows, row_status, stands_for_all
from smartspec.domain.engine.states import FINAL, TaskStatus
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.ids import new_id
from smartspec.domain.jsontext import Json, as_mapping
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.messages import Message, _
from smartspec.store import configs, executions, history, tasks
from smartspec.value import frozen, replace

LONGEST_STREAM = 64 * 1024  # bytes of it that templates see
_LOOKED_AT = 20  # executions, for the last that has ended
Rows = Mapping[int, Sequence[TaskExecution]]  # of one task, by item, newest last


@frozen
class PreviewNames:
    """`values` are the names; `last` is the execution that gave what only a run gives, None where there is none yet."""

    values: dict[str, object]
    last: Execution | None
    settings: tuple[config.Setting, ...]
    given: Mapping[str, Json]
    ran: frozenset[str]

    def origin(self, chain: Sequence[str | None]) -> Message:
        """Where the value of a chain of names comes from."""
        root, name = chain[0], chain[1] if len(chain) > 1 else None
        if root == "config":
            return self._of_setting(name)
        if root == "params":
            return self._of_parameter(name)
        if root == "tasks":
            ran = name in self.ran and self.last is not None
            return self._as_in_last() if ran else _("it has not run yet")
        if root in ("now", "today"):
            return _("of this moment")
        if root == "result" and self.last is not None:
            return _("of the log of {execution}", execution=f"#{self.last.number}")
        if root in ("item", "index", "outputs"):
            return self._as_in_last() if self.last is not None else _("a sample")
        if root == "execution":
            return _("as the next one will have it")
        if root in ("success", "failure", "always"):
            return _("as if all needs had completed")
        return _("of the environment") if root == "env" else _("worked out")

    def _as_in_last(self) -> Message:
        number = f"#{self.last.number}" if self.last is not None else ""
        return _("as in {execution}", execution=number)

    def _of_setting(self, name: str | None) -> Message:
        found = next((each for each in self.settings if each.key == name), None)
        words = {"saved": _("saved"), "default": _("its default"), "variable": _("from the environment")}
        if found is not None and found.value_type is config.ValueType.SECRET:
            return _("a secret, not shown")
        return words.get(found.source, _("not set")) if found is not None else _("the settings")

    def _of_parameter(self, name: str | None) -> Message:
        return self._as_in_last() if name in self.given and self.last is not None else _("its default")


def names_of(workflow: Workflow, version: Version | None, definition: Definition, task: Task | None) -> PreviewNames:
    """As a runner would have them for a task, or for what stands outside of tasks; secrets hidden.

    What cannot be worked out is not there: a template that asks for it says so.
    """
    last = _last(workflow)
    saved = {each.key: each for each in configs.of_workflow(workflow.pk)}
    found = secrets.references(workflow, config.secret_keys(definition.config))
    settings = config.effective_settings(definition.config, saved, found)
    shown = {each.key: each.value for each in settings if each.source != "missing"}
    shown |= {key: config.secret_reference("") for key in config.secret_keys(definition.config)}
    number = workflow.last_number + 1
    own = _own(workflow, version, number)
    values: dict[str, object] = {**base_names(shown, local(times.now(), None), own)}
    given = as_mapping(last.input) if last is not None else {}
    values["params"] = _params(definition, given, values)
    values["vars"] = _rendered(definition.vars, values)
    rows = _rows(definition, last)
    values["tasks"] = _views(definition, rows)
    if task is not None:
        values |= _of_task(task, rows.get(task.name, {}), values)
        values["env"] = _environment(definition, task, values)
        values |= {"success": lambda: True, "failure": lambda: False, "always": lambda: True}
    return PreviewNames(values, last, settings, given, frozenset(rows))


def _last(workflow: Workflow) -> Execution | None:
    """The newest that has ended and has rows."""
    found = history.page(ExecutionFilter(workflow=workflow.pk, status=FINAL), None, _LOOKED_AT).rows
    chosen = next((each for each in found if each.kind is Kind.WORKFLOW and each.version is not None), None)
    return executions.get(chosen.pk) if chosen is not None else None


def _own(workflow: Workflow, version: Version | None, number: int) -> dict[str, Json]:
    if version is not None:
        return execution_names(new_id(), number, 1, None, workflow, version)
    return {"id": new_id(), "number": number, "attempt": 1, "scheduled_for": None, "workflow": workflow.ref}


def _params(definition: Definition, given: Mapping[str, Json], names: Names) -> Json:
    """What was given last, and the defaults; without what does not fit any more."""
    if definition.params is None:
        return {}
    declared = as_mapping(definition.params.get("properties"))
    fitting = {key: value for key, value in given.items() if key in declared}
    for values in (fitting, {}):
        try:
            return params.complete({**definition.params, "required": []}, values, names)
        except Invalid:
            continue
    return {}


def _rendered(values: Mapping[str, Json], names: Names) -> dict[str, Json]:
    """Each that can be worked out."""
    made: dict[str, Json] = {}
    for key, value in values.items():
        try:
            made[key] = render(value, names)
        except TemplateError:
            continue
    return made


def _rows(definition: Definition, last: Execution | None) -> dict[str, dict[int, list[TaskExecution]]]:
    if last is None:
        return {}
    found = tasks.of_execution(last.pk)
    return carried_rows(definition, found, last.attempt, last.begun_from).rows


def _views(definition: Definition, rows: Mapping[str, Rows]) -> dict[str, dict[str, Json]]:
    """What templates see as tasks.NAME; of what has not run nothing but that."""
    found: dict[str, dict[str, Json]] = {}
    for name, task in definition.tasks.items():
        if name in rows:
            found[name] = _view(task, rows[name])
        elif task.members:
            inner = {each: _view(definition.tasks[each], rows[each]) for each in task.members if each in rows}
            outputs: dict[str, Json] = {each: view["outputs"] for each, view in inner.items()}
            found[name] = {"status": "completed", "outputs": outputs}
        else:
            found[name] = {"status": "pending"}
    return found


def _view(task: Task, rows: Rows) -> dict[str, Json]:
    last = [rows[index][-1] for index in sorted(rows)]
    status = row_status(task, {index: list(attempts) for index, attempts in rows.items()})[0]
    if not task.has_items or stands_for_all(last):
        only = last[0]
        outputs: Json = {} if only.output is None else only.output
        result: Json = only.result
        return {"status": status.value, "outputs": outputs, "result": result, "error": only.error,
                "exit_code": only.exit_code}  # fmt: skip
    return {
        "status": status.value, "outputs": [_item_output(row) for row in last],
        "result": [row.result for row in last], "error": None, "exit_code": [row.exit_code for row in last],
    }  # fmt: skip


def _item_output(row: TaskExecution) -> Json:
    return None if row.status is TaskStatus.SKIPPED else {} if row.output is None else row.output


def _of_task(task: Task, rows: Rows, names: Names) -> dict[str, object]:
    """What only its own templates may name: its item, and for `outputs` and `until` what its last attempt gave."""
    found: dict[str, object] = {}
    row = rows[min(rows)][-1] if rows else None
    if task.has_items:
        found["index"] = 0
        if row is not None and row.item is not None:
            found["item"] = row.item
        elif (first := _first_item(task, names)) is not None:
            found["item"] = first
    if row is not None:
        found |= {"result": row.result or _read_result(row), "outputs": {} if row.output is None else row.output}
    return found


def _read_result(row: TaskExecution) -> Json:
    """A record keeps it only where another task asks for it; the log has what it wrote, both streams together."""
    start = max(0, row.log_bytes - LONGEST_STREAM)
    text = execution_logs.read_log(row, start, LONGEST_STREAM).data.decode("utf-8", "replace")
    return {"stdout": text, "stderr": "", "exit_code": row.exit_code}


def _first_item(task: Task, names: Names) -> Json:
    try:
        return next(iter(items(task.body["with_items"], names)), None)
    except TemplateError:
        return None


def _environment(definition: Definition, task: Task, names: Names) -> dict[str, str]:
    """The variables, the outer ones first; those that cannot be worked out are not there."""
    variables = environment.for_tasks(os.environ)
    for layer in (definition.env, *task.outer_env, task.env):
        seen = {**names, "env": dict(variables)}
        for name, value in layer.items():
            try:
                variables[name] = render_text(value, seen)
            except TemplateError:
                variables.pop(name, None)
    return variables


def with_outcome(names: PreviewNames) -> PreviewNames:
    """As a handler sees them."""
    last = names.last
    more = {"status": last.status.value if last else "failed", "error": last.error if last else None}
    own = {**as_mapping(names.values["execution"]), **more}
    return replace(names, values={**names.values, "execution": own})
