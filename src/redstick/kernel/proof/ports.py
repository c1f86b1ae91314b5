"""What proof needs from the world."""

from collections.abc import Iterator
from typing import Protocol


class Heads(Protocol):
    """Where the signed statements of one journal are kept, outside its segments. Each addition is durable at once."""

    def keys(self) -> list[bytes]:
        """The statements of keys, oldest first."""

    def add_key(self, line: bytes) -> None:
        """Keep one more; raises Unavailable when it is not known to be durable."""

    def newest(self) -> Iterator[bytes]:
        """Signed heads, newest first."""

    def add(self, line: bytes) -> None:
        """Keep one more; raises Unavailable when it is not known to be durable."""
