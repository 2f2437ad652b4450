"""The examples of the documentation do what they say."""

import re
from pathlib import Path
from typing import Any

import pytest

BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
LONGEST_LINE = 100


def blocks_of(path: Path) -> list[tuple[int, str]]:
    """Return the Python blocks of a page with the lines they start in."""
    text = path.read_text(encoding="utf-8")
    return [(text.count("\n", 0, m.start()) + 2, m[1]) for m in BLOCK.finditer(text)]


def test_the_python_examples_run_in_order(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    page = project / "docs" / "python.md"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path / "home"))
    blocks = blocks_of(page)
    assert len(blocks) >= 9
    session: dict[str, Any] = {"__name__": "example"}
    for line, source in blocks:
        # The padding makes a traceback name the line of the page.
        exec(compile("\n" * (line - 1) + source, str(page), "exec"), session)  # noqa: S102
        assert capsys.readouterr().out, f"the example in line {line} prints nothing"
    assert session["micrograph"].pixel_size_nm == pytest.approx(1.25)
    assert session["prediction"].theta.fractal_dimension == pytest.approx(1.8, abs=0.3)
    assert len(session["shadows"]) == 100
    assert len(session["data"]) == 24
    assert session["training"].step == 4
    assert session["metrics"]["evaluated_on"]["sets"] == 3
    assert (tmp_path / "metrics.json").is_file()


def test_the_python_examples_are_written_like_the_program(project: Path):
    for line, source in blocks_of(project / "docs" / "python.md"):
        for k, text in enumerate(source.splitlines()):
            assert len(text) <= LONGEST_LINE, f"line {line + k}"
            assert text == text.rstrip(), f"line {line + k}"


def test_links_between_pages_lead_somewhere(project: Path):
    missing = [
        f"{page.relative_to(project)}: {target}"
        for page in sorted((project / "docs").rglob("*.md"))
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []
