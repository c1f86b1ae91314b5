"""A journal whose lines a notary sees: proof is a thing that a journal has, and its users need not know of it."""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.ports import Journal
from redstick.kernel.proof.notary import Notary
from redstick.kernel.values import Instant


class Attested:
    """A `Journal` over another: what it has made durable is shown to the notary, who signs when it is tended.

    Tending may run in another thread than appending. A closed journal ends with a signed head.
    """

    def __init__(self, journal: Journal, notary: Notary, clock: Callable[[], Instant]) -> None:
        """`clock` gives the time, ms since the epoch, that heads are signed at."""
        self._journal, self._notary, self._clock = journal, notary, clock
        self._durable: deque[Sequence[bytes]] = deque()  # and not shown yet
        self._showing = Lock()
        self.head, self.read, self.scrub = journal.head, journal.read, journal.scrub

    @property
    def alarm(self) -> str | None:
        """Why heads are not signed, or what the signed ones say against the journal; None when all is well."""
        return self._notary.failed or self._notary.disagreement

    @property
    def gaps(self) -> Sequence[Gap]:
        """Those of the journal."""
        return self._journal.gaps

    def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
        """Append, and show the notary what was appended when that has returned."""
        self._journal.append(lines, after, head)
        self._durable.append(lines)
        self._show()

    def begin(
        self, lines: Sequence[bytes], after: Head, head: Head, told: Callable[[Unavailable | None], None]
    ) -> bool:
        """Begin to append; the notary, whom nobody waits for, is shown the lines by who tends."""

        def ended(error: Unavailable | None) -> None:
            if error is None:
                self._durable.append(lines)
            told(error)

        return self._journal.begin(lines, after, head, ended)

    def _show(self) -> None:
        """In the order in which they became durable, whichever thread it is."""
        with self._showing:
            while self._durable:
                self._notary.take(self._durable.popleft())

    def tend(self) -> bool:
        """Tend the journal, show the notary what is new, and sign when the interval has passed."""
        more = self._journal.tend()
        self._show()
        self._notary.tick(self._clock())
        return more

    def go_on_after(self, broken: Corruption) -> Head:
        """Go on behind damage; what is lost there keeps its leaf in the tree."""
        return self._journal.go_on_after(broken)

    def close(self) -> None:
        """Sign where the journal stands, and let go of both."""
        self._show()
        self._notary.sign(self._clock())
        self._notary.close()
        self._journal.close()
