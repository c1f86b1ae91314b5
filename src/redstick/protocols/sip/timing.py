"""The timers of RFC 3261 (table 4), as values in milliseconds, and the deadlines of a machine."""

import msgspec


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """The three from which all others follow.

    T1 is an estimate of the round trip, T2 the longest gap between repeats, T4 how long a message may linger.
    """

    t1_ms: int = 500
    t2_ms: int = 4_000
    t4_ms: int = 5_000

    @property
    def lifetime_ms(self) -> int:
        """Timers B, F, H, J, L and M: how long a transaction waits before it gives up or may forget."""
        return 64 * self.t1_ms

    @property
    def rest_ms(self) -> int:
        """Timer D over UDP: for so long answers may still be repeated."""
        return max(32_000, self.lifetime_ms)


class Deadlines:
    """Named deadlines of one machine. Whoever steps the machine asks for `next_at` and comes back then."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}

    def put(self, name: str, at: int) -> None:
        """A deadline; an older one of that name goes."""
        self._at[name] = at

    def drop(self, *names: str) -> None:
        """These deadlines are not waited for any longer."""
        for name in names:
            self._at.pop(name, None)

    def clear(self) -> None:
        """None is waited for."""
        self._at.clear()

    @property
    def next_at(self) -> int | None:
        """The nearest deadline, None when there is none."""
        return min(self._at.values(), default=None)

    def due(self, now: int) -> list[str]:
        """The names of those that have come, each taken out, the earliest first; names break ties."""
        come = sorted((at, name) for name, at in self._at.items() if at <= now)
        for _, name in come:
            del self._at[name]
        return [name for _, name in come]
