"""Who leads: one row, held for a while, counted in epochs. Whoever appends must still hold it.

Pure: the journal that keeps the row (in PostgreSQL a locked row, in the simulator a server of its own) calls this with
its own clock, in the same transaction as the append. An epoch is never given twice, so an append of an older one can
always be told and refused, however late it comes.
"""

import msgspec


class Lease(msgspec.Struct):
    """The row: who leads under which epoch, until when by the journal's own monotonic clock, in milliseconds."""

    epoch: int = 0
    holder: str = ""
    until_ms: int = 0

    def claim(self, node: str, now_ms: int, span_ms: int) -> int | None:
        """A new epoch for `node`, when the lease is free, has run out or is its own; None when another holds it."""
        if self.holder not in {"", node} and now_ms < self.until_ms:
            return None
        self.epoch, self.holder, self.until_ms = self.epoch + 1, node, now_ms + span_ms
        return self.epoch

    def renew(self, node: str, epoch: int, now_ms: int, span_ms: int) -> bool:
        """Hold on under the same epoch; False when it has passed to another."""
        if not self.holds(node, epoch):
            return False
        self.until_ms = now_ms + span_ms
        return True

    def holds(self, node: str, epoch: int) -> bool:
        """Whether an append of this node under this epoch may be accepted."""
        return self.holder == node and self.epoch == epoch
