# ruff: noqa: S608  (statements are made of the names of our own tables)
"""The rebuild check: every edit by hand and every flipped bit is found, and named by table and key."""

import random
import sqlite3
from contextlib import closing
from itertools import islice

import pytest
from tests.adapters.ledgers.lived_story import HOUSE, lived

from redstick.adapters.ledgers import SqlLedger, check, open_database
from redstick.adapters.ledgers.check import rebuild_check
from redstick.dispatch.reads.projections import LEDGER
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.ledgers import catch_up, facts_behind


@pytest.fixture
def kept(make, place, facts):
    """A follower in a file, complete and closed: (make, place)."""
    follower = make(open_database(place))
    follower.apply(facts)
    follower.engine.dispose()
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return make, place


def checked(kept, journal):
    """The outcome of a check of what lies in the file."""
    make, place = kept
    follower = make(open_database(place))
    try:
        return rebuild_check(follower, journal, HOUSE)
    finally:
        follower.engine.dispose()


def edit(place, statement, *values):
    """What somebody does to the file by hand."""
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute(statement, values).rowcount == 1
        connection.commit()


def test_what_is_as_the_journal_says_passes(kept, journal):
    """No findings, a digest for each table; also when it stands behind the journal's end."""
    found = checked(kept, journal)
    assert (found.ok, found.findings, found.position) == (True, [], journal.head().position)
    assert all(len(digest) == 64 for digest in found.digests.values())
    make, place = kept
    shorter = make(open_database(place.with_name("behind.sqlite")))
    shorter.apply(list(islice(facts_behind(journal, HOUSE), 20)))
    found = rebuild_check(shorter, journal, HOUSE)
    assert (found.ok, found.position) == (True, 20)


def test_an_edit_of_any_column_of_any_table_is_named(kept, journal):
    """One value of one row of each table changed by hand: each finding names the table, the row's key and the column.

    All tables are edited before one check, the next column of each before the next.
    """
    place = kept[1]
    whole, every = place.read_bytes(), tables(place)
    rows = {table: first(place, table, columns) for table, columns in every}
    for number in range(max(len(columns) for _, columns in every)):
        place.write_bytes(whole)
        edited = {table: columns[number] for table, columns in every if number < len(columns)}
        for table, column in edited.items():
            row = rows[table]
            changed = f"{row[column]}!" if isinstance(row[column], str) else (row[column] or 0) + 10**6
            where = " AND ".join(f"{name} IS ?" for name in row)
            edit(place, f"UPDATE {table} SET {column} = ? WHERE {where}", changed, *row.values())
        found = checked(kept, journal).findings
        for table, column in edited.items():
            findings = [finding for finding in found if finding.table == table]
            assert findings, (table, column)
            assert all(finding.key for finding in findings)
            if findings[0].what.startswith("differs"):
                assert findings[0].what == f"differs in {column}"
                assert {name: rows[table][name] for name in findings[0].key} == findings[0].key
            else:  # the key itself was changed: one row is missing and another is there instead
                assert {finding.what for finding in findings} == {"is missing", "is not in the journal"}


def first(place, table, columns):
    """A row of a table."""
    with closing(sqlite3.connect(place)) as connection:
        return dict(zip(columns, connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone(), strict=True))


