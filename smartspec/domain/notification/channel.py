"""A way by which a person is told, with a name: the desktop, a command, a web address, mail."""

from __future__ import annotations

import shlex
from enum import StrEnum
from urllib.parse import urlsplit

from smartspec.domain.invisible import check_one_line
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.value import frozen

_LONGEST_NAME, _LONGEST_TEXT = 60, 4_000
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class ChannelKind(StrEnum):
    DESKTOP = "desktop"
    COMMAND = "command"
    WEBHOOK = "webhook"
    MAIL = "mail"


@frozen
class Channel:
    """`command` is as it is typed; `to` and `sender` are addresses, `server` a host with its port, `security` is
    starttls, tls or none. `secret` is the reference of what the keyring has: the address of a webhook, the password.
    """

    name: str
    kind: ChannelKind
    command: str = ""
    to: str = ""
    sender: str = ""
    server: str = ""
    security: str = "starttls"
    user: str = ""
    secret: str = ""

    @property
    def argv(self) -> tuple[str, ...]:
        return tuple(shlex.split(self.command))

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the server."""
        found = urlsplit(f"//{self.server}")
        return found.hostname or "", found.port or _PORTS[self.security]


def check(channel: Channel) -> Channel:
    """Raises Invalid for what could never be sent."""
    check_one_line(channel.name, _("The name of a channel"), _LONGEST_NAME)
    if not channel.name.strip():
        raise Invalid(_("A channel needs a name."))
    if channel.kind is ChannelKind.COMMAND:
        _check_command(channel)
    if channel.kind is ChannelKind.MAIL:
        _check_mail(channel)
    return channel


def _check_command(channel: Channel) -> None:
    check_one_line(channel.command, _("The command"), _LONGEST_TEXT)
    try:
        argv = channel.argv
    except ValueError as error:
        raise Invalid(
            _("“{command}” is no command: {why}.", command=channel.command, why=str(error).lower())
        ) from error
    if not argv:
        raise Invalid(_("The command of a channel cannot be empty."))


def _check_mail(channel: Channel) -> None:
    for what, text in ((_("The recipient"), channel.to), (_("The sender"), channel.sender)):
        check_one_line(text, what, _LONGEST_TEXT)
        if not text.strip():
            raise Invalid(_("{what} needs a mail address.", what=what))
        if not _is_mail_address(text):
            raise Invalid(_("“{text}” is no mail address.", text=text))
    check_one_line(channel.server, _("The server"), _LONGEST_TEXT)
    try:
        host, _port = channel.address
        host.encode("idna")  # as it is looked up
    except ValueError:
        host = ""
    if not channel.server.strip():
        raise Invalid(_("Mail needs the name of a mail server: {example}.", example="mail.example.org:587"))
    if not host:
        raise Invalid(_("“{text}” names no mail server; write a host, or a host and its port: {example}.",
                        text=channel.server, example="mail.example.org:587"))  # fmt: skip


def _is_mail_address(text: str) -> bool:
    from email.policy import default

    try:
        (found,) = default.header_factory("to", text).addresses
    except (AttributeError, IndexError, ValueError):  # some that are none are none to its parser, too
        return False
    return bool(found.username and found.domain) and text.count("@") == 1


def check_url(url: str) -> str:
    """Raises Invalid for what is no address of the web."""
    try:
        found = urlsplit(url)
        is_web = found.scheme in ("http", "https") and bool(found.hostname) and found.port != 0
    except ValueError:
        is_web = False
    if not is_web or not url.isprintable() or " " in url:
        raise Invalid(_("That is no address of the web; it begins with {example}.", example="https://"))
    return url
