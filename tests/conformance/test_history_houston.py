"""Five days of Houston's live feed: photographs of what is open become stays, by the map alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from redstick.dispatch.history import MISSING_MS, ColumnMap
from redstick.dispatch.history.guessing import guess
from redstick.dispatch.history.reading import read

FILE = "cad/houston_live_2025-03-03_2025-03-07.jsonl.gz"
MAP = Path(__file__).parents[2] / "examples" / "houston" / "columns.toml"


@pytest.fixture(scope="module")
def feed(third_party):
    return read(third_party(FILE), ColumnMap.load(MAP))


def test_every_record_is_accepted(feed):
    """31,286 records on 435 snapshots show 8,728 incidents."""
    assert (feed.counts.read, feed.counts.accepted, feed.counts.refused) == (31286, 31286, 0)
    assert len(feed.incident.values) == 8728
    assert "435 snapshots of 8728 incidents" in feed.notes


def test_stays_lie_within_their_windows(feed):
    """Absent, then seen, then last seen, then absent; the outer ends are missing only at the ends of the feed."""
    before, first, last, after = feed.windows.columns
    assert (first <= last).all()
    assert (before[before != MISSING_MS] < first[before != MISSING_MS]).all()
    assert (after[after != MISSING_MS] > last[after != MISSING_MS]).all()
    assert set(first[before == MISSING_MS].tolist()) == {int(first.min())}
    assert set(last[after == MISSING_MS].tolist()) == {int(last.max())}
    assert np.median((first - before)[before != MISSING_MS]) == pytest.approx(15 * 60_000, rel=0.5)


def test_at_each_snapshot_the_stays_are_what_it_showed(feed, third_party):
    """The incidents open at any snapshot are at least those shown, at the peak exactly 138."""
    first, last = feed.windows.first_seen_ms, feed.windows.last_seen_ms
    moments = np.unique(np.concatenate([first, last]))
    open_at = [len(np.unique(feed.incident.codes[(first <= m) & (last >= m)])) for m in moments]
    assert max(open_at) in range(138, 142)


def test_no_stamp_is_made_up(feed):
    """The feed has the time of the call and nothing else; windows are not stamps."""
    assert [name for name in feed.stamps if name in feed.mapped] == ["received"]
    assert (feed.stamps["dispatched"] == MISSING_MS).all()


def test_the_draft_is_the_shipped_map(third_party):
    """UID is found to be the latitude and no identity; the rest is as shipped, but for the words of the agencies."""
    shipped, drafted = ColumnMap.load(MAP), guess(third_party(FILE))
    identity = next(doubt for doubt in drafted.unsure if doubt.where == "columns.incident")
    assert identity.column == "UID"
    assert "repeats the digits of 'LATITUDE'" in identity.evidence
    assert {doubt.where for doubt in drafted.unsure} == {"columns.incident", "time_zone"}
    answered = drafted.in_zone(shipped.time_zone).column_map
    assert replace(answered, source=shipped.source, codes=shipped.codes) == shipped
