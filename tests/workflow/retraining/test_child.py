"""Asking a child of the program for a document."""

import sys

import pytest

from heteroagg_gui.core.errors import Cancelled, HeteroaggError
from heteroagg_gui.core.progress import no_progress
from heteroagg_gui.learning.retraining.plan import RetrainingPlan
from heteroagg_gui.workflow.retraining import child, trial
from heteroagg_gui.workflow.retraining.child import ask_child


@pytest.fixture
def script(monkeypatch):
    """Return a function that makes a child run this Python code."""

    def use(code: str) -> list[tuple[str, ...]]:
        asked: list[tuple[str, ...]] = []

        def command(*arguments: str) -> list[str]:
            asked.append(arguments)
            return [sys.executable, "-c", code, *arguments]

        monkeypatch.setattr(child, "child_command", command)
        return asked

    return use


def test_what_the_child_prints_is_returned(script):
    asked = script("import json, sys; print(json.dumps({'said': sys.argv[1:]}))")
    assert ask_child(("retrain", "--devices"), "Asking", no_progress) == {
        "said": ["retrain", "--devices", "--json"]
    }
    assert asked == [("retrain", "--devices", "--json")]


def test_the_childs_own_sentence_is_the_error(script):
    script('import sys; print(\'{"error": "No device."}\'); sys.exit(2)')
    with pytest.raises(HeteroaggError, match=r"^No device\.$"):
        ask_child(("x",), "Asking", no_progress)
    script("import sys; print('It broke.', file=sys.stderr); sys.exit(1)")
    with pytest.raises(HeteroaggError, match=r"^It broke\.$"):
        ask_child(("x",), "Asking", no_progress)
    script("print('no document')")
    with pytest.raises(HeteroaggError, match="no usable answer"):
        ask_child(("x",), "Asking", no_progress)


def test_cancelling_ends_the_child(script, monkeypatch):
    script("import time; time.sleep(600)")
    started = []
    popen = child.subprocess.Popen
    monkeypatch.setattr(
        child.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1]
    )
    reports = []

    def progress(fraction, message):
        reports.append(message)
        if len(reports) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        ask_child(("x",), "Asking", progress)
    assert started[0].returncode is not None


def test_a_trial_hands_the_plan_to_a_child(script):
    script(
        "import json, sys\n"
        "name = json.load(open(sys.argv[2], encoding='utf-8'))['plan']['name']\n"
        "print(json.dumps({'device_title': name, 'training': 9.5, 'stages': {'training': 3}}))"
    )
    found = trial.run_trial(RetrainingPlan(name="tried"), no_progress)
    assert (found.device_title, found.images_per_s) == ("tried", 9.5)
    assert found.seconds == {"training": 3.0}
