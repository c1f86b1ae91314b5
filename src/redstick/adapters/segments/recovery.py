"""Opening: where the chain ends, what is torn, what is broken.

The batch that was being written when the world ended may be there in any part; it was never acknowledged, and is cut.
It is told from damage by three things: no batch was written behind it, since each waits for the sync of the one before;
the witness, which may lag, has not seen it; and no single bit turned back makes it whole, as no tear would leave it.
Anything else that does not verify is corruption. Closed segments are joined by their
ends only, so that opening takes no longer as history grows; their lines are verified on read and by the scrubber.
"""

from dataclasses import dataclass

from redstick.adapters.segments.form import Broken
from redstick.adapters.segments.layout import Layout
from redstick.adapters.segments.salvage import mendable
from redstick.adapters.segments.segment import Segment
from redstick.kernel.envelope import Head


@dataclass(frozen=True, slots=True)
class End:
    """Where the last segment ends: its head, the byte behind it, and from which byte on the witness had not seen it.

    `torn` says that something lies behind the end that must be cut.
    """

    head: Head
    byte: int
    unseen: int
    torn: bool


def recover(layout: Layout, witnessed: Head) -> End:
    """Join the closed segments and verify the last one; raises Broken for a fault that no header cites."""
    end: Head | None = Head()
    last = len(layout.names) - 1
    for i in range(last):
        try:
            end = _joined(layout, i, end) if layout.trusted(i) else None
        except Broken as broken:
            if not layout.cites(broken):
                raise
            end = None
    with layout.open(last) as segment:
        layout.refuse_gap(last, segment, end)
        return _end_of_last(segment, witnessed)


def unborn(layout: Layout, witnessed: Head) -> bool:
    """Whether the last segment is one whose header was never synced: then nothing was ever in it."""
    with Segment(layout.disk, layout.names[-1]) as segment:
        never_used = witnessed.position < segment.header.first and segment.next_batch(0) is None
        return not segment.whole_header and not segment.packed and never_used


def _joined(layout: Layout, i: int, before: Head | None) -> Head:
    """The end of a closed segment that begins where the one before it ends."""
    with layout.open(i) as segment:
        layout.refuse_gap(i, segment, before)
        end = segment.end()
        if end.position != layout.last_position(i):
            why = f"the segment ends at position {end.position}, not where the next one begins"
            raise Broken(segment.name, segment.file.size(), end, why)
        return end


def _end_of_last(segment: Segment, witnessed: Head) -> End:
    head, byte, torn, other = segment.header.before, segment.begins, None, None
    unseen = 0
    try:
        for batch, _, found in segment.verified(segment.begins, head):
            if found.position == witnessed.position and found.hash != witnessed.hash:
                other = Broken(segment.name, batch.offset, head, f"the witness saw another position {found.position}")
            head, byte = found, batch.ends
            unseen = byte if head == witnessed else unseen
    except Broken as broken:
        if segment.next_batch(byte + 1) or mendable(segment, byte):
            raise
        torn = broken
    if other is not None:
        raise other
    if head.position < witnessed.position:
        raise torn or Broken(segment.name, byte, head, f"the witness saw position {witnessed.position} durable")
    return End(head, byte, unseen, torn=torn is not None)
