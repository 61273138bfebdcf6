"""A ping: a request to a web address that a person gave, so that a service elsewhere notices what does not run.

As healthchecks.io has them: the address is asked for when an execution completes, with /start behind its path when one
begins and /fail when one fails (https://healthchecks.io/docs/http_api/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.jsontext import Json
from smartspec.errors import Invalid
from smartspec.messages import N_, Message, _
from smartspec.value import frozen

SECONDS = 5  # for one ping in all: the name, the connection, the redirects, the answer
MOST_REDIRECTS = 3
LONGEST_URL = 2_000
LONGEST_WAIT_SECONDS = 2 * SECONDS  # for a start that hangs still, and the end behind it
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


class PingKind(StrEnum):
    """What is told of an execution."""

    START = "start"
    SUCCESS = "success"
    FAILURE = "failure"


class PingSource(StrEnum):
    """Where the address of a workflow's pings is."""

    KEYRING = "keyring"
    VARIABLE = "variable"


@frozen
class LastPing:
    """`reason` is a code of `why_not`, None where it was answered; `execution` is its label, None for a test."""

    kind: PingKind
    at: datetime
    reason: str | None
    execution: str | None


@frozen
class Ping:
    """Of the workflow `ref`: no source where it sends none. Never the address itself."""

    ref: str
    source: PingSource | None
    variable: str | None = None
    last: LastPing | None = None


_ENDS = {
    ExecutionStatus.COMPLETED: PingKind.SUCCESS,
    ExecutionStatus.FAILED: PingKind.FAILURE,
    ExecutionStatus.TIMEOUT: PingKind.FAILURE,
}
_SUFFIXES = {PingKind.START: "/start", PingKind.SUCCESS: "", PingKind.FAILURE: "/fail"}


def kind_of_end(status: ExecutionStatus | None) -> PingKind | None:
    """None where nothing is told: it was cancelled, or has not ended."""
    return None if status is None else _ENDS.get(status)


def check_url(url: str) -> str:
    """Raises Invalid for what is no address of the web; no sentence has a part of it: it is a secret."""
    if len(url) > LONGEST_URL:
        raise Invalid(_("The address of a ping is longer than {n} characters.", n=f"{LONGEST_URL:,}"))
    if url != url.strip() or not url.isprintable() or any(letter.isspace() for letter in url):
        raise Invalid(_("The address of a ping cannot have blanks or line breaks."))
    try:
        found = urlsplit(url)
        is_web = found.scheme.lower() in ("http", "https") and bool(found.hostname) and found.port != 0
    except ValueError:
        is_web = False
    if not is_web:
        raise Invalid(_("That is no address of the web; it begins with {one} or {other}, and names a host.",
                        one="https://…", other="http://…"))  # fmt: skip
    return url


def check_variable(name: str) -> str:
    """Raises Invalid for what is no name of a variable of the environment."""
    if _VARIABLE.fullmatch(name) is None:
        raise Invalid(_("“{name}” is no name of a variable: letters, digits and _, no digit first.", name=name))
    return name


def address(url: str, kind: PingKind) -> str:
    """What is asked for: its path ends as the kind says, what stands behind the path stays."""
    found = urlsplit(url)
    path = found.path.rstrip("/") + _SUFFIXES[kind] if _SUFFIXES[kind] else found.path
    return found._replace(path=path, fragment="").geturl()


_WHY = {
    "timeout": N_("there was no answer within {detail} s"),
    "status": N_("the answer was HTTP {detail}"),
    "other_host": N_("the answer leads to another host, which is not followed"),
    "unencrypted": N_("the answer leads from https to http, which is not followed"),
    "redirects": N_("the answer leads on and on; {detail} were followed"),
    "name": N_("the name of the host is not known"),
    "refused": N_("the connection was refused"),
    "unreachable": N_("the host cannot be reached"),
    "certificate": N_("the certificate of the host is not trusted: {detail}"),
    "tls": N_("no encrypted connection came about"),
    "protocol": N_("the answer was not HTTP"),
    "closed": N_("the connection was closed without an answer"),
    "proxy": N_("the proxy, or the certificates, that the environment names cannot be used"),
    "lost": N_("the keyring does not have the address any more"),
    "keyring": N_("the keyring cannot be asked"),
    "variable": N_("the variable {detail} does not hold an address"),
    "ended": N_("the process ended before there was an answer"),
    "other": N_("it could not be sent: {detail}"),
}
_WORDS = {
    PingKind.START: N_("start"),
    PingKind.SUCCESS: N_("success"),
    PingKind.FAILURE: N_("failure"),
}


def kind_in_text(kind: PingKind) -> Message:
    return _(_WORDS[kind])


def why_not(reason: str) -> Message:
    """A reason within a sentence: a code, and its detail behind a blank."""
    code, __, detail = reason.partition(" ")
    if code == "status" and detail.isdigit():
        detail = _with_phrase(int(detail))
    return _(_WHY[code], detail=detail) if code in _WHY else _(_WHY["other"], detail=reason)


def _with_phrase(status: int) -> str:
    """In the words of the standard: those of the answer are whatever a server wants."""
    from http import HTTPStatus  # 2 ms, which every recorded command would wait for

    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def in_text(kind: PingKind, reason: str | None) -> Message:
    """What became of a ping, as an event says it."""
    if reason is None:
        return kind_in_text(kind)
    return _("{kind}: {why}", kind=kind_in_text(kind), why=why_not(reason))


def outcome_in_text(data: Mapping[str, Json]) -> Message:
    """The same, of the data of an event."""
    reason = data.get("reason")
    return in_text(PingKind(str(data["kind"])), None if reason is None else str(reason))


def source_in_text(data: Mapping[str, Json]) -> Message:
    """Where the address is that an event is about, never the address."""
    if data.get("source") == PingSource.VARIABLE:
        return _("in the variable {name}", name=data.get("variable"))
    return _("in the keyring")
