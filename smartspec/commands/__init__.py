"""The verbs: plain functions that the terminal, the runner and scripts change state through.

`call(name, payload)` reaches each of them by name, and the 18 commands of SmartSpec Pro by theirs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from smartspec.domain import times
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.text import did_you_mean
from smartspec.errors import Invalid
from smartspec.value import field_names, is_value

_LARGEST = 2**63 - 1  # SQLite's
_LISTS = (tuple, list, Sequence, Iterable, Collection)
# Module by module, the verbs that anyone may call. The runner's own (`runs`) are not among them.
VERBS: dict[str, tuple[str, ...]] = {
    "workflows": (
        "create_workflow", "get_workflow", "find_workflow_by_name", "list_workflows", "count_workflows",
        "update_workflow", "rename_workflow", "duplicate_workflow", "activate_workflow", "deactivate_workflow",
        "archive_workflow", "delete_workflow", "restore_workflow", "purge_workflow",
    ),
    "files": (
        "check_definition", "import_workflows", "export_workflow", "get_working_copy", "save_working_copy",
        "discard_working_copy", "save_version",
    ),
    "versions": (
        "list_versions", "count_versions", "get_version", "latest_version", "compare_versions", "rollback_version",
        "workflow_history",
    ),
    "configs": (
        "set_config", "get_config", "list_configs", "delete_config", "delete_all_configs", "configs_as_of",
        "config_history",
    ),
    "starting": ("start_execution",),
    "executions": (
        "get_execution", "search_executions", "list_executions", "count_executions", "recent_executions",
        "failed_executions",
        "list_task_executions", "pending_retries", "timed_out_tasks", "list_events", "child_executions",
        "note_execution", "pin_execution", "delete_execution", "restore_execution", "delete_executions",
        "restore_executions", "purge_execution", "purge_executions",
        "delete_old_executions",
    ),
    "control": (
        "cancel_execution", "give_up_execution", "pause_execution", "resume_execution", "confirm_task", "rerun_failed",
        "rerun_from",
        "run_again",
    ),
    "comparing": ("replay_execution", "replay_verdict", "compare_executions", "compare_with_last_good"),
    "importing": ("import_executions",),
    "recording": ("begin_execution", "end_execution"),
    "external_tasks": ("begin_task", "end_task"),
    "metrics": ("workflow_metrics", "task_metrics", "workspace_metrics", "rebuild_metrics", "alerts"),
    "database": (
        "database_stats", "database_version", "database_health", "check_database", "back_up_database", "list_backups",
        "verify_backup", "optimize_database",
    ),
    "settings": ("get_setting", "list_settings", "set_setting"),
    "workspaces": ("create_workspace", "get_workspace", "list_workspaces", "delete_workspace"),
}  # fmt: skip


@lru_cache
def table() -> dict[str, Callable[..., Any]]:
    """Every verb by its name."""
    return {
        name: getattr(import_module(f"smartspec.commands.{module}"), name)
        for module, names in VERBS.items()
        for name in names
    }


def call(name: str, payload: Mapping[str, Json] | None = None) -> Json:
    """Run a command by name with a JSON-like payload; the answer is JSON-like. Raises SmartSpecError.

    Where no ledger is open yet, that of the terminal is opened.
    """
    from smartspec.commands import database, tauri

    database.open_default_database()

    payload = {} if payload is None else payload
    if not isinstance(payload, dict):
        raise Invalid("The payload of a command is a JSON object.")
    dump(payload)  # half characters and NUL are refused whatever takes them
    if name in tauri.NAMES:
        return tauri.answer(name, payload)
    command = table().get(name)
    if command is None:
        raise Invalid(f"There is no command “{name}”{did_you_mean(name, [*table(), *tauri.NAMES])}")
    return to_json(command(**_arguments(command, payload)))


def _arguments(command: Callable[..., Any], payload: Mapping[str, Json]) -> dict[str, Any]:
    """A payload as the arguments of a command: objects become the values it takes."""
    signature = inspect.signature(command)
    hints = get_type_hints(command)
    variable = any(each.kind is each.VAR_KEYWORD for each in signature.parameters.values())
    known = [
        name
        for name, each in signature.parameters.items()
        if each.kind is not each.VAR_KEYWORD and get_origin(hints.get(name)) is not Callable  # for programs alone
    ]
    unknown = [] if variable else [key for key in payload if key not in known]
    missing = [
        name for name in known if signature.parameters[name].default is inspect.Parameter.empty and name not in payload
    ]
    if unknown or missing:
        what = f"does not know “{unknown[0]}”" if unknown else f"needs “{missing[0]}”"
        raise Invalid(f"{command.__name__} {what}: it takes {', '.join(known)}.")
    given = {key: value for key, value in payload.items() if value is not None or _may_be_null(hints.get(key))}
    for name in known:
        if name in payload and name not in given and signature.parameters[name].default is inspect.Parameter.empty:
            raise Invalid(f"“{name}” cannot be null.")
    return {key: _argument(value, hints.get(key), key) for key, value in given.items()}


def _may_be_null(hint: Any) -> bool:
    """Where it may not, null stands for what is left out."""
    return hint in (None, Any, type(None)) or type(None) in get_args(hint)


def _argument(value: Json, hint: Any, name: str) -> Any:
    if isinstance(value, list) and getattr(hint, "__origin__", None) is tuple:
        return tuple(_argument(each, get_args(hint)[0], name) for each in value)
    kinds = [each for each in (hint, *get_args(hint)) if isinstance(each, type)]
    if value is None:
        return None
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise Invalid(f"“{name}” is a number of more than 64 bits.")
    if name == "limit" and isinstance(value, int) and value < 1:
        raise Invalid("“limit” must be at least 1.")
    if not isinstance(value, list) and _is_list(hint):
        raise Invalid(f"“{name}” must be a list.")
    if not isinstance(value, dict) and not _is_list(hint) and any(is_value(kind) for kind in kinds):
        raise Invalid(f"“{name}” must be an object.")
    if isinstance(value, list) and (member := _member_of(hint)) is not None:
        return [_given(each, member, name) for each in value]
    for kind in kinds:
        if is_value(kind) and isinstance(value, dict):
            return _record(kind, value, name)
        if kind is Path:
            return Path(_path(value, name))
        if kind is datetime and isinstance(value, str):
            return _moment(value, name)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return _member(kind, value, name)
    plain = [kind for kind in kinds if kind in (str, int, float, bool)]
    fitting = (*plain, *((int,) if float in plain else ()))
    if plain and (not isinstance(value, fitting) or (isinstance(value, bool) and bool not in plain)):
        raise Invalid(f"“{name}” must be of the type {' or '.join(kind.__name__ for kind in plain)}.")
    return value


def _path(value: Json, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise Invalid(f"“{name}” must be the name of a file.")
    return value


def _is_list(hint: Any) -> bool:
    return _member_of(hint) is not None


def _member_of(hint: Any) -> Any:
    """What a list holds; None where it is no list that is wanted."""
    lists = (each for each in (hint, *get_args(hint)) if get_origin(each) in _LISTS)
    return next((get_args(each)[0] for each in lists), None)


def _given(value: Json, hint: Any, name: str) -> Any:
    """A member of a list. Raises Invalid for null, which is none."""
    if value is None and not _may_be_null(hint):
        raise Invalid(f"A member of “{name}” cannot be null.")
    return _argument(value, hint, name)


def _record(kind: Any, value: Mapping[str, Json], name: str) -> Any:
    hints = get_type_hints(kind)
    unknown = [key for key in value if key not in hints]
    if unknown:
        raise Invalid(f"“{name}” does not know “{unknown[0]}”: it takes {', '.join(hints)}.")
    values = {}
    for key, each in value.items():
        hint = hints[key]
        member = next((a for a in get_args(hint) if isinstance(a, type)), str)
        is_set = getattr(hint, "__origin__", None) is frozenset
        one = each if isinstance(each, list) else [each]
        values[key] = frozenset(_argument(item, member, key) for item in one) if is_set else _argument(each, hint, key)
    try:
        return kind(**values)
    except TypeError as error:
        raise Invalid(f"“{name}” is not complete: {error}.") from error


def _moment(value: str, name: str) -> datetime:
    try:
        return times.parse_moment(value, times.now())
    except Invalid as error:
        raise Invalid(f"“{name}”: {error}") from error


def _member(kind: type[Enum], value: Json, name: str) -> Enum:
    try:
        return kind(value)
    except ValueError:
        words = ", ".join(str(each.value) for each in kind)
        raise Invalid(f"“{name}” cannot be “{value}”: it is one of {words}.") from None


def to_json(value: Any) -> Json:
    """Any answer of a command as JSON: records by field, times as ISO text in UTC; row keys stay inside."""
    if is_value(type(value)):
        return {name: to_json(getattr(value, name)) for name in field_names(value) if name != "pk"}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [to_json(each) for each in value]
    return value
