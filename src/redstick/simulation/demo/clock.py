"""The city's clock: it stands where whoever lives the city has brought it, so that its pace reaches every timer."""

from redstick.kernel.values import Instant


class CityClock:
    """A clock for a live city; called, it tells the time in milliseconds since the epoch. It never falls."""

    def __init__(self, begin: Instant) -> None:
        self._now = begin

    def __call__(self) -> Instant:
        """The city's time."""
        return self._now

    def reach(self, moment: Instant) -> None:
        """Bring it forward to a moment; one that has passed changes nothing."""
        self._now = max(self._now, moment)
