"""Which lines concern a subject: what it takes to recall a thing that has left the live state."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import BigInteger, Engine, MetaData, Table, Text, delete, insert, select
from sqlalchemy import Column as SqlColumn

from redstick.adapters.ledgers.check import Contents
from redstick.adapters.ledgers.database import answered
from redstick.adapters.ledgers.schema import fitting
from redstick.adapters.ledgers.standing import Standing
from redstick.kernel.envelope import Gap, Head
from redstick.kernel.fold import Fact

NAME, EDITION = "subjects", "1"


class SubjectIndex:
    """A `Follower` that keeps a row for each subject of each line. `make` is as for a ledger."""

    def __init__(self, engine: Engine, *, make: bool = True) -> None:
        """Raises Unavailable or Corruption when the database is not to be used."""
        self.engine = engine
        self.metadata = MetaData()
        self.table = Table(
            NAME,
            self.metadata,
            SqlColumn("subject", Text, primary_key=True),
            SqlColumn("position", BigInteger, primary_key=True, autoincrement=False),
            SqlColumn("kind", Text, nullable=False),
            sqlite_with_rowid=False,
        )
        self._standing = Standing(NAME, EDITION)
        with answered(engine), engine.begin() as connection:
            if not make:
                self._standing.expect(connection)
            self._standing.make(connection, {"views": [], "tables": [NAME]}, [self.metadata], [])
            self.taken_in = self._standing.read(connection).position  # by this object, or before it was made

    def standing(self) -> Head:
        """The last line that it holds."""
        with answered(self.engine), self.engine.connect() as connection:
            return self._standing.read(connection)

    def positions_of(self, subject: str, kinds: Collection[str] = ()) -> list[int]:
        """Positions of the lines that concern a subject, in order, of all kinds or of these; none for a stranger."""
        positions = self.table.c.position
        query = select(positions).where(self.table.c.subject == fitting(subject)).order_by(positions)
        if kinds:
            query = query.where(self.table.c.kind.in_(kinds))
        with answered(self.engine), self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def apply(self, facts: Sequence[Fact], gaps: Sequence[Gap] = ()) -> None:
        """Take the lines of a batch in, with the new position, in one transaction; see `Follower.apply`."""
        with answered(self.engine), self.engine.begin() as connection:
            held = self._standing.read(connection)
            fresh = self._standing.new(held, facts, gaps)
            rows = [
                {"subject": fitting(subject), "position": fact.envelope.position, "kind": fact.envelope.kind}
                for fact in fresh
                for subject in dict.fromkeys(fact.envelope.subjects)
            ]
            if rows:
                connection.execute(insert(self.table), rows)
            if fresh:
                self._standing.advance(connection, fresh, held)
        self.taken_in = max(held.position, *(fact.envelope.position for fact in fresh), 0)

    def clear(self) -> None:
        """Forget everything, so that catching up rebuilds it."""
        with answered(self.engine), self.engine.begin() as connection:
            connection.execute(delete(self.table))
            self._standing.back(connection)
        self.taken_in = 0

    def contents(self) -> list[Contents]:
        """Its standing and its table, as the rebuild check compares them."""
        return [self._standing.contents(), Contents(self.table, ("subject",), ("position",))]

    def beside(self, engine: Engine) -> "SubjectIndex":
        """An empty index, in another database."""
        return SubjectIndex(engine)


class RetiredSubjects:
    """The kernel's `Retirements` over an index of subjects: where a thing that left the live state is to be found.

    The index follows the journal in its own time; what was noted and is not in it yet is kept beside it.
    """

    def __init__(self, index: SubjectIndex, kinds: Collection[str]) -> None:
        """`kinds` are those of the events that retire."""
        self._index, self._kinds = index, kinds
        self._noted: dict[str, int] = {}

    def position_of(self, subject: str) -> int | None:
        """The position of the line that last retired a subject; None when none did."""
        if subject in self._noted:
            return self._noted[subject]
        return next(reversed(self._index.positions_of(subject, self._kinds)), None) if self._kinds else None

    def note(self, position: int, subjects: Iterable[str]) -> None:
        """The line at `position` retired these subjects."""
        self._noted.update(dict.fromkeys(subjects, position))
        self._noted = {subject: line for subject, line in self._noted.items() if line > self._index.taken_in}
