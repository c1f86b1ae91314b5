"""The export that anybody may have of a journal, read back as plain rows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from redstick.adapters.ledgers import SqlLedger, open_database, parquet
from redstick.dispatch.reads.projections import LEDGER
from redstick.kernel.domain import Domain
from redstick.kernel.house import House
from redstick.kernel.ledgers import catch_up
from redstick.kernel.ports import Readable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


def exported(journal: Readable, domain: Domain, folder: Path) -> Rows:
    """Every version of every row, by table: the journal taken into the ledger and written as Parquet."""
    engine = open_database(None)
    ledger = SqlLedger(engine, LEDGER)
    catch_up(ledger, journal, House([domain]))
    parquet.export(ledger, folder)
    engine.dispose()
    tables = {path.stem: pq.read_table(path).to_pylist() for path in sorted(folder.glob("*.parquet"))}
    return {name: [{key: _plain(value) for key, value in row.items()} for row in rows] for name, rows in tables.items()}


def _plain(value: object) -> object:
    """A moment as milliseconds since the epoch; anything else as it is."""
    return (value - EPOCH) // timedelta(milliseconds=1) if isinstance(value, datetime) else value
