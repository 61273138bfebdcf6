"""What a user can do with the settings of a workflow."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from smartspec.commands import secrets, session_variables
from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import config
from smartspec.domain.config import Config, ConfigChange, Setting, ValueType
from smartspec.domain.definition import model
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.jsontext import Json, JsonObject, as_mapping
from smartspec.domain.text import check_display_text
from smartspec.domain.workflow import Workflow
from smartspec.errors import ConfigNotFound, Invalid, Problem, SmartSpecError
from smartspec.messages import _, sentences
from smartspec.store import configs, database, versions
from smartspec.value import frozen, replace


@command
def set_config(
    ref: str,
    key: str,
    value: Json,
    *,
    value_type: str | None = None,
    description: str | None = None,
    workspace: str = DEFAULT,
) -> Config:
    """Save a value. Its type is the declared one; of an undeclared key the one given, else the value's own.

    A text given for another type is read as that type. A secret goes into the keyring of the machine, and what is
    saved is its reference. Raises Invalid naming field, value and rule; NoKeyring.
    """
    workflow = get_workflow(ref, workspace)
    if description is not None:
        check_display_text(description, _("A description"), 10_000)
    checked = _check(workflow, key, value, value_type)
    return _save(workflow, [checked], description)[0]


@command
def set_configs(
    ref: str, values: Mapping[str, Json], *, value_types: Mapping[str, str] | None = None, workspace: str = DEFAULT
) -> tuple[Config, ...]:
    """Save several values by their keys, all or none, each as `set_config` does.

    Raises Invalid with the problems of all of them, each with its key as path; NoKeyring.
    """
    workflow = get_workflow(ref, workspace)
    checked, problems = list[_Checked](), list[Problem]()
    for key, value in values.items():
        try:
            checked.append(_check(workflow, key, value, (value_types or {}).get(key)))
        except Invalid as error:
            problems.append(Problem(key, error.sentence))
    if problems:
        raise Invalid(sentences(each.sentence for each in problems), problems)
    return _save(workflow, checked)


@frozen
class _Checked:
    """A value that may be saved; of a secret not its reference but itself."""

    key: str
    value: Json
    kind: ValueType


def _check(workflow: Workflow, key: str, value: Json, value_type: str | None) -> _Checked:
    config.check_key(key)
    kind = _kind_of(workflow, key, value, value_type)
    if kind is ValueType.SECRET:
        if not isinstance(value, str):
            raise Invalid(_("The secret “{key}” must be a text.", key=key))
        return _Checked(key, secrets.check(value, key), kind)
    if isinstance(value, str) and kind is not ValueType.STRING:
        value = config.read_value(value, kind, key)
    return _Checked(key, config.check_value(value, kind, key), kind)


def _save(workflow: Workflow, checked: Sequence[_Checked], description: str | None = None) -> tuple[Config, ...]:
    """Secrets into the keyring first; the old ones leave it last, when nothing refers to them any more."""
    kept = dict[str, str]()
    try:
        for each in checked:
            if each.kind is ValueType.SECRET:
                kept[each.key] = secrets.keep(workflow, each.key, str(each.value))
        with database.transaction():
            old = [configs.get(workflow.pk, key) for key in kept]
            saved = tuple(
                configs.set_(workflow.pk, each.key, kept.get(each.key, each.value), each.kind, description, user())
                for each in checked
            )
    except SmartSpecError:
        secrets.forget(kept.values())
        raise
    secrets.forget(_references(filter(None, old)))
    return saved


def _references(settings: Iterable[Config]) -> list[str]:
    return [str(each.value) for each in settings if each.value_type is ValueType.SECRET]


def kind_of_setting(ref: str, key: str, value_type: str | None = None, workspace: str = DEFAULT) -> ValueType:
    """The type that a value of this key would be saved as."""
    return _kind_of(get_workflow(ref, workspace), key, None, value_type)


def _kind_of(workflow: Workflow, key: str, value: Json, given: str | None) -> ValueType:
    declared = declarations(workflow).get(key)
    if declared is not None:
        kind = ValueType(str(declared["type"]))
        if given is not None and config.value_type(given) is not kind:
            raise Invalid(
                _(
                    "“{key}” is declared as a {kind} in the workflow file; it cannot be saved as a {given}.",
                    key=key,
                    kind=kind,
                    given=given,
                )
            )
        return kind
    if given is not None:
        return config.value_type(given)
    saved = configs.get(workflow.pk, key)
    if saved is not None:
        return saved.value_type
    own = {bool: ValueType.BOOLEAN, int: ValueType.NUMBER, float: ValueType.NUMBER, str: ValueType.STRING}
    return own.get(type(value), ValueType.JSON)


def declarations(workflow: Workflow) -> dict[str, JsonObject]:
    """What the current version declares."""
    version = versions.current(workflow.pk)
    declared = as_mapping(version.definition.get("config")) if version else {}
    return {key: each for key, each in declared.items() if isinstance(each, dict)}


@command
def get_config(ref: str, key: str, workspace: str = DEFAULT) -> Setting:
    """The value that holds, and where it comes from. Raises ConfigNotFound."""
    for setting in list_configs(ref, workspace):
        if setting.key == key:
            return setting
    raise ConfigNotFound(
        _("“{ref}” has no setting “{key}”; `smartspec config list {ref}` shows what there is.", ref=ref, key=key)
    )


@command
def list_configs(ref: str, workspace: str = DEFAULT) -> tuple[Setting, ...]:
    """Declared ones in the order of the file, then those saved without being declared."""
    workflow = get_workflow(ref, workspace)
    saved = {each.key: each for each in configs.of_workflow(workflow.pk)}
    declared = declarations(workflow)
    keys = {
        *config.secret_keys(declared),
        *(each.key for each in saved.values() if each.value_type is ValueType.SECRET),
    }
    settings = config.effective_settings(declared, saved, secrets.references(workflow, keys))
    of_session = {f"env:{name}" for name in session_variables.all_of()}
    return tuple(replace(each, source="session") if _reference(each) in of_session else each for each in settings)


def _reference(setting: Setting) -> Json:
    """Of a secret that is somewhere."""
    return as_mapping(setting.value).get("$secret") if setting.value_type is ValueType.SECRET else None


def reveal_secret(ref: str, key: str, workspace: str = DEFAULT) -> str:
    """The value of a secret that is set, to show it to a person. Raises Invalid for one that is missing, NoKeyring."""
    workflow = get_workflow(ref, workspace)
    return secrets.values(workflow, [key], os.environ | session_variables.all_of())[key]


@frozen
class MissingSecret:
    """A secret that a start would miss; `variable` is that of the environment which may hold it."""

    ref: str
    key: str
    description: str | None
    variable: str


def missing_secrets(ref: str, workspace: str = DEFAULT) -> tuple[MissingSecret, ...]:
    """Of a workflow and those that it can reach, as far as they are there."""
    found: dict[tuple[str, str], MissingSecret] = {}
    waiting, seen = [ref], set[WorkflowPk]()
    while waiting:
        with suppress(SmartSpecError):  # of what is not there nothing is missing
            workflow = get_workflow(waiting.pop(), workspace)
            version = versions.current(workflow.pk)
            if workflow.pk not in seen and version is not None:
                seen.add(workflow.pk)
                waiting += model.read_stored(version.definition).children()
                for each in list_configs(workflow.id, workspace):
                    if each.value_type is ValueType.SECRET and each.source == "missing":
                        variable = config.secret_variables(workflow.ref, each.key)[0]
                        found[workflow.ref, each.key] = MissingSecret(
                            workflow.ref, each.key, each.description, variable
                        )
    return tuple(found.values())


@command
def delete_config(ref: str, key: str, workspace: str = DEFAULT) -> bool:
    """Forget a saved value, so that the default holds again; False where none was saved."""
    workflow = get_workflow(ref, workspace)
    old = configs.get(workflow.pk, key)
    gone = configs.unset(workflow.pk, key, user())
    secrets.forget(_references([old] if old else []))
    return gone


@command
def delete_all_configs(ref: str, workspace: str = DEFAULT) -> int:
    """Forget every saved value; the answer is how many."""
    workflow = get_workflow(ref, workspace)
    with database.transaction():
        saved = configs.of_workflow(workflow.pk)
        for each in saved:
            configs.unset(workflow.pk, each.key, user())
    secrets.forget(_references(saved))
    return len(saved)


@command
def configs_as_of(ref: str, moment: datetime, workspace: str = DEFAULT) -> dict[str, Json]:
    """The saved values as they were at a moment."""
    return configs.as_of(get_workflow(ref, workspace).pk, moment)


@command
def config_history(ref: str, key: str | None = None, workspace: str = DEFAULT) -> tuple[ConfigChange, ...]:
    """What was set and unset, newest first."""
    return configs.history(get_workflow(ref, workspace).pk, key)
