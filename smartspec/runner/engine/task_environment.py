"""The environment of a task's process, and the names that its templates see."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from smartspec.commands.runs import Run
from smartspec.domain.definition.evaluation import Names
from smartspec.domain.definition.json_values import to_text
from smartspec.domain.definition.render import render_text
from smartspec.domain.definition.template_error import TemplateError
from smartspec.domain.execution import file_stem
from smartspec.domain.jsontext import Json
from smartspec.runner.engine.item_run import ItemRun
from smartspec.runner.process.tokens import TOKEN, token_of


class TemplateFailure(Exception):
    """A template of a task failed; `key` is where it stands in the task."""

    def __init__(self, key: str, error: TemplateError) -> None:
        super().__init__(str(error))
        self.key = key


def environment(
    run: Run, item_run: ItemRun, names: Names, machine: Mapping[str, str], scratch: Path, database: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """All variables of a task's process, and those of them that are its own. Raises TemplateFailure.

    The execution's, then the workflow's, then those of the groups around it, then the task's: the inner wins, and
    each sees the outer ones as `env`.
    """
    variables = dict(machine)
    own: dict[str, str] = {}
    for layer in (run.definition.env, *item_run.task.outer_env, item_run.task.env):
        rendered = _layer(layer, {**names, "env": variables})
        variables |= rendered
        own = rendered
    variables |= _given(run, item_run, scratch, database)
    return variables, own


def _layer(layer: Mapping[str, Json], names: Names) -> dict[str, str]:
    rendered = {}
    for name, value in layer.items():
        try:
            rendered[name] = render_text(value, names)
        except TemplateError as error:
            raise TemplateFailure(f"env.{name}", error) from error
    return rendered


def _given(run: Run, item_run: ItemRun, scratch: Path, database: Path) -> dict[str, str]:
    given = {
        "SMARTSPEC_EXECUTION_ID": run.execution.id,
        "SMARTSPEC_EXECUTION_NUMBER": str(run.execution.number),
        "SMARTSPEC_NUMBER": str(run.execution.number),
        "SMARTSPEC_TASK": item_run.task.name,
        "SMARTSPEC_ATTEMPT": str(item_run.attempt),
        "SMARTSPEC_OUTPUT": os.path.join(scratch, ".outputs", file_stem(item_run.name)),  # noqa: PTH118 - a hot path
        "SMARTSPEC_SCRATCH": str(scratch),
        "SMARTSPEC_DB": str(database),
        TOKEN: token_of(run.execution.id, item_run.name),
    }
    if item_run.task.has_items:
        given["SMARTSPEC_ITEM"] = to_text(item_run.item).replace("\0", "")
    return given
