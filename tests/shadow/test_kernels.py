import sys

from numba.core.dispatcher import Dispatcher

from heteroagg_gui.core.theta import Theta
from heteroagg_gui.shadow import kernels
from heteroagg_gui.shadow.draw import draw_shadows


def loaded_kernels() -> set[tuple[str, str]]:
    """Return the kernels of the program that are compiled, each with its argument types."""
    return {
        (kernel.py_func.__qualname__, str(signature))
        for name, module in sys.modules.copy().items()
        if name.startswith("heteroagg_gui.")
        for kernel in vars(module).values()
        if isinstance(kernel, Dispatcher)
        for signature in kernel.signatures
    }


def test_drawing_shadows_compiles_nothing_more():
    kernels.compile_kernels()
    before = loaded_kernels()
    assert before
    draw_shadows([Theta(2.4, 0.9, 6, 1), Theta(1.5, 0.1, 1, 6)], 6, 3, jobs=2)
    assert loaded_kernels() == before
