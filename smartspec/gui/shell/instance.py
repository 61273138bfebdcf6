"""One window for each database: a second start hands over what it was asked for, and leaves.

Qt's network library is imported when there is somebody to talk to: it takes 11 ms of a start, and 3 MiB.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from smartspec.gui.shell import rendezvous

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1_000


def hand_over(database: Path, open_target: str) -> bool:
    """Tell the window that is there what to open (a link or a file, empty for itself); False where there is none."""
    place = rendezvous.address(database)
    if place is None or (place.startswith("/") and not Path(place).exists()):
        return False
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(place)
    if not socket.waitForConnected(_PATIENCE_MS) or not rendezvous.is_own_user(int(socket.socketDescriptor())):
        return False
    socket.write(f"{open_target}\n".encode())
    heard = socket.waitForBytesWritten(_PATIENCE_MS) and socket.waitForReadyRead(_PATIENCE_MS)
    socket.disconnectFromServer()
    return bool(heard)


class Instance(QObject):
    """Listens for second starts. What a killed process left behind is taken over without a question."""

    target_received = Signal(str)

    def __init__(self, database: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None
        self._door: rendezvous.Door | None = None
        place = rendezvous.address(database)
        if place is None:
            return
        if sys.platform == "win32":
            self._made_server().listen(place)
            return
        try:
            self._door = rendezvous.Door(place)
        except OSError:  # as without a place
            return
        self._bell = QSocketNotifier(self._door.descriptor, QSocketNotifier.Type.Read, self)
        self._bell.activated.connect(self._on_rung)

    def _made_server(self) -> QLocalServer:
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)
        return self._server

    def _on_rung(self) -> None:
        """By the first that comes; the server takes the door over, and answers the others too."""
        if self._door is not None:
            self._bell.setEnabled(False)
            self._made_server().listen(self._door.hand_over())
            self._door = None

    def close(self) -> None:
        if self._door is not None:
            self._bell.setEnabled(False)
            self._door.close()
        if self._server is not None:
            self._server.close()

    def _on_connected(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            if not rendezvous.is_own_user(int(socket.socketDescriptor())):
                socket.abort()
                continue
            socket.readyRead.connect(lambda socket=socket: self._on_ready(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _on_ready(self, socket: QLocalSocket) -> None:
        if socket.canReadLine():
            open_target = bytes(socket.readLine().data()).decode("utf-8", "replace").strip()
            socket.write(b"shown\n")
            socket.flush()
            self.target_received.emit(open_target)
