"""What a schedule keeps of the environment that it was made in, so that what it starts finds its programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from smartspec.domain.config import SECRET_PREFIX
from smartspec.domain.jsontext import JsonObject, as_mapping
from smartspec.errors import Invalid
from smartspec.messages import _

_ALWAYS = re.compile(r"PATH|LANG|LANGUAGE|LC_[A-Z]+")
_SECRET_NAME = re.compile(
    r"PASS(WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|CREDENTIALS?|AUTH|API_?KEY|(PRIVATE|ACCESS|ENCRYPTION|SIGNING)_?KEY|KEY"
)
_SECRET_VALUE = re.compile(
    r"://[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(ghp_|gho_|github_pat_|glpat-|sk-|xox[abp]-|AKIA|eyJ[\w-]{8})"
)
_NOT_SECRET = frozenset({"PWD", "OLDPWD", "SSH_AUTH_SOCK"})


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable is likely to hold what nobody should read in a database."""
    if name.startswith(SECRET_PREFIX):
        return True
    words = name.upper().split("_")
    ends = {"_".join(words[at:]) for at in range(len(words))} | set(words)
    is_named_so = name.upper() not in _NOT_SECRET and any(map(_SECRET_NAME.fullmatch, ends))
    return is_named_so or bool(_SECRET_VALUE.search(value))


def save(environment: Mapping[str, str], ticked: Iterable[str], folder: str | None) -> JsonObject:
    """PATH and the locale, the variables that were ticked, and the folder, where one was named.

    Raises Invalid for a variable that is not there, or looks like a secret.
    """
    variables = {
        name: value for name, value in environment.items() if _ALWAYS.fullmatch(name) and not looks_secret(name, value)
    }
    for name in ticked:
        variables[name] = _checked(environment, name)
    return {"variables": variables, **({"folder": folder} if folder else {})}


def _checked(environment: Mapping[str, str], name: str) -> str:
    if name not in environment:
        raise Invalid(_("There is no variable “{name}” here that could be kept.", name=name))
    value = environment[name]
    if looks_secret(name, value):
        raise Invalid(
            _(
                "“{name}” looks like a secret, and the ledger keeps none; declare it in the workflow's `config` as a"
                " secret, and set it with `smartspec config set`.",
                name=name,
            )
        )
    return value


def variables_of(saved: JsonObject | None) -> dict[str, str]:
    found = as_mapping((saved or {}).get("variables"))
    return {name: value for name, value in found.items() if isinstance(value, str)}


def folder_of(saved: JsonObject | None) -> str | None:
    found = (saved or {}).get("folder")
    return found if isinstance(found, str) else None
