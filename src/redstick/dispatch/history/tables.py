"""What every reader of bytes gives: the wanted columns as texts, a piece of the file at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from redstick.dispatch.history.model import TEXT_MAX_CHARS, Listed

PIECE_ROWS = 8_192


@dataclass(frozen=True)
class Piece:
    """Some consecutive rows: `cells[column][i]` stands on line `rows[i]` of the source; `refused` rows are in neither.

    `snapshots` are the (line, time as written) of every snapshot that begins in this piece, the empty ones too.
    """

    cells: Mapping[str, Sequence[str]]
    rows: list[int]
    refused: list[Listed] = field(default_factory=list)
    snapshots: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Table:
    """An opened source: its column names and its rows. `notes` may grow while the rows are read."""

    header: list[str]
    pieces: Iterator[Piece]
    notes: list[str] = field(default_factory=list)


def refused(row: int, reason: str, text: str) -> Listed:
    """A whole row that is not taken, with the beginning of what stood there."""
    return Listed(row, "", reason, text[:TEXT_MAX_CHARS])
