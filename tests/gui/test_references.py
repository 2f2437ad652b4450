"""Some releases of PySide6 lose a reference to None with every call that returns None."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel


class Sender(QObject):
    told = Signal(int)


def test_no_reference_to_none_is_lost(qapp, qtbot):
    sender = Sender()
    heard: list[int] = []
    sender.told.connect(heard.append)
    label = QLabel()
    qtbot.addWidget(label)
    sender.told.emit(0)
    label.setText("0")
    before = sys.getrefcount(None)
    for number in range(1000):
        sender.told.emit(number)
        label.setText(str(number))
    # on Python 3.12 and later None is immortal and its count stands still
    assert abs(sys.getrefcount(None) - before) < 200
    assert len(heard) == 1001
