"""The folders that compute must import on a bare GPU machine: no Qt, no file readers.

What the layers may see of each other is import-linter's part of the test run.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BARE_FOLDERS = ("core", "aggregation", "stem", "learning")
BARE_PACKAGES = {"heteroagg_gui", "numpy", "scipy", "numba", "torch", "joblib", "safetensors"}


def imported_at_once(node: ast.AST) -> Iterator[str]:
    """Yield the top-level packages that running a module's own lines imports."""
    match node:
        case ast.Import(names=names):
            yield from (name.name.partition(".")[0] for name in names)
        case ast.ImportFrom(module=str(module)):
            yield module.partition(".")[0]
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=others):
            for other in others:
                yield from imported_at_once(other)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            pass
        case _:
            for child in ast.iter_child_nodes(node):
                yield from imported_at_once(child)


@pytest.mark.parametrize("folder", BARE_FOLDERS)
def test_computing_folders_import_on_a_bare_machine(project: Path, folder: str):
    refused = {
        f"{path.relative_to(project)} imports {name}"
        for path in sorted((project / "heteroagg_gui" / folder).rglob("*.py"))
        for name in imported_at_once(ast.parse(path.read_text(encoding="utf-8")))
        if name not in BARE_PACKAGES | sys.stdlib_module_names
    }
    assert not refused


def test_imports_are_found_where_they_run():
    module = (
        "import numpy as np\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import hidden\n"
        "try:\n    import abtem.core\nexcept ImportError:\n    import numpy\n"
        "def later():\n    import ncempy\n"
        "class Holder:\n    import inside\n"
    )
    assert list(imported_at_once(ast.parse(module))) == [
        "numpy",
        "typing",
        "abtem",
        "numpy",
        "inside",
    ]
