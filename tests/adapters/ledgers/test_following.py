"""How what is kept beside a journal follows it: in order, once, in one transaction with its position."""

import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.ledgers.lived_story import HOUSE, everything, lived

from redstick.adapters.ledgers import SqlLedger, SubjectIndex, open_database
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch.reads.projections import LEDGER
from redstick.kernel.envelope import Envelope, Gap, Head, seal
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.ledgers import catch_up


def test_a_restart_goes_on_from_its_own_position(make, place, journal, facts):
    """Stopped anywhere and opened anew, it takes in what is missing and equals one that was never stopped."""
    whole = make(open_database(None))
    whole.apply(facts)
    for stop in (0, 1, 30, len(facts)):
        first = make(open_database(place.with_name(f"{stop}.sqlite")))
        first.apply(facts[:stop])
        first.engine.dispose()
        again = make(open_database(place.with_name(f"{stop}.sqlite")))
        assert again.standing().position == stop
        assert catch_up(again, journal, HOUSE, batch=7) == len(facts) - stop
        assert again.standing() == journal.head()
        assert everything(again) == everything(whole)


def test_a_gap_is_refused(make, facts):
    """Lines that do not follow are refused with what is needed next, and nothing is taken in."""
    kept = make(open_database(None))
    kept.apply(facts[:5])
    before = everything(kept)
    for wrong in (facts[6:9], [*facts[5:7], *facts[8:9]]):
        with pytest.raises(Conflict, match="needs position"):
            kept.apply(wrong)
        assert (everything(kept), kept.standing().position) == (before, 5)


def test_the_same_batch_twice_changes_nothing(make, facts):
    """Lines that it holds are passed over, alone or in front of new ones."""
    kept = make(open_database(None))
    kept.apply(facts[:20])
    before = everything(kept)
    kept.apply(facts[:20])
    kept.apply(facts[10:15])
    assert (everything(kept), kept.standing().position) == (before, 20)
    kept.apply(facts[10:])
    other = make(open_database(None))
    other.apply(facts)
    assert everything(kept) == everything(other)


def test_a_line_that_the_journal_lost_is_no_gap_of_ours(make, facts):
    """Where the journal itself owns to a break, positions may be missing up to the line behind it, and only there."""
    gap = Gap(5, facts[4].hash, 9)
    kept = make(open_database(None))
    kept.apply(facts[:5])
    with pytest.raises(Conflict):
        kept.apply([facts[9]], [gap])
    kept.apply([facts[6], facts[8]], [gap])
    assert kept.standing().position == 9
    with pytest.raises(Conflict):
        kept.apply([facts[10]], [gap])


def test_catching_up_reads_on_behind_a_break():
    """Salvaged lines and the chain that goes on are taken in; a line that follows neither is corruption."""
    lines, head, heads = [], Head(), []
    for position in range(1, 9):
        lines.append(sealed(position, head))
        head = Head(position, bytes.fromhex(lines[-1][:64].decode()))
        heads.append(head)
    beyond = sealed(7, heads[2])

    class Broken(MemoryJournal):
        """Good up to 3; 5 was salvaged; goes on with 7."""

        gaps = (Gap(3, heads[2].hash, 7),)

        def read(self, after=0):
            stored = [*lines[:3], None, lines[4], None, beyond]
            return (line for number, line in enumerate(stored) if line and number >= after)

    kept = SubjectIndex(open_database(None))
    assert catch_up(kept, Broken(), HOUSE, batch=2) == 5
    assert kept.positions_of("E9") == [1, 2, 3, 5, 7]
    assert kept.standing() == Head(7, bytes.fromhex(beyond[:64].decode()))
    Broken.gaps = ()
    with pytest.raises(Corruption):
        catch_up(SubjectIndex(open_database(None)), Broken(), HOUSE)


RAW = msgspec.Raw(b'{"unit":"E9"}')


def sealed(position, head):
    envelope = Envelope(position, 5, 5, "dispatch.unit_enrolled", 1, "a", f"c{position}", "d", RAW, subjects=["E9"])
    return seal(head.hash, envelope)[1]


