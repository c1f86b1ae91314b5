"""The notary: grows the tree over lines that are durable, and signs where the journal stands, again and again.

A head is signed only over what was committed, so whoever holds it can hold the journal to it. Nothing here stands in
the way of an append: a notary that fails says so and signs no more until it is opened anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from threading import Lock

import msgspec

from redstick.kernel.envelope import GENESIS, HASH_DIGITS
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.ports import Disk, Journal
from redstick.kernel.proof import statements
from redstick.kernel.proof.merkle import leaf_hash
from redstick.kernel.proof.nodes import Nodes
from redstick.kernel.proof.ports import Heads
from redstick.kernel.proof.statements import HeadStatement, KeyHistory, KeyStatement, Signer, key_id
from redstick.kernel.values import Instant

INTERVAL_MS = 300_000
HEADS_TRIED = 64  # signed heads, the newest first, that may vouch for the node file before it is made anew
LINES_AT_ONCE = 4096
LOST = leaf_hash(b"")  # the leaf of a position that no line was ever read from: behind a break in the chain


class _Place(msgspec.Struct):
    """The one field of an envelope that a notary reads."""

    position: int


_place = msgspec.json.Decoder(_Place)


class Notary:
    """Signs the heads of one journal.

    Opening believes the node file up to the newest signed head that it agrees with, takes what comes after from the
    journal, and then holds the journal to its newest signed head: Corruption says that the journal lacks lines that it
    once had, or has others. With `go_on` it is signed on from nevertheless, and `disagreement` keeps what is wrong: for
    a journal that goes on behind a known break. A line lost there keeps its leaf as long as the node file does.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        disk: Disk,
        heads: Heads,
        signer: Signer,
        *,
        interval_ms: int = INTERVAL_MS,
        go_on: bool = False,
    ) -> None:
        """`name` is what the journal is called in every statement; `disk` holds the node file, and is claimed.

        Raises Unavailable when another key than the signer's speaks for the journal, when the disk is claimed already
        or does not answer.
        """
        self.failed: str | None = None
        self._chain = GENESIS.hex()
        self._growing = Lock()  # lines are taken in one thread, heads signed in another
        self._name, self._heads, self._signer, self._interval_ms = name, heads, signer, interval_ms
        self._keys = KeyHistory(name, heads.keys())
        if self._keys.public not in {None, signer.public}:
            raise Unavailable(f"the journal {name} is signed by another key than {key_id(signer.public)}")
        self.signed = next(self._signed_heads(), None)
        with ExitStack() as held:
            try:
                disk.claim()
                held.callback(disk.release)
                self._nodes = Nodes(disk)
                held.callback(self._nodes.close)
                self.disagreement = self._catch_up(journal, self._believe()) or self._held_to_signed()
            except OSError as error:
                raise Unavailable(f"the node file cannot be made: {error}") from error
            if self.disagreement and not go_on:
                raise Corruption(self.disagreement)
            self._held = held.pop_all()

    @property
    def size(self) -> int:
        """The position up to which the tree has grown."""
        return self._nodes.size

    def take(self, lines: Sequence[bytes]) -> None:
        """Lines that follow, durable and committed. What fails here is kept in `failed` and stops only the signing."""
        if self.failed:
            return
        with self._growing:
            try:
                self._grow(lines)
            except OSError as error:
                self.failed = f"the node file cannot be written: {error}"

    def tick(self, now: Instant) -> HeadStatement | None:
        """Sign where the journal stands when the interval has passed, else None; when all is quiet too: a gap tells."""
        if self.signed is not None and now < self.signed.recorded_at + self._interval_ms:
            return None
        return self.sign(now)

    def sign(self, now: Instant) -> HeadStatement | None:
        """Sign where the journal stands now; None while it is empty, or when signing has failed."""
        if self.failed or self.size == 0:
            return None
        key, at = key_id(self._signer.public), max(now, self._spoken_at)
        try:
            with self._growing:
                size, chain_hash, root = self.size, self._chain, self._nodes.root(self.size).hex()
            self._nodes.sync()
            if self._keys.public is None:
                self._name_key(self._signer.public, 0, at)
            head = HeadStatement(self._name, size, chain_hash, root, at, key)
            self._heads.add(statements.sign(head, self._signer))
        except (OSError, Unavailable) as error:
            self.failed = f"a head could not be signed: {error}"
            return None
        self.signed = head
        return head

    def rotate(self, signer: Signer, now: Instant) -> None:
        """Let another key speak from here on, by a statement that the old one signs; raises Unavailable."""
        self.sign(now)
        if self.failed or self.signed is None:
            raise Unavailable(self.failed or "a key that has signed nothing yet is changed by choosing another")
        self._name_key(signer.public, self.signed.position, self._spoken_at + 1)
        self._signer = signer

    def close(self) -> None:
        """Let go of the node file and of the disk."""
        self.failed = self.failed or "it was closed"
        self._held.close()

    @property
    def _spoken_at(self) -> Instant:
        """When the newest statement was made; statements do not go back, whatever a clock does."""
        return max(self._keys.since, self.signed.recorded_at if self.signed else 0)

    # Opening

    def _signed_heads(self) -> Iterator[HeadStatement]:
        return (self._keys.head(line) for line in self._heads.newest())

    def _believe(self) -> HeadStatement | None:
        """Cut the node file behind the newest signed head that it agrees with; gives that head, or None."""
        for head in islice(self._signed_heads(), HEADS_TRIED):
            if head.position <= self.size and self._nodes.root(head.position).hex() == head.root:
                self._nodes.truncate(head.position)
                self._chain = head.chain
                return head
        self._nodes.truncate(0)
        return None

    def _catch_up(self, journal: Journal, believed: HeadStatement | None) -> str | None:
        """Grow over what the journal holds behind the believed head; says whether its line is the one it was."""
        if believed is None:
            self._grow(journal.read())
            return None
        lines = journal.read(believed.position - 1)
        first = next(lines, b"")
        if first[:HASH_DIGITS] == believed.chain.encode():
            self._grow(lines)
            return None
        self._grow(line for line in chain([first] if first else [], lines) if _position(line) > self.size)
        return f"position {believed.position} does not hold the line that was signed"

    def _held_to_signed(self) -> str | None:
        if self.signed is None:
            return None
        if self.size < self.signed.position:
            return f"position {self.signed.position} was signed and the journal ends at {self.size}"
        if self._nodes.root(self.signed.position).hex() != self.signed.root:
            return f"the lines up to position {self.signed.position} are not those that were signed"
        return None

    # Growing

    def _grow(self, lines: Iterable[bytes]) -> None:
        """Add lines; a position that is left out gets the leaf of a lost one."""
        waiting: list[bytes] = []
        for line in lines:
            lost = _position(line) - 1 - self.size - len(waiting)
            if lost < 0:
                raise ValueError(f"a line behind position {self.size} was expected, not that of {_position(line)}")
            if lost or len(waiting) == LINES_AT_ONCE:
                self._nodes.append(waiting)
                waiting = []
            for _ in range(lost):
                self._nodes.grow(LOST)
            waiting.append(line)
        self._nodes.append(waiting)
        if waiting:
            self._chain = waiting[-1][:HASH_DIGITS].decode()

    def _name_key(self, public: bytes, position: int, now: Instant) -> None:
        key = key_id(self._signer.public)
        line = statements.sign(KeyStatement(self._name, position, public.hex(), now, key), self._signer)
        self._heads.add_key(line)
        self._keys.add(line)


def _position(line: bytes) -> int:
    return _place.decode(line[HASH_DIGITS + 1 :]).position
