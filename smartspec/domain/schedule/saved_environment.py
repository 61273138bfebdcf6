"""What a schedule keeps of the environment that it was made in, so that what it starts finds its programs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from smartspec.domain.config import SECRET_PREFIX
from smartspec.domain.jsontext import JsonObject, as_mapping
from smartspec.domain.secret_looks import looks_secret
from smartspec.errors import Invalid
from smartspec.messages import _

_ALWAYS = re.compile(r"PATH|LANG|LANGUAGE|LC_[A-Z]+")


def save(
    environment: Mapping[str, str], ticked: Collection[str], folder: str | None, before: Mapping[str, str] | None = None
) -> JsonObject:
    """PATH and the locale, the variables that were ticked, and the folder, where one was named. What is not in the
    environment, and was saved `before`, keeps its value.

    Raises Invalid for a variable that is in neither, or looks like a secret.
    """
    environment = {**{name: value for name, value in (before or {}).items() if name in ticked}, **environment}
    variables = {
        name: value for name, value in environment.items() if is_kept_anyway(name) and not _is_secret(name, value)
    }
    for name in ticked:
        variables[name] = _checked(environment, name)
    return {"variables": variables, **({"folder": folder} if folder else {})}


def with_folder(saved: JsonObject | None, folder: str | None) -> JsonObject:
    """The same variables, and this folder."""
    return {"variables": (saved or {}).get("variables") or {}, **({"folder": folder} if folder else {})}


def names_to_keep(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that could be ticked: not those that are kept anyway, and none that looks like a secret."""
    return tuple(
        sorted(name for name, value in environment.items() if not is_kept_anyway(name) and not _is_secret(name, value))
    )


def is_kept_anyway(name: str) -> bool:
    """PATH and the locale."""
    return bool(_ALWAYS.fullmatch(name))


def _checked(environment: Mapping[str, str], name: str) -> str:
    if name not in environment:
        raise Invalid(_("There is no variable “{name}” here that could be kept.", name=name))
    value = environment[name]
    if _is_secret(name, value):
        raise Invalid(
            _(
                "“{name}” looks like a secret, and the ledger keeps none; declare it in the workflow's `config` as a"
                " secret, and set it with `smartspec config set`.",
                name=name,
            )
        )
    return value


def _is_secret(name: str, value: str) -> bool:
    return name.startswith(SECRET_PREFIX) or looks_secret(name, value)


def variables_of(saved: JsonObject | None) -> dict[str, str]:
    found = as_mapping((saved or {}).get("variables"))
    return {name: value for name, value in found.items() if isinstance(value, str)}


def folder_of(saved: JsonObject | None) -> str | None:
    found = (saved or {}).get("folder")
    return found if isinstance(found, str) else None
