"""One window per user: a second start hands its files to the one that is open.

A file manager that opens twelve micrographs may start the program twelve times at once. The
start that gets the lock opens the window and listens on a local socket that only its user can
open. A message is a length of four bytes and then JSON. The window answers that it takes the files
and opens them when the other side has agreed: one that has given up waiting, and opened a
window of its own, does not.
"""

import getpass
import hashlib
import json
import logging
import struct
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

from heteroagg_gui.workflow.places import cache_folder, config_folder

CONNECT_MS = 200
ANSWER_S = 10.0
_RETRY_S = 0.05
_SLICE_MS = 20
LARGEST_MESSAGE = 64 * 1024 * 1024
TAKEN = b"taken"
AGREED = b"!"
_LENGTH = struct.Struct("!I")
_log = logging.getLogger(__name__)


def server_name() -> str:
    """Return the name of the socket: one for each user and folder of settings."""
    owner = f"{getpass.getuser()}\n{config_folder()}"
    return f"heteroagg-gui-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"


def claim_window() -> QLockFile | None:
    """Return the lock of the only window, or None where another process holds it.

    The lock of a process that has crashed does not count. Where no lock can be written, every
    start gets one.
    """
    folder = cache_folder()
    lock = QLockFile(str(folder / f"{server_name()}.lock"))
    lock.setStaleLockTime(0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return lock
    held = not lock.tryLock(0) and lock.error() is QLockFile.LockError.LockFailedError
    return None if held else lock


def hand_over(paths: Sequence[Path], *, answer_s: float = ANSWER_S) -> bool:
    """Hand files to the window that is open, or is about to open.

    Parameters
    ----------
    paths
        Files and folders; none raises the window alone.
    answer_s
        How long to wait for the window to take them.

    Returns
    -------
    bool
        False where no window answers: open one.
    """
    end = time.monotonic() + answer_s
    socket = QLocalSocket()
    while not _connect(socket):
        if time.monotonic() > end:
            return False
        time.sleep(_RETRY_S)
    _let_it_come_to_the_front()
    body = json.dumps({"paths": [str(path.absolute()) for path in paths]}).encode()
    socket.write(_LENGTH.pack(len(body)) + body)
    taken = _wait_until_taken(socket, end)
    if taken:
        socket.write(AGREED)
        socket.waitForBytesWritten(CONNECT_MS)
    socket.close()
    return taken


def _connect(socket: QLocalSocket) -> bool:
    socket.connectToServer(server_name())
    return socket.waitForConnected(CONNECT_MS)


def _wait_until_taken(socket: QLocalSocket, end: float) -> bool:
    answer = b""
    while answer != TAKEN:
        connected = socket.state() is QLocalSocket.LocalSocketState.ConnectedState
        if not connected or time.monotonic() > end:
            return False
        if socket.bytesToWrite():
            socket.waitForBytesWritten(_SLICE_MS)
        else:
            socket.waitForReadyRead(_SLICE_MS)
        time.sleep(0)  # waiting in Qt holds the interpreter lock
        answer += socket.readAll().data()
    return True


def _let_it_come_to_the_front() -> None:
    """Pass on the right to raise a window, which Windows gives to what the user started."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)


class FileInbox(QObject):
    """Takes the files of later starts.

    Parameters
    ----------
    window
        The window to raise.
    open_paths
        Called with what was handed over.
    """

    def __init__(self, window: QWidget, open_paths: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(window)
        self._window = window
        self._open = open_paths
        self._received: dict[QLocalSocket, bytes] = {}
        self._offered: dict[QLocalSocket, list[Path]] = {}
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)

    def listen(self) -> bool:
        """Start to listen; a socket left behind by a crash is replaced.

        Only for the holder of the lock: it takes the socket from anyone else.

        Returns
        -------
        bool
            False where it can't be done: later starts open windows of their own.
        """
        name = server_name()
        QLocalServer.removeServer(name)
        if self._server.listen(name):
            return True
        _log.warning("Later starts open windows of their own: %s", self._server.errorString())
        return False

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _on_connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._received[socket] = b""
            socket.readyRead.connect(partial(self._on_bytes, socket))
            socket.disconnected.connect(partial(self._on_gone, socket))
            self._on_bytes(socket)

    def _on_gone(self, socket: QLocalSocket) -> None:
        self._offered.pop(socket, None)
        if self._received.pop(socket, None) is not None:
            socket.deleteLater()

    def _on_bytes(self, socket: QLocalSocket) -> None:
        if socket not in self._received:
            return
        received = self._received[socket] + socket.readAll().data()
        self._received[socket] = received
        if len(received) < _LENGTH.size:
            return
        (length,) = _LENGTH.unpack_from(received)
        end = _LENGTH.size + length
        if length > LARGEST_MESSAGE:
            socket.abort()
            return
        if len(received) >= end and socket not in self._offered:
            self._offer(socket, received[_LENGTH.size : end])
        if len(received) > end and socket in self._offered:
            self._received[socket] = b""
            self._raise_window()
            self._open(self._offered.pop(socket))

    def _offer(self, socket: QLocalSocket, body: bytes) -> None:
        """Answer that the files of a message can be taken."""
        try:
            paths = [Path(str(path)) for path in json.loads(body)["paths"]]
        except (ValueError, KeyError, TypeError):
            socket.abort()
            return
        self._offered[socket] = paths
        socket.write(TAKEN)
        socket.flush()

    def _raise_window(self) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
