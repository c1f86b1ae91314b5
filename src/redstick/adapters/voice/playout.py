"""What a leg said, put in order again before it is heard: a bounded queue between the network and a clock of 20 ms.

It waits a little before the first packet. Each time it runs dry or must wait for one that is late, the delay grows by a
packet; where for five seconds there was always more than needed, one packet is left out and the delay shrinks.
"""

FIRST_WAIT = 2  # ticks of 20 ms before the first packet is heard
MOST_KEPT = 50  # packets: one second; more is delay that nobody wants, and the oldest go
MOST_DRY = 5  # ticks without anything, until it begins anew
LOOKED_AT, SPARE = 250, 1  # ticks between two looks at how many packets were always to spare


class Playout:
    """One leg's packets by extended sequence number. `silence` is what stands for what never came."""

    def __init__(self, silence: int) -> None:
        self._silence = silence
        self._packets: dict[int, bytes] = {}
        self._next: int | None = None
        self._wait, self._dry, self._repeated = FIRST_WAIT, 0, False
        self._octets, self._last = b"", b""
        self._least, self._ticks = MOST_KEPT, 0
        self.late = 0  # packets that came when their time had gone

    def put(self, sequence: int, payload: bytes) -> None:
        """A packet came; with nothing in it (a key's) it takes its place in the order, and no time."""
        if self._next is not None and abs(sequence - self._next) > 2 * MOST_KEPT:
            self._begin()  # the sender began anew
        if self._next is not None and sequence < self._next:
            self.late += 1
            return
        self._packets[sequence] = payload
        while len(self._packets) > MOST_KEPT:
            del self._packets[min(self._packets)]
            self._next = None if self._next is None else min(self._packets)

    def take(self, octets: int) -> bytes | None:
        """The next so many octets; None while there is nothing to hear."""
        if self._next is None:
            if not self._packets:
                return None
            if self._wait:
                self._wait -= 1
                return None
            self._next = min(self._packets)
        while len(self._octets) < octets:
            more = self._more(self._next)
            if more is None:
                self._begin()
                return None
            self._octets += more
        taken, self._octets = self._octets[:octets], self._octets[octets:]
        self._shrink()
        return taken

    def _more(self, following: int) -> bytes | None:
        """The next packet, or what stands in for it; None once nothing has come for long."""
        got = self._packets.pop(following, None)
        if got:
            self._next, self._dry, self._repeated, self._last = following + 1, 0, False, got
            return got
        if got is not None:
            self._next = following + 1
            return got
        if len(self._packets) > 1:  # lost: others have overtaken it
            self._next = following + 1
        elif self._dry >= MOST_DRY:
            return None
        else:  # it may still come
            self._dry += 1
        stand_in = bytes([self._silence]) * len(self._last) if self._repeated else self._last
        self._repeated = True
        return stand_in

    def _shrink(self) -> None:
        self._least, self._ticks = min(self._least, len(self._packets)), self._ticks + 1
        if self._ticks < LOOKED_AT:
            return
        if self._least > SPARE and self._next is not None:
            self._packets.pop(self._next, None)
            self._next += 1
        self._least, self._ticks = MOST_KEPT, 0

    def _begin(self) -> None:
        self._packets.clear()
        self._next, self._wait, self._dry, self._repeated = None, FIRST_WAIT, 0, False
        self._octets = self._last = b""
