"""Requests: what goes wrong is told, and what is written for one host stays with it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from smartspec.runner.kinds import client, http
from smartspec.runner.kinds.redirects import Origin, RedirectRefused, SentRequest, follow
from tests.conftest import Ran

Run = Callable[..., Ran]


class Server:
    """Answers on 127.0.0.1 and, by another name, as another host; keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, dict[str, str], str]] = []
        self.answers: dict[str, tuple[int, str]] = {}  # path: status and where it redirects to
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                host = headers["host"].partition(":")[0]
                outer.seen.append((host, self.command, self.path, headers, body))
                status, where = outer.answers.get(self.path, (200, ""))
                self.send_response(status)
                if where:
                    self.send_header("Location", where)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            do_GET = do_POST = do_PUT = do_any

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = Server()
    yield server
    server.close()


SECRET = "t0p-s3cret-token"


def asking(server: Server, path: str, **more: object) -> dict[str, object]:
    return {
        "config": {"token": {"type": "secret"}},
        "tasks": {
            "a": {
                "http": {
                    "url": server.url(path),
                    "headers": {"X-Token": "{{ config.token }}", "X-Plain": "p", "Accept": "text/x"},
                    **more,
                }
            }
        },
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_headers_stay_with_the_host_they_were_written_for(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", SECRET)
    server.answers["/a"] = (status, server.url("/b", "localhost"))
    done = run(asking(server, "/a"))
    assert done.status == "completed"
    (first, _, _, sent, _), (second, method, path, got, _) = server.seen
    assert (first, sent["x-token"], sent["x-plain"]) == ("127.0.0.1", SECRET, "p")
    assert (second, method, path, got.get("accept")) == ("localhost", "GET", "/b", "text/x")
    assert "x-token" not in got and "x-plain" not in got and SECRET not in json.dumps(got)
    log = done.log("a").decode()
    assert "X-Token, X-Plain stayed with http://127.0.0.1" in log
    assert log.count("GET http://") == 2 and f"{status} " in log  # each hop


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_on_the_same_host_everything_goes_along(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", SECRET)
    server.answers["/a"] = (status, "/b?x=1")
    done = run(asking(server, "/a", json={"k": "v"}))
    assert done.status == "completed"
    _, method, path, got, body = server.seen[1]
    assert (path, got["x-token"]) == ("/b?x=1", SECRET)
    kept = status in (307, 308)
    assert (method, body) == (("POST", '{"k":"v"}') if kept else ("GET", ""))
    assert ("content-type" in got) is kept


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_does_not_go_to_another_host(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", SECRET)
    server.answers["/a"] = (status, server.url("/b", "localhost"))
    done = run(asking(server, "/a", body="{{ config.token }}"))
    assert done.words() == {"a": "failed http"}
    assert "stays with the place it was written for" in (done.row("a").error or "")
    assert [host for host, *_ in server.seen] == ["127.0.0.1"]


def test_a_post_that_is_sent_elsewhere_by_302_goes_without_its_body(run: Run, server: Server) -> None:
    server.answers["/a"] = (302, server.url("/b", "localhost"))
    assert run({"tasks": {"a": {"http": {"url": server.url("/a"), "json": [1]}}}}).status == "completed"
    _, method, _, got, body = server.seen[1]
    assert (method, body, "content-type" in got) == ("GET", "", False)


def test_another_port_is_another_place_and_coming_back_brings_nothing_back(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTSPEC_SECRET_TOKEN", SECRET)
    other = Server()
    try:
        server.answers["/a"] = (302, other.url("/b"))
        other.answers["/b"] = (302, server.url("/c"))
        assert run(asking(server, "/a")).status == "completed"
        assert "x-token" not in other.seen[0][3] and "x-token" not in server.seen[1][3]
    finally:
        other.close()


def test_an_endless_redirect_ends_with_a_sentence(run: Run, server: Server) -> None:
    server.answers["/a"] = (302, "/a")
    done = run({"tasks": {"a": {"http": {"url": server.url("/a")}}}})
    assert done.words() == {"a": "failed http"}
    assert "more than 20 times" in (done.row("a").error or "") and len(server.seen) == 21


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://[", "gopher://x/"])
def test_a_redirect_to_nowhere_is_told(run: Run, server: Server, where: str) -> None:
    server.answers["/a"] = (302, where)
    done = run({"tasks": {"a": {"http": {"url": server.url("/a")}}}})
    assert done.words() == {"a": "failed http"} and (done.row("a").error or "").startswith("The request failed: ")


def secret_free(_: str) -> bool:
    return False


def sent(url: str, body: bytes | None = None) -> SentRequest:
    scheme, host = url.split("://")
    return SentRequest("GET", url, Origin.of(scheme, host, None), {"Authorization": "x", "User-Agent": "me"}, body)


def test_from_tls_to_plain_text_is_another_place_and_the_way_up_is_not() -> None:
    down = follow(sent("https://a"), 302, "http://a", Origin.of("http", "a", None), secret_free)
    assert dict(down.headers) == {"User-Agent": "me"}
    up = follow(sent("http://a"), 302, "https://a", Origin.of("https", "A", 443), secret_free)
    assert "Authorization" in up.headers
    with pytest.raises(RedirectRefused):
        follow(sent("https://a", body=b"x"), 307, "http://a", Origin.of("http", "a", None), secret_free)


def test_a_secret_in_a_harmless_header_stays_too() -> None:
    away = follow(sent("https://a"), 302, "https://b", Origin.of("https", "b", None), lambda text: text == "me")
    assert dict(away.headers) == {}


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ALL_PROXY": "socks5://127.0.0.1:1"}, "ALL_PROXY names a SOCKS proxy"),
        ({"all_proxy": "socks4://127.0.0.1:1"}, "all_proxy names a SOCKS proxy"),
        ({"http_proxy": "nonsense://127.0.0.1:1"}, "A proxy cannot be used (http_proxy)"),
        ({"HTTP_PROXY": "http://[::1"}, "A proxy cannot be used (HTTP_PROXY)"),
        ({"HTTP_PROXY": "http://127.0.0.1:1"}, "The request failed: "),
        ({"SSL_CERT_FILE": "/nonexistent"}, "SSL_CERT_FILE names, /nonexistent, cannot be read"),
        ({"SSL_CERT_FILE": "/etc/passwd"}, "SSL_CERT_FILE names, /etc/passwd, cannot be read"),
    ],
)
def test_what_the_environment_asks_for_and_cannot_be_had_fails_the_request(
    run: Run, server: Server, variables: dict[str, str], sentence: str
) -> None:
    done = run(
        {"tasks": {"a": {"env": variables, "http": {"url": server.url("/")}}, "b": {"needs": ["a"], "run": "true"}}}
    )
    assert done.status == "failed" and done.row("b").status_reason == "needs_failed"
    assert done.row("a").status_reason == "http" and sentence in (done.row("a").error or "")
    assert (done.row("a").error or "").encode() in done.log("a")
    assert server.seen == []


def test_a_proxy_of_the_environment_is_asked(run: Run, server: Server) -> None:
    done = run({"tasks": {"a": {"env": {"HTTP_PROXY": server.url("")}, "http": {"url": "http://somewhere.invalid/x"}}}})
    assert done.status == "completed" and server.seen[0][2] == "http://somewhere.invalid/x"


def test_a_task_can_do_without_the_proxy_of_its_environment(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    done = run({"tasks": {"a": {"env": {"ALL_PROXY": ""}, "http": {"url": server.url("/")}}}})
    assert done.status == "completed"


def test_no_proxy_and_the_order_of_the_variables() -> None:
    assert client.proxies({"HTTP_PROXY": "a:1", "http_proxy": "b:2"}) == {"http://": "http://b:2"}
    assert client.proxies({"ALL_PROXY": "http://a", "NO_PROXY": "*"}) == {}
    routes = client.proxies({"all_proxy": "http://a", "no_proxy": "x.org, 10.0.0.1,::1,localhost,http://y"})
    assert routes == {
        "all://": "http://a", "all://*x.org": None, "all://10.0.0.1": None, "all://[::1]": None, "all://localhost": None,
        "http://y": None,
    }  # fmt: skip


def test_what_nobody_thought_of_in_a_request_is_a_failure(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> bytes:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(http, "_body", breaks)
    done = run({"tasks": {"a": {"http": {"url": server.url("/")}}}})
    assert done.words() == {"a": "failed http"} and "ZeroDivisionError" in (done.row("a").error or "")
    assert "deep inside" in caplog.text
    caplog.clear()
