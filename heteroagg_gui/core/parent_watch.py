"""Ending a worker process together with the process that started it."""

import os
import time
from threading import Thread

WATCH_S = 1.0


def end_with(owner: int) -> None:
    """End this process once its parent has ended, also where that one was killed.

    Parameters
    ----------
    owner
        Number of the parent's process.
    """

    def watch() -> None:
        while os.getppid() == owner:
            time.sleep(WATCH_S)
        os._exit(1)

    Thread(target=watch, daemon=True, name="watch over the parent process").start()
