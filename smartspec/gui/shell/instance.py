"""One window for each database: a second start hands over what it was asked for, and leaves."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1_000


def _name(database: Path) -> str:
    """Of the user and the file: other users and other files have windows of their own."""
    told = f"{getpass.getuser()}\0{database.expanduser().absolute()}"
    return f"smartspec-{hashlib.sha256(told.encode()).hexdigest()[:24]}"


def hand_over(database: Path, wish: str) -> bool:
    """Tell the window that is there what is wished (a link or a file, empty for itself); False where there is none."""
    socket = QLocalSocket()
    socket.connectToServer(_name(database))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(f"{wish}\n".encode())
    heard = socket.waitForBytesWritten(_PATIENCE_MS) and socket.waitForReadyRead(_PATIENCE_MS)
    socket.disconnectFromServer()
    return bool(heard)


class Instance(QObject):
    """Listens for second starts. What a killed process left behind is taken over without a question."""

    wished = Signal(str)

    def __init__(self, database: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        name = _name(database)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)
            self._server.listen(name)
        self._server.newConnection.connect(self._on_connected)

    def close(self) -> None:
        self._server.close()

    def _on_connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._on_ready(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _on_ready(self, socket: QLocalSocket) -> None:
        if socket.canReadLine():
            wish = bytes(socket.readLine().data()).decode("utf-8", "replace").strip()
            socket.write(b"shown\n")
            socket.flush()
            self.wished.emit(wish)
