"""Where the bundle's command-line executable begins."""

import sys

from heteroagg_gui.__main__ import command_line

sys.exit(command_line())
