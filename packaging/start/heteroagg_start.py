"""Where the bundle's executables begin: their name says which of the two is meant."""

import sys
from pathlib import Path

from heteroagg_gui.__main__ import command_line, main

sys.exit((command_line if Path(sys.argv[0]).stem == "heteroagg" else main)())
