"""What the tests of the wizard share."""

from heteroagg_gui.workflow.retraining.draft import PAGES

TINY = {"updates": 2, "training_sets": 16, "calibration_sets": 16, "test_sets": 16, "heads": 1}
DEVICES = {"devices": [{"name": "cpu", "title": "CPU, 1 thread", "detail": "1 core"}]}


def go_to_the_end(wizard, settled) -> None:
    """Press Next up to the summary."""
    while wizard.page != PAGES[-1]:
        before = wizard.page
        wizard.next.click()
        assert wizard.page != before
    settled()
