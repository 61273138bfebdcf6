"""Passwords that stand in a command line or an assignment, so that they can be shown before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smartspec.value import frozen, replace

_NAME = r"[A-Za-z_]*(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)"
_VALUE = r"""("[^"]*"|'[^']*'|[^\s"'|;&<>()]+)"""
_IS_NAMED_SO = re.compile(rf"{_NAME}", re.IGNORECASE)
_OPTION = r"--(?P<name>(?:[a-z]+-)*(?:password|passwd|pass|passphrase|token|secret|api-?key))(?:=|\s+)"
_OF_MYSQL = r"\b(?:mysql|mysqldump|mysqladmin|mysqlcheck|mariadb|mariadb-dump|sshpass)\b[^|;&]*?\s-p"
_KNOWN_FORMS = (
    r"gh[pousr]_\w{16,}", r"github_pat_\w{16,}", r"glpat-[\w-]{16,}", r"sk-[\w-]{16,}", r"xox[abprs]-[\w-]{10,}",
    r"AKIA[0-9A-Z]{12,}", r"eyJ[\w-]{16,}\.[\w.-]+",
)  # fmt: skip
_PATTERNS = (
    re.compile(rf"(?<![\w$-])(?P<name>{_NAME})=(?P<value>{_VALUE})", re.IGNORECASE),
    re.compile(rf"{_OPTION}(?P<value>{_VALUE})", re.IGNORECASE),
    re.compile(rf"{_OF_MYSQL}(?P<value>{_VALUE})"),
    re.compile(r"\bcurl\b[^|;&]*?\s(?:-u|--user)\s*[\"']?[^\s:\"']+:(?P<value>[^\s\"'@]+)"),
    re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"']*:(?P<value>[^\s/@\"']+)@"),
    re.compile(r"\b(?:Bearer|Basic|Token)\s+(?P<value>[\w+/=.~-]{8,})"),
    re.compile(rf"(?P<value>\b(?:{'|'.join(_KNOWN_FORMS)}))"),
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
        if _IS_NAMED_SO.fullmatch(name) and name not in ("PWD", "OLDPWD") and not _INDIRECT.search(value):
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
