"""The values of secrets: from the environment, else from the keyring of the machine; never from the database."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from smartspec.commands import session_variables
from smartspec.domain.config import SECRET_PREFIX, Config, ValueType, secret_keys, secret_variables
from smartspec.domain.definition import model
from smartspec.domain.execution import Execution, Resolved
from smartspec.domain.ids import VersionPk
from smartspec.domain.jsontext import Json
from smartspec.domain.masking import SHORTEST_SECRET
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid, KeyringLocked, NoKeyring, VersionNotFound, WorkflowNotFound
from smartspec.messages import _, sentences
from smartspec.store import configs, executions, secrets, versions, workflows


def references(workflow: Workflow, keys: Iterable[str], environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Where each secret comes from today: `env:NAME` or `keyring:…`; those that are nowhere are left out.

    `environment` is whose variables hold, by default this process's, with those of this session.
    """
    environment = os.environ | session_variables.all_of() if environment is None else environment
    saved = {each.key: each for each in configs.of_workflow(workflow.pk) if each.value_type is ValueType.SECRET}
    found = {key: _reference(workflow, key, saved.get(key), environment) for key in keys}
    return {key: reference for key, reference in found.items() if reference is not None}


def _reference(workflow: Workflow, key: str, saved: Config | None, environment: Mapping[str, str]) -> str | None:
    for name in secret_variables(workflow.ref, key):
        if environment.get(name):
            return f"env:{name}"
    return str(saved.value) if saved else None


def values(workflow: Workflow, keys: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Today's values, in the environment of an execution.

    Raises Invalid with the way out for one that is missing or too short, NoKeyring.
    """
    keys = [*keys]
    found = references(workflow, keys, environment)
    return {key: _value(workflow, key, found.get(key), environment) for key in keys}


def _value(workflow: Workflow, key: str, reference: str | None, environment: Mapping[str, str]) -> str:
    value = _looked_up(workflow, key, reference, environment) if reference else None
    if value is None:
        raise Invalid(missing(workflow, key))
    return check(value, key)


def _looked_up(workflow: Workflow, key: str, reference: str, environment: Mapping[str, str]) -> str | None:
    if reference.startswith("env:"):
        return environment.get(reference.removeprefix("env:"))
    try:
        return secrets.get(reference)
    except KeyringLocked:
        raise
    except NoKeyring as error:
        raise NoKeyring(sentences([error.sentence, way_out(workflow.ref, key)])) from error


def unlock(workflow: Workflow, keys: Iterable[str]) -> None:
    """Let a keyring that is locked ask whoever is here now: the runner that will want its secrets asks nobody."""
    with suppress(NoKeyring):  # said where it is run
        for reference in references(workflow, keys).values():
            if not reference.startswith("env:"):
                secrets.get(reference)
                return


def check(value: str, key: str) -> str:
    """Raises Invalid for what could not be masked."""
    if len(value) < SHORTEST_SECRET:
        raise Invalid(
            _(
                "The secret “{key}” is shorter than {least} characters; it could not be masked in logs.",
                key=key,
                least=SHORTEST_SECRET,
            )
        )
    if "\0" in value:
        raise Invalid(_("The secret “{key}” holds a NUL character.", key=key))
    return value


def unusable(workflow: Workflow, key: str, reference: str | None) -> str:
    """Why it cannot be used, in a sentence, as far as that is known without the keyring; "" for one that can."""
    if reference is None:
        return missing(workflow, key)
    if reference.startswith("env:"):
        try:
            check((os.environ | session_variables.all_of())[reference.removeprefix("env:")], key)
        except Invalid as error:
            return error.sentence
    return ""


def missing(workflow: Workflow, key: str) -> str:
    """What to do about a secret that is nowhere, in a sentence."""
    variable = secret_variables(workflow.ref, key)[0]
    return _(
        "The secret “{key}” is not set; set it with `smartspec config set {ref} {key}`, or give it in the "
        "variable {variable}.",
        key=key, ref=workflow.ref, variable=variable,
    )  # fmt: skip


def way_out(ref: str, key: str) -> str:
    """What to do on a machine without a keyring."""
    special, general = secret_variables(ref, key)
    return _(
        "Give “{key}” in the variable {special} or {general}, or install a keyring (GNOME Keyring, KWallet).",
        key=key, special=special, general=general,
    )  # fmt: skip


def keep(workflow: Workflow, key: str, value: str) -> str:
    """Put a value into the keyring; the answer is its reference. Raises Invalid, NoKeyring."""
    check(value, key)
    try:
        return secrets.add(value)
    except NoKeyring as error:
        raise NoKeyring(sentences([error.sentence, way_out(workflow.ref, key)])) from error


def never_prompt() -> None:
    """From now on a locked keyring is a refusal in this process: nobody is there to unlock it."""
    secrets.never_prompt()


def has_keyring() -> bool:
    """Whether this machine keeps secrets; asking takes a moment."""
    return secrets.is_there()


def forget(references: Iterable[Json]) -> None:
    """Take values out of the keyring that nothing refers to any more."""
    for reference in references:
        secrets.remove(str(reference))


def known(workflow: Workflow | None) -> Iterator[str]:
    """Every secret that can be known without asking for it: those in the environment, those of a workflow."""
    yield from (
        value
        for name, value in (os.environ | session_variables.all_of()).items()
        if name.startswith(SECRET_PREFIX) and len(value) >= SHORTEST_SECRET
    )
    if workflow is None:
        return
    for each in configs.of_workflow(workflow.pk):
        if each.value_type is ValueType.SECRET:
            with suppress(NoKeyring):  # what nobody can be given here, nobody can show
                yield secrets.get(str(each.value)) or ""


def of_family(execution: Execution, environment: Mapping[str, str]) -> Iterator[str]:
    """The secrets of the workflows above an execution, and of all that it can reach: values go up and down."""
    family: dict[VersionPk, None] = {}
    above = execution
    while above.parent is not None:
        above = executions.get(above.parent)
        family |= dict.fromkeys([above.version] if above.version is not None else [])
    for fixed in (execution.resolved or Resolved()).get("workflows", {}).values():
        family[fixed["version"]] = None
    for pk in family:
        with suppress(VersionNotFound, WorkflowNotFound):
            version = versions.get(pk)
            workflow = workflows.get(version.workflow)
            for key in secret_keys(model.read(version.definition).config):
                with suppress(Invalid, NoKeyring):  # what cannot be had cannot be shown
                    yield values(workflow, [key], environment)[key]
