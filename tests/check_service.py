"""A service of the tests that pings are sent to: an HTTP server which notes what it is asked, and answers as told."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any


class CheckService:
    """`asked` has method, path and headers of each request; `answers` writes the answer: see the functions below."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.answers: Callable[[BaseHTTPRequestHandler], None] = status(200)
        self.is_closed = threading.Event()
        outer = self

        class _Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(
                    (self.command, self.path, {key.lower(): value for key, value in self.headers.items()})
                )
                outer.answers(self)

            do_POST = do_HEAD = do_PUT = do_GET

            def log_message(self, *_: object) -> None:
                """Nothing on standard error."""

        class _Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def finish_request(self, request: Any, client_address: Any) -> None:
                with tls.wrap_socket(request, server_side=True) if tls is not None else request as through:
                    super().finish_request(through, client_address)

            def handle_error(self, *_: object) -> None:
                """Of clients that do not trust it, or go away."""

        self._server = _Server(("127.0.0.1", 0), _Handler)
        self.port: int = self._server.server_address[1]
        self._scheme = "http" if tls is None else "https"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def url(self, path: str = "/a-secret-of-mine", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for _method, path, _headers in self.asked]

    def hang(self, _request: BaseHTTPRequestHandler) -> None:
        """Take the request, and say nothing until it is closed."""
        self.is_closed.wait(30)

    def close(self) -> None:
        self.is_closed.set()
        self._server.shutdown()
        self._server.server_close()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code, "a reason with /a-secret-of-mine in it")
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()

    return answer


def raw(data: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(data)

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    """An answer whose body has no end."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 65_536)
