"""Mail over TLS, to servers that are as they should be, and to those that are not: each has its sentence."""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smartspec.commands import notifications
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.runner.delivery import mail
from smartspec.runner.delivery.message import NotDelivered, OutgoingMessage
from tests.certificates import Authority
from tests.conftest import Ran
from tests.mail_server import MailServer

MESSAGE = OutgoingMessage("nightly failed", "sync: no route", "execution-1", "first\nerror: no route")
PASSWORD = "a password of mine"
Serve = Callable[..., MailServer]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """It is trusted."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[MailServer] = []

    def start(*options: Any, **more: Any) -> MailServer:
        servers.append(MailServer("ann", PASSWORD, *options, **more))
        return servers[-1]

    yield start
    for each in servers:
        each.close()


def channel(server: MailServer, security: str, host: str = "127.0.0.1") -> Channel:
    return Channel("post", ChannelKind.MAIL, to="ann@example.org", sender="me@example.org",
                   server=f"{host}:{server.port}", security=security, user="ann")  # fmt: skip


def refusal(where: Channel, password: str = PASSWORD) -> str:
    with pytest.raises(NotDelivered) as refused:
        mail.send(where, MESSAGE, password)
    assert PASSWORD not in str(refused.value) and str(refused.value).endswith(".")
    return str(refused.value)


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
def test_user_password_and_mail_go_encrypted_alone(
    authority: Authority, serve: Serve, security: str, implicit: bool
) -> None:
    server = serve(authority.serving(), implicit=implicit)
    mail.send(channel(server, security), MESSAGE, PASSWORD)
    (sent,) = map(email.message_from_string, server.mails)
    assert (sent["Subject"], sent["From"], sent["To"]) == ("nightly failed", "me@example.org", "ann@example.org")
    assert sent.get_payload() == "sync: no route\n\nfirst\nerror: no route\n\nsmartspec execution execution-1\n".rstrip(
        "\n"
    )
    assert server.said[-5:] == ["🔒AUTH", "🔒MAIL", "🔒RCPT", "🔒DATA", "🔒QUIT"]
    if security == "starttls":
        assert server.said[:2] == ["EHLO", "STARTTLS"]


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
def test_whom_nobody_trusts_is_given_neither_password_nor_mail(
    authority: Authority, serve: Serve, security: str, implicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(authority.serving(), implicit=implicit)
    said = refusal(channel(server, security, "localhost"))
    assert said.startswith("The certificate of the mail server is not trusted: Hostname mismatch")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refusal(channel(server, security)) == (
        "The certificate of the mail server is not trusted: unable to get local issuer certificate."
    )
    assert server.mails == [] and not any("AUTH" in each for each in server.said)


def test_a_wrong_password_is_told_by_what_the_server_says(authority: Authority, serve: Serve) -> None:
    server = serve(authority.serving())
    assert refusal(channel(server, "starttls"), "another one") == (
        "The mail server refused the user or the password: 535 wrong name or password."
    )
    assert server.mails == []
    assert "letters that are not ASCII" in refusal(channel(server, "starttls"), "pässword")


def test_a_server_that_cannot_encrypt_is_given_no_password(authority: Authority, serve: Serve) -> None:
    plain = serve()
    assert refusal(channel(plain, "starttls")) == (
        "The mail server offers no STARTTLS here: nothing was sent, the password neither."
    )
    assert refusal(channel(plain, "tls")) == (
        "No encrypted connection came about; --security starttls may be what this port speaks."
    )
    assert not any("AUTH" in each for each in plain.said)
    assert "auth extension not supported" in refusal(channel(serve(authority.serving()), "none"))


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_server_that_says_nothing_is_given_up(
    authority: Authority, serve: Serve, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_SECONDS", 0.1)
    assert refusal(channel(serve(hangs=True), security)) == "The mail server did not answer in time."


def test_one_that_only_speaks_tls_is_given_up_when_it_is_spoken_to_plainly(
    authority: Authority, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_SECONDS", 0.3)
    server = serve(authority.serving(), implicit=True)
    assert refusal(channel(server, "starttls")) == "The mail server did not answer in time."
    server.close()
    assert refusal(channel(server, "tls")) == "The mail server cannot be spoken to: connection refused."


def test_the_last_lines_of_a_failure_are_told_masked_and_of_nothing_else(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", "very-secret-word")
    lines = (
        "for n in $(seq 20); do echo line $n; done; echo \"token $T\"; echo 'error: \033[31mno route\033[0m'; exit 3"
    )
    definition = {
        "config": {"token": {"type": "secret"}},
        "tasks": {"a": {"run": lines, "env": {"T": "{{ config.token }}"}}},
    }
    failed = run(definition)
    assert notifications.last_lines(failed.execution.pk).split("\n") == [
        *(f"line {n}" for n in range(13, 21)), "token ******", "error: no route",
    ]  # fmt: skip
    assert notifications.last_lines(None) == ""
    assert notifications.last_lines(run({"name": "good", "tasks": {"a": {"run": "echo x"}}}).execution.pk) == ""
