"""A journal whose lines a notary sees: proof is a thing that a journal has, and its users need not know of it."""

from collections.abc import Callable, Sequence

from redstick.kernel.envelope import Gap, Head
from redstick.kernel.errors import Corruption
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
        self._notary.take(lines)

    def tend(self) -> bool:
        """Tend the journal, and sign when the interval has passed."""
        more = self._journal.tend()
        self._notary.tick(self._clock())
        return more

    def go_on_after(self, broken: Corruption) -> Head:
        """Go on behind damage; what is lost there keeps its leaf in the tree."""
        return self._journal.go_on_after(broken)

    def close(self) -> None:
        """Sign where the journal stands, and let go of both."""
        self._notary.sign(self._clock())
        self._notary.close()
        self._journal.close()
