"""The pings of a workflow: the address is in the keyring of the machine, or in a variable; off until it is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from smartspec.changes import Topic
from smartspec.commands import secrets, session_variables
from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import ping as rules
from smartspec.domain.event import Event, EventType, Level
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.domain.jsontext import Json, as_mapping
from smartspec.domain.ping import LastPing, Ping, PingKind, PingSource
from smartspec.errors import ExecutionNotFound, Invalid, NoKeyring, SmartSpecError
from smartspec.messages import _, sentences
from smartspec.store import database, events, executions, pings
from smartspec.store import secrets as keyring
from smartspec.value import frozen

_VARIABLE = "env:"
_SHORTEST_PATH = 8  # characters: a shorter path is found in everything


class NoAddress(Exception):
    """The address of a ping cannot be had; `reason` is a code of `domain.ping.why_not`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@frozen
class PingTarget:
    """What is to be told of: the keys, where the address is, and in whose environment that is looked up."""

    workflow: WorkflowPk
    execution: ExecutionPk | None
    reference: str
    environment: Mapping[str, str]


@command
def set_ping(ref: str, url: str | None = None, *, variable: str | None = None, workspace: str = DEFAULT) -> Ping:
    """Tell a web address from now on when an execution of a workflow begins, completes or fails.

    The address goes into the keyring; or it is in a variable of the environment of whoever starts an execution.
    Raises Invalid for what is no address, NoKeyring with the way out.
    """
    workflow = get_workflow(ref, workspace)
    if (url is None) == (variable is None):
        raise Invalid(_("Give the address of the pings, or the name of the variable that holds it."))
    reference = _keep(rules.check_url(url)) if url is not None else _VARIABLE + rules.check_variable(str(variable))
    try:
        with database.transaction():
            before = pings.reference(workflow.pk)
            pings.set_reference(workflow.pk, reference)
            events.add(EventType.PING_SET, workflow=workflow.pk, data=_source_data(reference), actor=user())
    except SmartSpecError:
        _forget(reference)
        raise
    _forget(before)
    return get_ping(workflow.id, workspace)


def _keep(url: str) -> str:
    try:
        return keyring.add(url)
    except NoKeyring as error:
        way_out = _("Name a variable that holds the address: {option}.", option="--variable NAME")
        raise NoKeyring(sentences([error.sentence, way_out])) from error


def _source_data(reference: str) -> Json:
    source, variable = _source(reference)
    return {"source": source.value, "variable": variable}


def _source(reference: str) -> tuple[PingSource, str | None]:
    if reference.startswith(_VARIABLE):
        return PingSource.VARIABLE, reference.removeprefix(_VARIABLE)
    return PingSource.KEYRING, None


@command
def remove_ping(ref: str, workspace: str = DEFAULT) -> bool:
    """Send no pings of a workflow any more, and forget the address; the answer is whether there was one."""
    workflow = get_workflow(ref, workspace)
    with database.transaction():
        before = pings.reference(workflow.pk)
        if before is None:
            return False
        pings.set_reference(workflow.pk, None)
        events.add(EventType.PING_REMOVED, workflow=workflow.pk, data=_source_data(before), actor=user())
    _forget(before)
    return True


@command
def get_ping(ref: str, workspace: str = DEFAULT) -> Ping:
    """Whether a workflow sends pings, where the address is, and what became of the last. Never the address."""
    workflow = get_workflow(ref, workspace)
    reference = pings.reference(workflow.pk)
    if reference is None:
        return Ping(workflow.ref, None)
    source, variable = _source(reference)
    last = pings.last(workflow.pk)
    return Ping(workflow.ref, source, variable, None if last is None else _last(last))


def _last(event: Event) -> LastPing:
    data, label = as_mapping(event.data), None
    if event.execution is not None:
        with suppress(ExecutionNotFound):
            label = executions.get(event.execution).label
    reason = data.get("reason")
    return LastPing(PingKind(str(data["kind"])), event.at, None if reason is None else str(reason), label)


def reference_of(workflow: WorkflowPk) -> str | None:
    """Where the address of its pings is; None where it sends none."""
    return pings.reference(workflow)


def target_of(ref: str, workspace: str = DEFAULT) -> PingTarget:
    """To try it. Raises Invalid where the workflow sends no pings."""
    workflow = get_workflow(ref, workspace)
    reference = pings.reference(workflow.pk)
    if reference is None:
        raise Invalid(_("“{name}” sends no pings; `{command}` begins.", name=workflow.name,
                        command=f"smartspec ping set {workflow.ref}"))  # fmt: skip
    return PingTarget(workflow.pk, None, reference, os.environ | session_variables.all_of())


def url_of(target: PingTarget) -> str:
    """The address. Raises NoAddress; asking the keyring takes a moment, or longer where it asks a person."""
    source, variable = _source(target.reference)
    try:
        if source is PingSource.KEYRING:
            found = keyring.get(target.reference)
            if found is None:
                raise NoAddress("lost")
            return rules.check_url(found)
        return rules.check_url(target.environment.get(str(variable)) or os.environ.get(str(variable), ""))
    except NoKeyring as error:
        raise NoAddress("keyring") from error
    except Invalid as error:
        raise NoAddress(f"variable {variable}") from error


def note_ping(target: PingTarget, kind: PingKind, reason: str | None) -> None:
    """What became of one: `reason` is a code of `domain.ping.why_not`, None where it was answered."""
    with database.transaction():
        events.add(
            EventType.PING_SENT if reason is None else EventType.PING_FAILED,
            workflow=target.workflow,
            execution=target.execution,
            level=Level.INFO if reason is None else Level.WARN,
            message=str(rules.in_text(kind, reason)),
            data={"kind": kind.value, "reason": reason},
            actor=user() if target.execution is None else None,
        )
        database.record_change(Topic.CONFIGS, target.workflow)
        if target.execution is not None:
            database.record_change(Topic.EXECUTIONS, target.execution)


def masked(workflow: WorkflowPk, environment: Mapping[str, str]) -> Iterator[str]:
    """What may not be shown of the address: the whole, and the path, which is what a service knows a check by."""
    reference = pings.reference(workflow)
    if reference is None:
        return
    with suppress(NoAddress):  # what cannot be had cannot be shown
        url = url_of(PingTarget(workflow, None, reference, environment))
        yield url.rstrip("/")
        path = urlsplit(url).path.strip("/")
        if len(path) >= _SHORTEST_PATH:
            yield path


def _forget(reference: str | None) -> None:
    if reference is not None and not reference.startswith(_VARIABLE):
        secrets.forget([reference])
