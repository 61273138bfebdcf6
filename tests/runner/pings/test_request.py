"""One ping over HTTP, against real servers that behave badly."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from smartspec.domain.ping import PingKind
from smartspec.runner.pings import request
from tests.certificates import Authority
from tests.check_service import CheckService, endless, raw, status

SUCCESS, START = PingKind.SUCCESS, PingKind.START


@pytest.fixture
def service() -> Iterator[CheckService]:
    made = CheckService()
    yield made
    made.close()


def test_it_is_a_get_without_a_body_that_names_nothing(service: CheckService) -> None:
    assert request.send(service.url(), START, {}) is None
    ((method, path, headers),) = service.asked
    assert (method, path) == ("GET", "/a-secret-of-mine/start")
    assert headers == {
        "host": f"127.0.0.1:{service.port}", "accept": "*/*", "accept-encoding": "identity",
        "connection": "keep-alive", "user-agent": "SmartSpec",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (status(204), None),
        (status(200), None),
        (endless, None),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\nx"), None),
        (status(304), "status 304"),
        (status(404), "status 404"),
        (status(500), "status 500"),
        (status(302), "status 302"),
        (raw(b""), "closed"),
        (raw(b"220 mail.example.org ESMTP\r\n\r\n"), "protocol"),
    ],
)
def test_what_the_answer_is(
    service: CheckService, answers: Callable[[BaseHTTPRequestHandler], None], reason: str | None
) -> None:
    service.answers = answers
    assert request.send(service.url(), SUCCESS, {}) == reason


def test_a_redirect_is_followed_on_the_same_host_and_to_no_other(service: CheckService) -> None:
    other = CheckService()

    def moved(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(asked: BaseHTTPRequestHandler) -> None:
            status(200)(asked) if asked.path == "/new" else status(307, location=to)(asked)

        return answer

    service.answers = moved("/new")
    assert request.send(service.url(), SUCCESS, {}) is None and service.paths == ["/a-secret-of-mine", "/new"]
    service.answers = moved(other.url("/new", host="localhost"))
    assert request.send(service.url(), SUCCESS, {}) == "other_host"
    service.answers = moved("//localhost.:1/new")
    assert request.send(service.url(), SUCCESS, {}) == "other_host"
    service.answers = moved("http://[broken")
    assert request.send(service.url(), SUCCESS, {}) == "other_host"
    assert other.asked == [], "nobody else was asked anything"
    service.answers = status(302, location="/on")
    assert request.send(service.url(), SUCCESS, {}) == "redirects 3" and service.paths[-4:].count("/on") == 3
    other.close()


def test_nobody_there_and_no_such_name_are_told_apart(service: CheckService) -> None:
    service.close()
    assert request.send(service.url(), SUCCESS, {}) == "refused"
    assert request.send("http://no-such-host.invalid/x", SUCCESS, {}) == "name"


def test_a_server_that_says_nothing_is_given_up(service: CheckService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "SECONDS", 0.2)
    service.answers = service.hang
    assert request.send(service.url(), SUCCESS, {}) == "timeout 0.2"


def test_a_certificate_is_checked_and_the_environment_says_whom_to_trust(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    service = CheckService(authority.serving())
    trusting = {"SSL_CERT_FILE": str(authority.file)}
    assert request.send(service.url(), SUCCESS, {}) == "certificate unable to get local issuer certificate"
    assert request.send(service.url(host="localhost"), SUCCESS, trusting) == "certificate hostname mismatch"
    assert service.asked == [], "no address was given to whom nobody trusts"
    assert request.send(service.url(), SUCCESS, trusting) is None
    assert request.send(service.url(), SUCCESS, {"SSL_CERT_FILE": "/nonexistent"}) == "proxy"
    service.answers = status(302, location=f"http://127.0.0.1:{service.port}/x")
    assert request.send(service.url(), SUCCESS, trusting) == "unencrypted"
    plain = CheckService()
    assert request.send(plain.url().replace("http:", "https:"), SUCCESS, trusting) == "tls"
    service.close()
    plain.close()


def test_a_proxy_of_the_environment_is_asked_and_one_that_is_exempt_is_not(service: CheckService) -> None:
    environment = {"http_proxy": service.url("")}
    assert request.send("http://hc.example.org/abc", SUCCESS, environment) is None
    assert service.paths == ["http://hc.example.org/abc"]
    environment["no_proxy"] = "127.0.0.1"
    assert request.send(service.url("/direct"), SUCCESS, environment) is None and service.paths[-1] == "/direct"
    assert request.send("http://x/", SUCCESS, {"http_proxy": "socks5://127.0.0.1:1"}) == "proxy"


def test_what_could_be_asked_for_elsewhere_is_not(monkeypatch: pytest.MonkeyPatch, service: CheckService) -> None:
    """No file of the home is read for a name and a password (.netrc), and no variable of this process."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", os.devnull)
    assert request.send(service.url(), SUCCESS, {}) is None


def test_an_address_of_another_family_is_asked_too() -> None:
    with socket.socket(socket.AF_INET6) as free:
        try:
            free.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        port = free.getsockname()[1]
    assert request.send(f"http://[::1]:{port}/", SUCCESS, {}) == "refused"
