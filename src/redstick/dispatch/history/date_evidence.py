"""Which form a column's dates have, by what the whole column shows.

Month first or day first is the question that ruins histories silently. A first number over 12 answers it, a second one
too; where neither occurs the order of the rows does, since exports run along time and a wrong reading jumps about by
months. Where that does not tell either, nothing is assumed: the doubt is said and a person answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from redstick.dispatch.history.date_forms import Cells, Form, form
from redstick.dispatch.history.model import MISSING_MS

JUMPS_RATIO = 3  # a reading that travels three times as far through time as its rival is the wrong one
EPOCHS_FROM_MS = 631_152_000_000  # 1990: a smaller number is an identity, not seconds since 1970
READ_SHARE = 0.98  # a column holds dates when this part of its filled cells reads as dates

_DATES = (
    *(f"{a}{s}{b}{s}{y}" for s, y in product("/-.", ("%Y", "%y")) for a, b in (("%m", "%d"), ("%d", "%m"))),
    *(f"%Y{s}%m{s}%d" for s in "/."),
    *(f"%d{s}%b{s}{y}" for s in "- " for y in ("%Y", "%y")),
    "%b %d, %Y",
    "%b %d %Y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M:%S.%f %p", " %H%M", " %H%M%S")
CANDIDATES: tuple[Form, ...] = tuple(
    form(name) for name in ("iso", "%Y%m%d%H%M%S", "epoch_ms", "epoch_s", *(d + t for d, t in product(_DATES, _TIMES)))
)


@dataclass(frozen=True)
class Verdict:
    """What a column's dates are: `forms` to declare, empty where it holds no dates; `doubt` where two forms fit."""

    forms: tuple[str, ...]
    doubt: str = ""
    evidence: str = ""


@dataclass
class _Trace:
    """What one form makes of the column so far."""

    read: int = 0
    travelled_ms: int = 0
    first_ms: int = MISSING_MS
    last_ms: int = MISSING_MS


@dataclass
class DateEvidence:
    """Collects, piece by piece, how well each form reads one column."""

    filled: int = 0
    _traces: dict[str, _Trace] = field(default_factory=dict)
    _unread: list[str] = field(default_factory=list)

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells of the column, in the order of the file."""
        texts = [cell for cell in cells if cell.strip()]
        self.filled += len(texts)
        if not texts:
            return
        column = Cells(texts)
        for candidate in CANDIDATES:
            if not column.fits(candidate):
                continue
            wall_ms = column.read([candidate]).wall_ms
            there = wall_ms[wall_ms != MISSING_MS]
            if candidate.epoch_ms:
                there = there[there >= EPOCHS_FROM_MS]
            if not len(there):
                continue
            trace = self._traces.setdefault(candidate.name, _Trace())
            before = trace.last_ms if trace.read else int(there[0])
            trace.travelled_ms += int(np.abs(np.diff(there, prepend=before)).sum())
            trace.first_ms = int(there[0]) if not trace.read else trace.first_ms
            trace.read += len(there)
            trace.last_ms = int(there[-1])

    @property
    def reads_some(self) -> bool:
        """Whether any form reads half of the cells so far."""
        return any(2 * trace.read >= self.filled for trace in self._traces.values()) and self.filled > 0

    def verdict(self) -> Verdict:
        """Decide. A form wins by reading more cells than any rival, or as many while travelling far less."""
        if not self.filled:
            return Verdict(())
        ranked = sorted(self._traces.items(), key=lambda item: (-item[1].read, item[1].travelled_ms, item[0]))
        if not ranked or ranked[0][1].read < READ_SHARE * self.filled:
            return Verdict(())
        (best, trace), *others = ranked
        rivals = [(name, other) for name, other in others if other.read == trace.read and _differ(best, name)]
        if not rivals:
            beaten = next((f"; {name} reads {other.read:,}" for name, other in others if _differ(best, name)), "")
            return Verdict((best,), evidence=f"{best} reads {trace.read:,} of {self.filled:,}{beaten}")
        name, other = rivals[0]
        if other.travelled_ms > JUMPS_RATIO * trace.travelled_ms:
            return Verdict((best,), evidence=f"rows run along time as {best}, they jump about as {name}")
        return Verdict((), doubt=f"{best} and {name} both fit all {trace.read:,} cells; say which it is")


def _differ(a: str, b: str) -> bool:
    """Whether two forms that read the same cells could mean different days: the order of month and day is not alike."""
    return _day_order(a) != _day_order(b)


def _day_order(name: str) -> str:
    return "".join(piece for piece in "".join(name.split("%")) if piece in "Yymdb") if "%" in name else name
