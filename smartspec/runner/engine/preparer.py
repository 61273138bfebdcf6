"""From a task and its templates to what an attempt does, all of it rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from smartspec.commands import runs
from smartspec.commands.environment import for_tasks
from smartspec.commands.runs import LogWriter, Run
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.json_values import to_text
from smartspec.domain.definition.names import streams_wanted
from smartspec.domain.definition.render import render, render_text
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.engine.transitions import Outcome
from smartspec.domain.jsontext import Json, JsonObject, as_list, as_mapping
from smartspec.domain.log_excerpt import error_line
from smartspec.domain.masking import Mask
from smartspec.runner.engine.attempt import Attempt, AttemptSpec
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.engine.process_attempt import ProcessAttempt
from smartspec.runner.engine.task_environment import TemplateFailure, environment
from smartspec.runner.process.tokens import TOKEN
from smartspec.value import frozen


@frozen
class Prepared:
    """An attempt, and what its row keeps of what templates made for it."""

    attempt: Attempt
    given: dict[str, Json]


class Preparer:
    """Renders the item runs of one execution."""

    def __init__(
        self,
        run: Run,
        names: Names,
        scratch: Path,
        database: Path,
        python: str,
        new_log: Callable[[int], LogWriter],
        mask: Mask,
    ) -> None:
        self._run = run
        self._names = names
        self._scratch = scratch
        self._database = database
        self._python = python
        self._new_log = new_log
        self._apart = streams_wanted(run.definition)
        self._machine = for_tasks(run.environment)
        self.mask = mask
        self.outcome: Outcome | None = None  # once decided, for the handlers

    def names_of(self, item_run: ItemRun) -> dict[str, object]:
        """What the templates of an item run may name."""
        names = dict(self._names)
        if item_run.task.has_items:
            names |= {"item": item_run.item, "index": item_run.index}
        if self.outcome is not None:
            more = {"status": self.outcome.status.value, "error": self.outcome.error}
            names["execution"] = {**as_mapping(self._names["execution"]), **more}
        return names

    def rendered(self, item_run: ItemRun, key: str, names: Names | None = None) -> Any:
        """One key of an item run's task. Raises TemplateFailure."""
        try:
            return render(item_run.task.body.get(key), self.names_of(item_run) if names is None else names)
        except TemplateError as error:
            raise self._failure(key, error) from error

    def _error(self, outcome: Outcome) -> str:
        """How it ended, and what the failed task itself said of it where that is not told yet."""
        said = runs.excerpt_of_failure(self._run.execution.pk) if outcome.error else None
        line = error_line(said) if said else None
        is_told = line is not None and line in (outcome.error or "")
        return " ".join(part for part in (outcome.error, None if is_told else line) if part).replace("\0", "")

    def _failure(self, key: str, error: TemplateError) -> TemplateFailure:
        return TemplateFailure(key, TemplateError(self.mask.text(str(error))))

    def attempt(self, item_run: ItemRun, timeout_ms: int | None) -> Prepared:
        """The next attempt of an executor. Raises TemplateFailure."""
        names = self.names_of(item_run)
        revealed = {**names, "config": {**as_mapping(names["config"]), **self._run.secrets}}
        try:
            variables, own = environment(self._run, item_run, revealed, self._machine, self._scratch, self._database)
        except TemplateFailure as error:
            raise TemplateFailure(error.key, TemplateError(self.mask.text(str(error)))) from error
        if self.outcome is not None:
            variables["SMARTSPEC_STATUS"] = self.outcome.status.value
            variables["SMARTSPEC_ERROR"] = self._error(self.outcome)
        names["env"], revealed["env"] = self._in_sight(item_run, names, variables), variables
        body = self._body(item_run, names, revealed)
        spec = AttemptSpec(
            kind=item_run.task.kind,
            body=body,
            env=variables,
            cwd=self._folder(item_run, names),
            scratch=self._scratch,
            name=item_run.name,
            token=variables[TOKEN],
            timeout_ms=timeout_ms,
            mask=self.mask,
            python=self._python or self._python_of(variables),
            apart=self._apart is None or item_run.task.name in self._apart,
        )
        kind = _request_attempt() if item_run.task.kind is TaskKind.HTTP else ProcessAttempt
        attempt = kind(spec, lambda: self._new_log(_key(item_run)))
        return Prepared(attempt, self.mask.json(_given(item_run, body, own)))

    def _in_sight(self, item_run: ItemRun, names: Names, variables: Mapping[str, str]) -> Mapping[str, Json]:
        """The variables as templates see them that may see no secret: those made without one stay as they are."""
        if not self._run.secrets:
            return variables
        try:
            return environment(self._run, item_run, names, self._machine, self._scratch, self._database)[0]
        except TemplateFailure:
            return as_mapping(self.mask.json(variables))

    def _python_of(self, variables: Mapping[str, str]) -> str:
        """That of the execution, where the task has no PATH of its own."""
        return self._run.python if variables.get("PATH") == self._machine.get("PATH") else ""

    def _body(self, item_run: ItemRun, names: Names, revealed: Names) -> dict[str, Json]:
        """Secrets are seen only by what keeps them out of sight: requests, and the input of `python`."""
        body = dict(item_run.task.body)
        if "run" in body:
            body["run"] = to_text(self.rendered(item_run, "run", names))
        for key in ("http", "input"):
            if key in body:
                sees_secrets = key == "http" or item_run.task.kind is TaskKind.PYTHON
                body[key] = self.rendered(item_run, key, revealed if sees_secrets else names)
        if item_run.task.kind is TaskKind.COMMAND:
            try:
                body["command"] = [render_text(word, names) for word in as_list(body["command"])]
            except TemplateError as error:
                raise self._failure("command", error) from error
        return body

    def _folder(self, item_run: ItemRun, names: Names) -> Path:
        if "cwd" not in item_run.task.body:
            return self._run.folder
        wanted = Path(to_text(self.rendered(item_run, "cwd", names)))
        try:
            return self._run.folder / wanted.expanduser()
        except RuntimeError as error:
            raise TemplateFailure("cwd", TemplateError(f"{wanted.parts[0]} is nobody whose home is known.")) from error


def _key(item_run: ItemRun) -> int:
    """Of the row of an attempt that begins: it is durable by then."""
    assert item_run.pk is not None
    return item_run.pk


def _given(item_run: ItemRun, body: JsonObject, own_env: Mapping[str, str]) -> dict[str, Json]:
    """What templates made, and the task's own variables; what stands in the definition is not said twice."""
    given: dict[str, Json] = {}
    for key in ("run", "command", "http", "input"):
        if key in body and body[key] != item_run.task.body.get(key):
            given[key] = body[key]
    if own_env:
        given["env"] = dict(own_env)
    return given


def _request_attempt() -> type[Attempt]:
    """Imported for the first request: with Python's HTTP client it takes 15 ms of a runner's start."""
    from smartspec.runner.engine.request_attempt import RequestAttempt

    return RequestAttempt
