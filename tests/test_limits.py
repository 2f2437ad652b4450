"""Limits on size that keep every file readable in one sitting."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
SILENT_TOKENS = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


def program_files(project: Path) -> list[Path]:
    folders = (project / "heteroagg_gui", project / "packaging")
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def lines_of_code(source: str) -> set[int]:
    """Return the numbers of the lines that are neither blank nor comment alone."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        number
        for token in tokens
        if token.type not in SILENT_TOKENS
        for number in range(token.start[0], token.end[0] + 1)
    }


def function_lengths(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function's name and the lines of code in its body, without docstring."""
    code = lines_of_code(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = range(body[0].lineno, body[-1].end_lineno + 1) if body else ()
            yield node.name, len(code.intersection(lines))


def test_files_stay_short(project: Path):
    lengths = {
        str(path.relative_to(project)): len(path.read_text(encoding="utf-8").splitlines())
        for path in program_files(project)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_stay_short(project: Path):
    too_long = {
        f"{path.relative_to(project)}: {name}": length
        for path in program_files(project)
        for name, length in function_lengths(path.read_text(encoding="utf-8"))
        if length > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_modules_are_named_after_what_they_hold(project: Path):
    names = [path.relative_to(project) for path in program_files(project)]
    assert [str(name) for name in names if VAGUE_NAMES & {name.stem, *name.parent.parts}] == []


def test_lines_of_code_leave_out_prose():
    source = (
        "def area(width):\n"
        '    """Return the area.\n\n    In square nm.\n    """\n'
        "    # a square\n\n"
        "    text = '''two\n    lines'''\n"
        "    return (\n        width\n        * width\n    ), text\n"
    )
    assert dict(function_lengths(source)) == {"area": 6}
