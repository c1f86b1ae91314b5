"""Real workbooks: three years of gunshot alerts of Washington, read with typed dates."""

import pytest

from redstick.dispatch.history.column_map import FileForm
from redstick.dispatch.history.opening import open_table


@pytest.mark.parametrize(("year", "n"), [(2014, 9637), (2015, 7952), (2016, 5872)])
def test_every_alert_is_read(third_party, year, n):
    """As many rows as the workbook holds, none refused, dates as ISO 8601."""
    table = open_table(third_party(f"crimecenter/ShotSpotter{year}.xlsx"), FileForm(), None)
    pieces = list(table.pieces)
    assert sum(len(piece.rows) for piece in pieces) == n
    assert not any(piece.refused for piece in pieces)
