"""A ledger as Parquet: every version, typed, and the same answers from another engine."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.adapters.ledgers.parquet import export
from redstick.dispatch.reads.projections import LEDGER

INSTANTS = ("opened_at", "closed_at", "valid_from", "valid_to", "recorded_from", "recorded_to")


@pytest.fixture
def ledger(facts):
    made = SqlLedger(open_database(None), LEDGER)
    made.apply(facts)
    return made


def test_every_version_is_exported(ledger, tmp_path):
    """One file a table, a row a version, also for a table without rows; nothing half-written stays behind."""
    counts = export(ledger, tmp_path / "out")
    assert counts == {name: len(ledger.history(name)) for name in ledger.schema.tables}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(f"{name}.parquet" for name in counts)
    for name, count in counts.items():
        assert pq.read_table(tmp_path / "out" / f"{name}.parquet").num_rows == count
    empty = SqlLedger(open_database(None), LEDGER)
    assert set(export(empty, tmp_path / "empty").values()) == {0}
    assert pq.read_table(tmp_path / "empty" / "notes.parquet").num_rows == 0


def test_columns_have_their_types_and_files_say_where_they_stand(ledger, tmp_path):
    """Instants are UTC timestamps in milliseconds, flags booleans; the metadata names ledger, edition and position."""
    export(ledger, tmp_path)
    schema = pq.read_schema(tmp_path / "incidents.parquet")
    assert all(schema.field(name).type == pa.timestamp("ms", tz="UTC") for name in INSTANTS)
    assert schema.field("cancelled").type == pa.bool_()
    assert schema.field("priority").type == pa.int64()
    standing = ledger.standing()
    assert schema.metadata[b"redstick.ledger"] == b"dispatch"
    assert schema.metadata[b"redstick.position"] == str(standing.position).encode()
    assert schema.metadata[b"redstick.hash"] == standing.hash.hex().encode()


def test_another_engine_gives_the_same_answers(ledger, tmp_path):
    """What was believed at any position, about now: one predicate over the file gives the ledger's own rows."""
    export(ledger, tmp_path)
    table = pq.read_table(tmp_path / "incidents.parquet")
    for position in range(ledger.standing().position + 1):
        held = (pc.field("position_from") <= position) & (pc.field("position_to") > position)
        last = pc.field("valid_to") == pa.scalar(253_402_300_799_999, pa.timestamp("ms", tz="UTC"))
        told = {(row["incident"], row["kind"], row["disposition"]) for row in table.filter(held & last).to_pylist()}
        rows = ledger.rows("incidents", position=position)
        assert told == {(row["incident"], row["kind"], row["disposition"]) for row in rows}
