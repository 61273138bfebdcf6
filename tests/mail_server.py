"""A mail server of the tests (RFC 5321), which keeps what it is given and lets only one user in."""

from __future__ import annotations

import base64
import socketserver
import threading


class MailServer:
    """`mails` are whole, with their headers; `refuses` makes it answer that there is no such recipient."""

    def __init__(self, user: str, password: str) -> None:
        self.mails: list[str] = []
        self.refuses = False
        self._known = f"\0{user}\0{password}"
        outer = self

        class _Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 here")
                while line := self.rfile.readline().decode().strip():
                    if not self._answer(line):
                        return

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

            def _answer(self, line: str) -> bool:
                verb = line.split(" ")[0].split(":")[0].upper()
                if verb == "EHLO":
                    self._say("250-here")
                    self._say("250 AUTH PLAIN")
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

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
