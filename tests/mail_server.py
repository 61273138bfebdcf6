"""A mail server of the tests (RFC 5321), which keeps what it is given and lets only one user in."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from typing import Any


class MailServer:
    """`mails` are whole, with their headers; `refuses` makes it answer that there is no such recipient; `said` are the
    verbs it was given, with a lock before those that came encrypted. With `tls` it offers STARTTLS (RFC 3207), or
    speaks TLS from the first byte (RFC 8314) where that is `implicit`; it lets in who comes encrypted alone.
    """

    def __init__(
        self,
        user: str,
        password: str,
        tls: ssl.SSLContext | None = None,
        *,
        implicit: bool = False,
        hangs: bool = False,
    ) -> None:
        self.mails: list[str] = []
        self.said: list[str] = []
        self.refuses = False
        self._is_closed = threading.Event()
        self._known = f"\0{user}\0{password}"
        outer = self

        class _Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.is_encrypted = implicit
                if hangs:
                    outer._is_closed.wait(30)
                    return
                self._say("220 here")
                while line := self.rfile.readline().decode().strip():
                    if not self._answer(line):
                        return

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

            def _answer(self, line: str) -> bool:
                verb = line.split(" ")[0].split(":")[0].upper()
                outer.said.append(f"🔒{verb}" if self.is_encrypted else verb)
                if verb == "EHLO":
                    may_enter = tls is None or self.is_encrypted
                    self._say("250-here")
                    self._say("250 AUTH PLAIN" if may_enter else "250 STARTTLS")
                elif verb == "STARTTLS" and tls is not None:
                    self._say("220 go on")
                    self._encrypt(tls)
                elif verb == "AUTH":
                    given = base64.b64decode(line.split()[-1]).decode()
                    self._say("235 in" if given == outer._known else "535 wrong name or password")
                elif verb == "RCPT" and outer.refuses:
                    self._say("550 no such person here")
                elif verb == "DATA":
                    self._say("354 go on")
                    lines = []
                    while (each := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                        lines.append(each)
                    outer.mails.append("\n".join(lines))
                    self._say("250 kept")
                else:
                    self._say("221 bye" if verb == "QUIT" else "250 fine")
                return verb != "QUIT"

            def _encrypt(self, context: ssl.SSLContext) -> None:
                """From here on; what the session reads and writes is another pair of files then."""
                through = context.wrap_socket(self.connection, server_side=True)
                outer._encrypted.append(through)
                self.connection, self.is_encrypted = through, True
                self.rfile, self.wfile = through.makefile("rb"), through.makefile("wb", 0)  # type: ignore[assignment]

        class _Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def finish_request(self, request: Any, client_address: Any) -> None:
                with tls.wrap_socket(request, server_side=True) if tls is not None and implicit else request as through:
                    super().finish_request(through, client_address)

            def handle_error(self, *_: object) -> None:
                """Of clients that do not trust it, or go away."""

        self._encrypted: list[ssl.SSLSocket] = []
        self._server = _Server(("127.0.0.1", 0), _Session)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._is_closed.set()
        for each in self._encrypted:
            each.close()
        self._server.shutdown()
        self._server.server_close()
