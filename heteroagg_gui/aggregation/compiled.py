"""Compilation of the numerical kernels."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(function: Kernel) -> Kernel:
    """Compile a kernel on first use, to machine code that runs without the interpreter lock.

    The code is kept on disk. Numba recompiles a kernel when the file of the kernel itself
    changes, not when a kernel that it calls does: kernels that call each other share a file.
    """
    return cast(Kernel, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
