"""One window for each database: a second start hands over what it was asked for, and leaves.

Qt's network library is imported when there is somebody to talk to: the first window is there before it.
"""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDir, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

_PATIENCE_MS = 1_000


def _name(database: Path) -> str:
    """Of the user and the file: other users and other files have windows of their own."""
    told = f"{getpass.getuser()}\0{database.expanduser().absolute()}"
    digest = QCryptographicHash.hash(told.encode(), QCryptographicHash.Algorithm.Sha256).toHex()
    return f"smartspec-{bytes(digest.data()).decode()[:24]}"


def _may_be_there(name: str) -> bool:
    """Whether somebody may listen by this name: where that is a file (not on Windows), only if it is there."""
    return sys.platform == "win32" or (Path(QDir.tempPath()) / name).exists()


def hand_over(database: Path, wish: str) -> bool:
    """Tell the window that is there what is wished (a link or a file, empty for itself); False where there is none."""
    if not _may_be_there(_name(database)):
        return False
    from PySide6.QtNetwork import QLocalSocket

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
        from PySide6.QtNetwork import QLocalServer

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