def test_another_journal_is_refused(make, journal, facts):
    """What was built from one journal takes no line of another, nor of one that has lost its end."""
    other, shorter = lived("somebody else"), MemoryJournal()
    kept = make(open_database(None))
    kept.apply(facts[:10])
    with pytest.raises(Conflict, match="another line"):
        catch_up(kept, other, HOUSE)
    with pytest.raises(Conflict, match="ends before it"):
        catch_up(kept, shorter, HOUSE)
    strange = facts[9]._replace(hash=bytes(32))
    with pytest.raises(Conflict, match="another journal"):
        kept.apply([strange, *facts[10:]])
    assert kept.standing().position == 10


def test_another_writer_is_noticed(make, facts, monkeypatch):
    """When the standing was moved after it was read, the batch is refused whole."""
    kept = make(open_database(None))
    kept.apply(facts[:5])
    before = everything(kept)
    monkeypatch.setattr(kept, "standing_in", lambda connection: Head(3, facts[2].hash))
    with pytest.raises((Conflict, Corruption)):
        kept.apply(facts[3:9])
    monkeypatch.undo()
    assert (everything(kept), kept.standing().position) == (before, 5)


def test_what_fails_within_a_batch_leaves_nothing_of_it(facts, monkeypatch):
    """A projection that raises in the middle, or a write that does: rows and position are as before."""
    broken = facts[20].event.__class__
    projections = {**LEDGER.projections, broken: lambda event, envelope, known: 1 / 0}
    kept = SqlLedger(open_database(None), dataclasses.replace(LEDGER, projections=projections))
    kept.apply(facts[:10])
    before = everything(kept)
    with pytest.raises(Corruption, match=f"position 21: {facts[20].envelope.kind} .*ZeroDivisionError"):
        kept.apply(facts[10:])
    assert (everything(kept), kept.standing().position) == (before, 10)


def test_clearing_and_catching_up_is_the_rebuild(make, journal, facts):
    """Cleared, it stands at the beginning and holds nothing; caught up, it is what it was."""
    kept = make(open_database(None))
    kept.apply(facts)
    before = everything(kept)
    kept.clear()
    assert (kept.standing(), any(everything(kept).values())) == (Head(), False)
    catch_up(kept, journal, HOUSE)
    assert everything(kept) == before


def test_another_edition_of_a_plan_begins_anew(place, journal, facts):
    """A plan whose version, tables or views changed finds its old tables dropped; catching up rebuilds them."""
    kept = SqlLedger(open_database(place), LEDGER)
    kept.apply(facts)
    kept.engine.dispose()
    tables = LEDGER.tables[:-1]
    for plan in (dataclasses.replace(LEDGER, version=2), dataclasses.replace(LEDGER, tables=tables), LEDGER):
        changed = SqlLedger(open_database(place), plan)
        assert changed.standing() == Head()
        if plan.tables is tables:
            with changed.engine.connect() as connection:
                names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
            assert LEDGER.tables[-1].name not in names
            continue
        catch_up(changed, journal, HOUSE)
        assert everything(changed) == everything(kept)
        same = SqlLedger(open_database(place), plan)
        assert same.standing() == journal.head()


@given(st.binary(max_size=200))
def test_a_file_that_is_no_database_is_corruption(make_folder, content):
    """Whatever bytes lie where a ledger should be: it opens empty, or the error names the file and the way out."""
    place = make_folder / "garbage.sqlite"
    place.unlink(missing_ok=True)
    place.write_bytes(content)
    engine, said = open_database(place), "rebuilt, garbage.sqlite"
    try:
        assert SqlLedger(engine, LEDGER).standing() == Head()
    except Corruption as error:
        said = str(error)
    engine.dispose()
    assert all(word in said for word in ("garbage.sqlite", "rebuilt"))


@pytest.fixture(scope="module")
def make_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("garbage")


def test_a_place_that_cannot_be_opened_is_unavailable(tmp_path):
    """A folder where the file should be: the error says which."""
    (tmp_path / "kept.sqlite").mkdir()
    with pytest.raises(Unavailable, match=r"kept\.sqlite"):
        SqlLedger(open_database(tmp_path / "kept.sqlite"), LEDGER)
