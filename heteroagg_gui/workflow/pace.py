"""How often progress is passed on, and how long the rest will take."""

from threading import Lock

INTERVAL_S = 0.05
SETTLED_S = 0.5

Report = tuple[float, str, float | None]


class Pace:
    """Keeps the latest report of a job and says when it is time to pass it on.

    Times are seconds of a monotonic clock, given by the caller.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._latest: tuple[float, str] | None = None
        self._sent_at: float | None = None
        self._started: tuple[float, float] | None = None

    def note(self, fraction: float, message: str, now: float) -> bool:
        """Keep a report; return whether 50 ms have passed since the last one went out."""
        fraction = min(1.0, max(0.0, fraction))
        with self._lock:
            if self._started is None:
                self._started = (now, fraction)
            self._latest = (fraction, message)
            return self._sent_at is None or now - self._sent_at >= INTERVAL_S

    def take(self, now: float) -> Report | None:
        """Return the latest report that did not go out yet, with the seconds left."""
        with self._lock:
            if self._latest is None:
                return None
            fraction, message = self._latest
            self._latest = None
            self._sent_at = now
            return fraction, message, self._seconds_left(fraction, now)

    def _seconds_left(self, fraction: float, now: float) -> float | None:
        if self._started is None:
            return None
        began, first = self._started
        elapsed, done = now - began, fraction - first
        if fraction >= 1.0:
            return 0.0
        if elapsed < SETTLED_S or done <= 0.0:
            return None
        return elapsed * (1.0 - fraction) / done
