"""A signal that a late listener still hears."""

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

from psygnal import SignalInstance

_F = TypeVar("_F", bound=Callable[..., Any])


class LastingSignal(SignalInstance):
    """Emits at most once in its life and tells listeners that connect afterwards at once.

    A job may end before whoever submitted it has connected; nothing is lost with this.
    A listener that asked for another thread is told in that thread.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._emitted: tuple[Any, ...] | None = None
        self._order = RLock()

    def emit(self, *args: Any, **options: Any) -> None:
        """Emit the signal and remember its arguments."""
        with self._order:
            self._emitted = args
            super().emit(*args, **options)

    def connect(self, slot: Any = None, **options: Any) -> Any:
        """Connect a listener; see :meth:`psygnal.SignalInstance.connect`."""
        with self._order:
            connected = super().connect(slot, **options)
            if slot is not None and self._emitted is not None:
                once = SignalInstance(self.signature)
                once.connect(slot, **options)
                once.emit(*self._emitted)
            return connected
