"""A drafted column map, with everything that a person still has to say standing beside its line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from redstick.dispatch.history.column_map import ColumnMap


@dataclass(frozen=True)
class Doubt:
    """A question that the file does not answer: the source's column ("" for the file), and what was seen.

    `where` is the line of the map that it speaks of, as "table.key".
    """

    column: str
    question: str
    evidence: str
    where: str


@dataclass(frozen=True)
class Draft:
    """A column map to be read by a person before it is used; `unused` are the columns that it does not speak of.

    The map's `time_zone` is empty until someone says it: a wrong zone moves every call by hours, and nothing in the
    figures would show it.
    """

    column_map: ColumnMap
    unsure: list[Doubt]
    unused: list[str]
    n_rows: int
    whole: bool

    def in_zone(self, time_zone: str) -> "Draft":
        """The draft with its time zone answered."""
        kept = [doubt for doubt in self.unsure if doubt.where != "time_zone"]
        return replace(self, column_map=replace(self.column_map, time_zone=time_zone), unsure=kept)

    def text(self) -> str:
        """The map as commented TOML."""
        return self.column_map.text(self.comments())

    def comments(self) -> dict[str, list[str]]:
        """Lines to put above the keys of the map; every doubt above the line that it speaks of, if the map has it."""
        looked_at = f"{self.n_rows:,} rows" + ("" if self.whole else " (not the whole file)")
        comments = {"redstick_columns": [f"Drafted from {looked_at}. Lines that begin with ? want your answer."]}
        for doubt in self.unsure:
            column = f" {doubt.column!r}" if doubt.column else ""
            line = f"?{column} {doubt.question} {doubt.evidence}".rstrip()
            comments.setdefault(self._line_of(doubt.where), []).append(line)
        if self.unused:
            comments.setdefault("columns", []).append("Not used: " + _listed(self.unused))
        return comments

    def _line_of(self, where: str) -> str:
        """`where` if the written map has that line, else its table, else the top."""
        written = self.column_map
        tables: dict[str, Sequence[str]] = {
            "columns": list(written.categories),
            "stamps": list(written.stamps),
            "place": [part for part in ("longitude", "latitude", "point") if getattr(written.place, part)],
            "rows": ["key"] if written.key else ["snapshot_time"] if written.snapshot_time else [],
        }
        table, _, key = where.partition(".")
        if table not in tables:
            return (
                where if where in {"time_zone", "one_row_per"} or (where == "dates" and written.dates) else "time_zone"
            )
        if key in tables[table]:
            return where
        return table if tables[table] else "redstick_columns"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
