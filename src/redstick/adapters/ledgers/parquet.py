"""A ledger as Parquet files, one a table, so that any engine can read a city's history."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, select

from redstick.adapters.ledgers.database import answered
from redstick.adapters.ledgers.ledger import SqlLedger
from redstick.adapters.ledgers.schema import StoredTable
from redstick.kernel.envelope import Head
from redstick.kernel.ledgers import Kind

ROWS_AT_ONCE = 50_000
INSTANT = pa.timestamp("ms", tz="UTC")
TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.INSTANT: INSTANT,
    Kind.LINE: pa.int64(),
}
VERSION_FIELDS = [
    pa.field("valid_from", INSTANT),
    pa.field("valid_to", INSTANT),
    pa.field("recorded_from", INSTANT),
    pa.field("recorded_to", INSTANT),
    pa.field("position_from", pa.int64()),
    pa.field("position_to", pa.int64()),
    pa.field("recorded_by", pa.string()),
]


def export(ledger: SqlLedger, folder: Path) -> dict[str, int]:
    """Write every version of every row to `folder/<table>.parquet`, all as of one position; gives rows by table.

    The files' metadata names ledger, edition, position and the hash there. Files take their names when they are whole.
    Raises OSError when they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with answered(ledger.engine), ledger.engine.connect() as connection, connection.begin():
        standing = ledger.standing_in(connection)
        for name, stored in ledger.schema.tables.items():
            path = folder / f"{name}.parquet"
            beside = path.with_name(f".{path.name}.part")
            counts[name] = _write(connection, stored, _schema(ledger, stored, standing), beside)
            beside.replace(path)
    return counts


def _schema(ledger: SqlLedger, stored: StoredTable, standing: Head) -> pa.Schema:
    columns = (*stored.declared.key, *stored.declared.columns)
    fields = [*(pa.field(column.name, TYPES[column.kind]) for column in columns), *VERSION_FIELDS]
    said = {"ledger": ledger.plan.name, "edition": ledger.plan.edition, "about": stored.declared.about}
    said |= {"position": str(standing.position), "hash": standing.hash.hex()}
    return pa.schema(fields, metadata={f"redstick.{key}": value for key, value in said.items()})


def _write(connection: Connection, stored: StoredTable, schema: pa.Schema, path: Path) -> int:
    held = stored.sql.c
    query = select(*(held[name] for name in schema.names)).order_by(held.position_from, held.valid_from)
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in connection.execute(query).partitions(ROWS_AT_ONCE):
            columns = zip(*rows, strict=True)
            arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(rows)
    return count


def _array(values: tuple[object, ...], kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pa.array([None if value is None else bool(value) for value in values], kind)
    return pa.array(values, kind)
