"""Training runs where only numpy, scipy, numba, torch, joblib and safetensors are installed."""

import os
import subprocess
import sys
from pathlib import Path

BLOCKED = (
    "psygnal", "PySide6", "pyqtgraph", "vispy", "OpenGL", "PIL", "tifffile", "h5py", "ncempy",
    "sklearn", "matplotlib", "dask", "platformdirs",
)  # fmt: skip
SCRIPT = f"""
import sys
for name in {BLOCKED!r}:
    sys.modules[name] = None
from heteroagg_gui.learning import train_command
from heteroagg_gui.learning.paper import assemble, campaign
from heteroagg_gui.learning.retraining import command
assert command.main(["--devices"]) == 0
try:
    train_command.main(["--help"])
except SystemExit as end:
    assert end.code == 0
out = sys.argv[1]
code = train_command.main(
    ["--data", out, "--network", "Df", "--out", out, "--epochs", "1", "--device", "cpu"]
)
sys.exit(code)
"""


def test_the_commands_need_nothing_else(tmp_path: Path, project: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(project), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 2, found.stderr
    assert "holds no training data" in found.stderr
    assert "--on-the-fly" in found.stdout
