"""Secrets that are kept in the memory of this process only, and given to what it starts."""

from __future__ import annotations

from smartspec.commands import secrets, session_variables
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain.config import secret_variables
from smartspec.store import volatile_files


def set_session_secret(ref: str, key: str, value: str, workspace: str = DEFAULT) -> None:
    """Keep a secret until this process ends; it holds before the keyring and the environment.

    What is started from here gets it, and keeps it until it has ended. Raises Invalid for what could not be masked.
    """
    workflow = get_workflow(ref, workspace)
    session_variables.keep(secret_variables(workflow.ref, key)[0], secrets.check(value, key))


def forget_session_secret(ref: str, key: str, workspace: str = DEFAULT) -> bool:
    """Whether there was one."""
    return session_variables.forget(secret_variables(get_workflow(ref, workspace).ref, key)[0])


def stays_in_memory() -> bool:
    """Whether what is started keeps it in memory too; else in a file of this user, until it has ended."""
    return volatile_files.place() is not None
