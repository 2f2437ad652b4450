"""A second start of the program beside the real window."""

import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from heteroagg_gui.gui import file_inbox
from heteroagg_gui.gui.dropped_on_icon import DroppedOnIcon
from heteroagg_gui.gui.file_inbox import FileInbox, claim_window, hand_over, server_name


@pytest.fixture
def inbox(program):
    """Return the inbox of a real window; ``taken`` lists what it was handed."""
    taken: list[list[Path]] = []

    def open_paths(paths: Sequence[Path]) -> None:
        taken.append(list(paths))
        program.to.files.open_paths(paths)

    box = FileInbox(program.window, open_paths)
    box.taken = taken
    assert box.listen()
    yield box
    box.close()


def start_again(project: Path, folder: Path, *arguments: str) -> subprocess.Popen:
    """Start the program a second time in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "heteroagg_gui", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(project)},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_start_hands_its_files_to_the_open_window(
    program, inbox, project, micrographs, until
):
    lock = claim_window()
    assert lock is not None
    program.window.showMinimized()
    second = start_again(project, micrographs.parent, micrographs.name)
    until(lambda: second.poll() is not None)
    assert second.communicate()[1] == ""
    assert second.returncode == 0
    until(lambda: len(program.session.state.usable_items) == 4)
    assert inbox.taken == [[micrographs]]
    assert not program.window.isMinimized()
    lock.unlock()


def in_thread(until, work):
    """Run ``work`` as another process would, while the window is served; return its result."""
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    until(lambda: not thread.is_alive())
    return results[0]


def test_a_list_of_many_files_arrives_whole(program, inbox, until, monkeypatch):
    monkeypatch.setattr(inbox, "_open", inbox.taken.append)
    paths = [Path(f"/a folder/with a long name/{'x' * 100}/image_{k:06}.tif") for k in range(20000)]
    assert in_thread(until, lambda: hand_over(paths))
    until(lambda: inbox.taken)
    assert inbox.taken == [paths]


def test_a_start_without_files_raises_the_window(program, inbox, until):
    program.window.showMinimized()
    assert in_thread(until, lambda: hand_over([]))
    until(lambda: not program.window.isMinimized())
    assert program.session.state.items == ()


@pytest.mark.parametrize(
    "message",
    [
        struct.pack("!I", 9) + b"not json!",
        struct.pack("!I", 2) + b"[]",
        struct.pack("!I", 2**31) + b"endless",
        struct.pack("!I", 50) + b"cut off",
    ],
)
def test_nonsense_on_the_socket_changes_nothing(program, inbox, until, message):
    def send() -> bool:
        socket = QLocalSocket()
        socket.connectToServer(server_name())
        socket.waitForConnected(5000)
        socket.write(message)
        socket.waitForBytesWritten(5000)
        socket.waitForReadyRead(300)
        answered = bool(socket.readAll().size())
        socket.abort()
        return answered

    assert not in_thread(until, send)
    assert inbox.taken == []
    assert in_thread(until, lambda: hand_over([]))


def test_files_of_a_sender_that_gave_up_are_not_opened_twice(program, inbox, until, tmp_path):
    given_up = not hand_over([tmp_path], answer_s=0.3)  # the window is not served meanwhile
    assert given_up
    assert in_thread(until, lambda: hand_over([]))
    until(lambda: inbox.taken)
    assert inbox.taken == [[]]


def test_without_a_window_nobody_takes_the_files(tmp_path: Path):
    assert not hand_over([tmp_path], answer_s=0.2)


def test_a_socket_that_a_crash_left_behind_is_replaced(program, until):
    crashed = QLocalServer()
    assert crashed.listen(server_name())
    if sys.platform != "win32":
        left = Path(crashed.fullServerName())
        left.rename(left.with_suffix(".kept"))
        crashed.close()
        left.with_suffix(".kept").rename(left)
    box = FileInbox(program.window, lambda paths: None)
    assert box.listen()
    assert in_thread(until, lambda: hand_over([]))
    box.close()


CRASH = """
import os, sys
from heteroagg_gui.gui.file_inbox import claim_window
lock = claim_window()
sys.stdout.write("claimed" if lock else "taken")
sys.stdout.flush()
os._exit(1)
"""


def test_one_process_holds_the_window_until_it_ends(project: Path):
    command = [sys.executable, "-c", CRASH]
    variables = {**os.environ, "PYTHONPATH": str(project)}

    def other() -> str:
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        return done.stdout

    assert other() == "claimed"
    lock = claim_window()  # the lock of the crashed process does not count
    assert lock is not None
    assert other() == "taken"
    lock.unlock()
    assert other() == "claimed"


def test_every_start_gets_a_window_where_no_lock_can_be_written(tmp_path: Path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(file_inbox, "cache_folder", lambda: tmp_path / "file" / "cache")
    assert claim_window() is not None
    assert claim_window() is not None


def test_files_dropped_on_the_icon_open_together(program, micrographs, until):
    receiver = DroppedOnIcon(QApplication.instance(), program.to.files.open_paths)
    for path in sorted(micrographs.iterdir()):
        event = QFileOpenEvent(QUrl.fromLocalFile(str(path)))
        assert event.type() == QEvent.Type.FileOpen
        QApplication.sendEvent(QApplication.instance(), event)
    until(lambda: len(program.session.state.usable_items) == 4)
    assert json.loads(program.remembered._store.value("recent"))[0] == [
        str(path) for path in sorted(micrographs.iterdir())
    ]
    QApplication.instance().removeEventFilter(receiver)
    receiver.deleteLater()
