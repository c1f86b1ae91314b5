"""Reading beside the process that writes: for a follower that takes snapshots, and claims nothing."""

from collections.abc import Iterator

from redstick.adapters.segments.form import OPEN, SEALED, is_segment
from redstick.adapters.segments.layout import Layout
from redstick.adapters.segments.reading import read
from redstick.kernel.envelope import Gap, opened
from redstick.kernel.ports import Disk

TRIES = 5  # a segment may be sealed, and its open form go, between the listing and the opening


class SegmentReader:
    """The segments of a disk as another process has them: read up to `until`, which it says is durable."""

    def __init__(self, disk: Disk, until: int = 0) -> None:
        self._disk, self.until = disk, until

    @property
    def gaps(self) -> list[Gap]:
        """Where the chain was broken and went on."""
        return self._layout().gaps

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Verified lines of positions `after + 1` to `until`; raises Corruption with the place."""
        for attempt in range(TRIES):
            try:
                for line in read(self._layout(), after, self.until):
                    yield line
                    after = opened(line).position
            except FileNotFoundError:
                if attempt + 1 == TRIES:
                    raise
            else:
                return

    def _layout(self) -> Layout:
        names = [name for name in self._disk.list() if is_segment(name)]
        sealed = {name.removesuffix(SEALED) for name in names if name.endswith(SEALED)}
        return Layout(
            self._disk, [name for name in names if not (name.endswith(OPEN) and name[: -len(OPEN)] in sealed)]
        )