def tables(place):
    """(table, its columns) of those that hold rows, but for the standing."""
    with closing(sqlite3.connect(place)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [
            (name, [row[1] for row in connection.execute(f"PRAGMA table_info({name})")])
            for name in names
            if name != "standings" and connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        ]


def test_a_removed_and_an_added_row_are_named(kept, journal):
    """A row deleted by hand is missing; one inserted by hand is not in the journal: in every table, and no other."""
    place = kept[1]
    whole, keys = place.read_bytes(), {}
    for table, columns in tables(place):
        with closing(sqlite3.connect(place)) as connection:
            key = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
        keys[table] = {name: first(place, table, columns)[name] for name in key}
    for table, key in keys.items():
        edit(place, f"DELETE FROM {table} WHERE {where(key)}", *key.values())
    assert told(kept, journal) == [(table, "is missing", key) for table, key in sorted(keys.items())]
    place.write_bytes(whole)
    strangers = {}
    for table, columns in tables(place):
        key, name = keys[table], next(iter(keys[table]))
        strange = "X9" if isinstance(key[name], str) else 999
        others = ", ".join("?" if column == name else column for column in columns)
        edit(place, f"INSERT INTO {table} SELECT {others} FROM {table} WHERE {where(key)}", strange, *key.values())
        strangers[table] = key | {name: strange}
    assert told(kept, journal) == [(table, "is not in the journal", key) for table, key in sorted(strangers.items())]


def where(key):
    """The condition that finds a row by its key."""
    return " AND ".join(f"{name} = ?" for name in key)


def told(kept, journal):
    """The findings of a check by table."""
    found = checked(kept, journal).findings
    return sorted(((one.table, one.what, one.key) for one in found), key=lambda one: one[:2])


@pytest.mark.parametrize(
    ("column", "value"), [("position", 3), ("position", 10_000), ("hash", "00" * 32), ("made", "{}")]
)
def test_a_standing_that_was_edited_is_found(kept, journal, column, value):
    """A position or a hash that the journal does not have there, or another list of what was made."""
    edit(kept[1], f"UPDATE standings SET {column} = ?", value)
    found = checked(kept, journal)
    assert "standings" in {finding.table for finding in found.findings}


@pytest.mark.parametrize("column", ["name", "edition"])
def test_what_no_standing_vouches_for_is_begun_anew(kept, journal, column):
    """Tables that are there without a standing of this name and edition are dropped and built again."""
    make, place = kept
    edit(place, f"UPDATE standings SET {column} = 'strange'")
    follower = make(open_database(place))
    assert follower.standing().position == 0
    catch_up(follower, journal, HOUSE)
    assert rebuild_check(follower, journal, HOUSE).ok


def test_what_was_built_from_another_journal_is_found(kept):
    """The same commands by another actor give other lines: the standing is not in that journal."""
    found = checked(kept, lived("somebody else"))
    assert "standings" in {finding.table for finding in found.findings}


def test_a_removed_table_is_found(kept, journal):
    """What cannot be read at all is named too."""
    make, place = kept
    with closing(sqlite3.connect(place)) as connection:
        for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            connection.execute(f"DROP VIEW {view}")
        connection.execute("DROP TABLE subjects" if make.__name__ == "SubjectIndex" else "DROP TABLE notes")
    found = checked(kept, journal)
    assert any(finding.what.startswith("cannot be read") for finding in found.findings)


def flips(kept, journal, tmp_path, count):
    """Flip one random bit of the file, `count` times; gives how many were found and how many changed nothing."""
    make, place = kept
    whole, copy = place.read_bytes(), tmp_path / "flipped.sqlite"
    before, dice, found, harmless = contents(place), random.Random(7), 0, 0
    for _ in range(count):
        bit = dice.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        copy.write_bytes(flipped)
        if passes(make, copy, journal):
            assert contents(copy) == before, f"bit {bit} changed a row and was not found"
            harmless += 1
        else:
            found += 1
        for stale in tmp_path.glob("flipped.sqlite*"):
            stale.unlink()
    return found, harmless


def passes(make, place, journal):
    """Whether a follower opens, catches up and passes the check."""
    engine = open_database(place)
    try:
        follower = make(engine)
        catch_up(follower, journal, HOUSE)
        return rebuild_check(follower, journal, HOUSE).ok
    except (Corruption, Unavailable, Conflict):
        return False
    finally:
        engine.dispose()


def contents(place):
    """Every row of every table and view, read by the driver alone."""
    with closing(sqlite3.connect(place)) as connection:
        connection.text_factory = bytes
        names = [row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type <> 'index'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def test_a_flipped_bit_is_found_or_changes_nothing(kept, journal, tmp_path):
    """One random bit anywhere in the file: found, or it lay where nothing is kept and no row reads differently."""
    found, _ = flips(kept, journal, tmp_path, 15)
    assert found


@pytest.mark.slow
def test_300_flipped_bits_are_found_or_change_nothing(kept, journal, tmp_path):
    """The same, 300 times."""
    found, harmless = flips(kept, journal, tmp_path, 300)
    assert found + harmless == 300


def test_a_ledger_in_which_a_fault_was_planted_does_not_pass(journal, facts, monkeypatch):
    """A projection that says something else than the journal is caught by the check, as an edit would be."""
    ledger = SqlLedger(open_database(None), LEDGER)
    closed = next(fact for fact in facts if fact.envelope.kind == "dispatch.incident_closed")
    projections = ledger.plan.projections
    project = projections[type(closed.event)]
    monkeypatch.setitem(projections, type(closed.event), lambda event, envelope, known: [])
    ledger.apply(facts)
    monkeypatch.setitem(projections, type(closed.event), project)
    found = rebuild_check(ledger, journal, HOUSE)
    assert {finding.table for finding in found.findings} == {"incidents"}


def test_a_check_beside_a_writer_sees_one_state(make, place, journal, facts, monkeypatch):
    """While another connection takes in more lines, what is compared is what stood when the check began."""
    kept, writer = (make(open_database(place)) for _ in range(2))
    kept.apply(facts[:30])
    build = check._build

    def build_while_it_grows(*arguments):
        writer.apply(facts[30:])
        build(*arguments)

    monkeypatch.setattr(check, "_build", build_while_it_grows)
    found = rebuild_check(kept, journal, HOUSE)
    assert (found.findings, found.position) == ([], 30)
    assert kept.standing() == journal.head()
