"""Compiles the kernels that shadows need, ahead of the first use.

Run as ``python -m heteroagg_gui.shadow.kernels``; the compiled code is kept on disk, from
where other processes take it. The window starts it as a child: compiling holds the
interpreter lock for seconds at a time.
"""

import os
import sys

_NICENESS = 10


def compile_kernels() -> None:
    """Draw and describe a few aggregates, which compiles whatever is not on disk yet."""
    from heteroagg_gui.core.theta import Theta
    from heteroagg_gui.shadow.draw import draw_shadows

    draw_shadows([Theta(1.8, 0.5, 3, 2), Theta(2.1, 0.4, 1, 1)], 4, 0)


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    compile_kernels()
    sys.exit(0)
