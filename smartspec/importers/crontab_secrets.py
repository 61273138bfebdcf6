"""Passwords that stand in a command line or an assignment, so that they can be shown before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smartspec.domain.secret_looks import PASSWORD_IN_ADDRESS, SECRET_ENDING, WHOLE_TOKEN, ends_secret
from smartspec.value import frozen, replace

_NAME = rf"[A-Za-z_]*{SECRET_ENDING}"
_VALUE = r"""("[^"]*"|'[^']*'|[^\s"'|;&<>()]+)"""
_OPTION = r"--(?P<name>(?:[a-z]+-)*(?:password|passwd|pass|passphrase|token|secret|api-?key))(?:=|\s+)"
_OF_MYSQL = r"\b(?:mysql|mysqldump|mysqladmin|mysqlcheck|mariadb|mariadb-dump|sshpass)\b[^|;&]*?\s-p"
_PATTERNS = (
    re.compile(rf"(?<![\w$-])(?P<name>{_NAME})=(?P<value>{_VALUE})", re.IGNORECASE),
    re.compile(rf"{_OPTION}(?P<value>{_VALUE})", re.IGNORECASE),
    re.compile(rf"{_OF_MYSQL}(?P<value>{_VALUE})"),
    re.compile(r"\bcurl\b[^|;&]*?\s(?:-u|--user)\s*[\"']?[^\s:\"']+:(?P<value>[^\s\"'@]+)"),
    re.compile(PASSWORD_IN_ADDRESS),
    re.compile(r"\b(?:Bearer|Basic|Token)\s+(?P<value>[\w+/=.~-]{8,})"),
    re.compile(WHOLE_TOKEN),
)
_INDIRECT = re.compile(r"^[\"']?(?:\$|`)|^/|^~|^$")


@frozen
class Secret:
    """`name` is what it may be called, `value` what is to be kept out. `variable`: it is of an assignment above."""

    name: str
    value: str
    variable: bool = False


def secrets_in(command: str, variables: Mapping[str, str]) -> tuple[Secret, ...]:
    """Each value once. What only says where a password is (a variable, a file, a command) is none."""
    found: dict[str, Secret] = {}
    for secret in (*_of_variables(variables), *_of_command(command)):
        if secret.value not in found:
            alike = sum(each.name.rstrip("_0123456789") == secret.name for each in found.values())
            found[secret.value] = replace(secret, name=f"{secret.name}_{alike + 1}") if alike else secret
    return tuple(found.values())


def _of_variables(variables: Mapping[str, str]) -> Iterator[Secret]:
    for name, value in variables.items():
        if ends_secret(name) and not _INDIRECT.search(value):
            yield Secret(name.lower(), value, variable=True)
        else:
            yield from (Secret(each.name, each.value, variable=True) for each in _of_command(value))


def _of_command(command: str) -> Iterator[Secret]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(command):
            value = match["value"]
            if not _INDIRECT.search(value) and len(bare := value.strip("\"'")) > 1:
                name = match.groupdict().get("name") or "password"
                yield Secret(re.sub(r"\W+", "_", name).strip("_").lower(), bare)
