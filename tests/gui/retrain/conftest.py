"""The wizard of the real window, with an answer in place of its child process."""

import pytest

from heteroagg_gui.workflow.retraining import trial
from tests.gui.retrain.driving import DEVICES


@pytest.fixture(autouse=True)
def child(monkeypatch):
    """Answer in place of the child process."""
    answers = {"--devices": DEVICES}

    def ask(arguments, message, progress):
        progress(0.0, message)
        answer = answers[arguments[-1]]
        return answer(progress) if callable(answer) else answer

    monkeypatch.setattr(trial, "ask_child", ask)
    return answers


@pytest.fixture
def tab(program, until):
    program.window.show_tab("retrain")
    until(lambda: program.retrain_tab is not None)
    return program.retrain_tab


@pytest.fixture
def wizard(tab):
    return tab.wizard


@pytest.fixture
def settled(program, until):
    """Return a function that waits until nothing is read or drawn any more."""

    def wait() -> None:
        until(lambda: not program.board.running and not program.to.retraining.sampler.busy)

    return wait
