"""Reading: verified lines from any position on, and what can still be read behind a break; the scrubber's walk."""

from collections.abc import Iterator

from redstick.adapters.segments.form import Broken, first_position
from redstick.adapters.segments.layout import NO_LIMIT, Layout
from redstick.adapters.segments.salvage import salvage
from redstick.adapters.segments.segment import Segment, Verified
from redstick.kernel.envelope import Head
from redstick.kernel.proof.merkle import Tree


def read(layout: Layout, after: int, until: int) -> Iterator[bytes]:
    """Lines of positions `after + 1` to `until`; raises Broken for a fault that no header cites."""
    before: Head | None = None
    for i in range(len(layout.names)):
        last = min(layout.last_position(i), until)
        if last <= after:
            continue
        trusted = min(layout.trusted_until(i), until)
        if trusted > after:
            for found in _verified(layout, i, after, trusted, before):
                yield from found.lines[max(after + 1 - found.batch.first, 0) :]
                before = found.head
            after = trusted
        if last > after:
            for position, line in salvage(layout.disk, layout.names[i]):
                if position > after:
                    yield line
                    after = position
            before = None


def scrub(layout: Layout, until: int) -> Iterator[Broken | None]:
    """Verify every byte of what is closed, and the rest up to position `until`, a batch at each step.

    Of a segment that is broken, what lies before the break is verified. Gives None, or a fault that no header cites.
    """
    for i in range(len(layout.names)):
        closed = layout.trusted(i) and layout.last_position(i) != NO_LIMIT
        last = min(layout.trusted_until(i), until)
        if closed or last >= first_position(layout.names[i]):
            try:
                with layout.open(i) as segment:
                    for _ in verify(segment, None if closed else last):
                        yield None
            except Broken as broken:
                if not layout.cites(broken):
                    yield broken


def verify(segment: Segment, until: int | None = None) -> Iterator[None]:
    """Verify a segment to its end, or to a position, a batch at each step; raises Broken with the place."""
    tree, before = Tree(), segment.header.before
    for found in segment.verified(segment.begins, before, until):
        for line in found.lines if segment.packed else ():
            tree.append(line)
        yield
    if until is None and segment.header.seal is not None and tree.root() != segment.header.seal.root:
        raise Broken(segment.name, 0, before, "the root is not that of the lines")


def _verified(layout: Layout, i: int, after: int, until: int, before: Head | None) -> Iterator[Verified]:
    """Batches from the one that holds position `after + 1` on."""
    with layout.open(i) as segment:
        layout.refuse_gap(i, segment, before)
        offset, head = segment.seek(after)
        for found in segment.verified(offset, head, until):
            head = found.head
            yield found
        if head.position < until:
            raise Broken(segment.name, segment.file.size(), head, f"positions up to {until} are not there")
