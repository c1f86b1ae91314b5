"""Following a source: what it shows, and nothing else, however often it shows it."""

import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "replay"))
from straight_lines import history_of

from redstick.bootstrap import open_in_memory
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.model import MISSING_MS
from redstick.dispatch.history.reading import read
from redstick.dispatch.invariants import broken
from redstick.dispatch.kpi import interval, measure
from redstick.dispatch.reads.ledger import as_history
from redstick.dispatch.shadow.following import follow
from redstick.dispatch.shadow.passes import Comparison, one_pass

NOON = 1_700_000_000_000
LATER = NOON + 10**8
ROOT = Path(__file__).parents[3]


def row(**more):
    """A call with one engine sent."""
    base = {"call": "1", "incident": "1", "unit": "E1", "unit_kind": "ENGINE", "address": "1 OAK ST", "x": 5, "y": 5}
    return base | {"received": NOON, "entered": NOON + 10, "dispatched": NOON + 20} | more


def shown(*passes):
    """The driver after a source has shown each of these lists of rows."""
    driver = open_in_memory()
    for rows in passes:
        account = one_pass(driver, history_of(rows), LATER)
        assert account.refused == []
    assert list(broken(driver.executor.committed["dispatch"])) == []
    return driver


def state_of(driver):
    """The committed fold."""
    return driver.executor.committed["dispatch"]


def test_what_is_shown_twice_is_said_once():
    """A second pass over the same rows has nothing to say."""
    driver = shown([row()])
    assert list(follow(history_of([row()]), state_of(driver))) == []


def test_a_stamp_that_comes_later_is_added():
    """En route in the first pass, on scene in the second."""
    driver = shown([row(en_route=NOON + 30)], [row(en_route=NOON + 30, on_scene=NOON + 90)])
    stamps = state_of(driver).incidents["incident_1"].assignments["E1"].stamps
    assert (stamps["en_route"], stamps["on_scene"]) == (NOON + 30, NOON + 90)


def test_a_stamp_that_the_source_changes_is_a_correction():
    """The new time counts, the old one is kept with the reason."""
    driver = shown([row(en_route=NOON + 30)], [row(en_route=NOON + 25)])
    assignment = state_of(driver).incidents["incident_1"].assignments["E1"]
    assert assignment.stamps["en_route"] == NOON + 25
    assert assignment.corrections[0].was == NOON + 30


def test_an_incident_that_moves_keeps_its_former_place():
    """The source corrects an address: the incident moves, and where it was thought to be is kept."""
    driver = shown([row()], [row(address="1 ELM ST", x=9, y=9)])
    incident = state_of(driver).incidents["incident_1"]
    assert (incident.place.text, incident.former_places[0].text) == ("1 ELM ST", "1 OAK ST")


def test_a_unit_that_is_back_leaves_the_incident_and_the_last_closes_it():
    """Available means that it left; with a disposition the incident is closed."""
    driver = shown([row()], [row(available=NOON + 500, disposition="Fire")])
    incident = state_of(driver).incidents["incident_1"]
    assert (incident.closed_at, incident.disposition) == (NOON + 500, "Fire")


class Straight:
    """One metre an integer, one second a metre."""

    version, calibrated = "line", False

    def seconds_to(self, target, origins):
        """Times along a line."""
        return [(float(abs(x - target[0])), "reached") for x, _ in origins]


def test_a_sending_is_set_beside_the_nearest_free_unit():
    """E1 was sent from 100 m, E2 stood free at 20 m: the gain is said; E3, nearer still, was at work elsewhere."""
    homes = {"E1": (105, 5), "E2": (25, 5), "E3": (6, 5)}
    elsewhere = {"call": "0", "incident": "0", "address": "9 ELM ST"}
    driver = open_in_memory()
    seen = [row(unit=name, **elsewhere, available=NOON + 90) for name in ("E1", "E2")] + [row(unit="E3", **elsewhere)]
    one_pass(driver, history_of(seen), NOON + 100)
    account = one_pass(driver, history_of([*seen, row()]), NOON + 200, Comparison(Straight(), homes))
    [found] = account.compared
    assert (found.sent, found.sent_s, found.nearest, found.nearest_s, found.gain_s) == ("E1", 100, "E2", 20, 80)


def test_a_sending_that_is_caught_up_with_is_not_compared():
    """Hours later nobody can say who was free."""
    account = one_pass(open_in_memory(), history_of([row()]), LATER, Comparison(Straight(), {"E1": (105, 5)}))
    assert account.compared == []


STAMPS = ("en_route", "on_scene", "available")
SHOWINGS = st.lists(
    st.dictionaries(st.sampled_from(STAMPS), st.integers(21, 999).map(lambda s: NOON + s), max_size=3), max_size=5
)


@given(SHOWINGS)
def test_the_last_showing_is_what_stands(showings):
    """However stamps come and change, every stamp of the last showing stands as it was shown."""
    driver = shown(*[[row(**stamps)] for stamps in showings])
    if not showings:
        return
    kept = state_of(driver).incidents["incident_1"].assignments["E1"].stamps
    for name, time in showings[-1].items():
        if not any("available" in earlier for earlier in showings[:-1]):
            assert kept[name] == time


def test_san_franciscos_week_followed_in_pieces_is_the_week(third_party):
    """The export shown in three growing pieces leaves the same times as the whole of it shown at once."""
    path = third_party("cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz")
    whole = read(path, ColumnMap.load(ROOT / "examples" / "san_francisco" / "columns.toml"))
    part = whole.where(whole.stamps["received"] < whole.stamps["received"].min() + 10**8)
    driver = open_in_memory()
    for history in (part, part, whole):
        one_pass(driver, history, int(whole.stamps["available"].max()))
    folded = as_history(state_of(driver), "shadow", whole.time_zone)
    for name in ("queue", "turnout", "travel", "response"):
        [a], [b] = measure(whole, [interval(name)]), measure(folded, [interval(name)])
        assert (a.n_used, a.percentiles_s) == (b.n_used, b.percentiles_s)


def test_houstons_feed_is_followed_to_its_end(third_party):
    """What the feed stopped showing is closed at its last showing; what the last snapshot shows is open."""
    path = third_party("cad/houston_live_2025-03-03_2025-03-07.jsonl.gz")
    history = read(path, ColumnMap.load(ROOT / "examples" / "houston" / "columns.toml"))
    driver = open_in_memory()
    latest = int(history.windows.last_seen_ms.max())
    assert one_pass(driver, history, latest).refused == []
    state = state_of(driver)
    assert list(broken(state)) == []
    still = {history.incident.text(i) for i in range(len(history)) if int(history.windows.last_seen_ms[i]) == latest}
    assert {incident.number for incident in state.incidents.values() if incident.closed_at is None} == still
    assert MISSING_MS not in {incident.opened_at for incident in state.incidents.values()}
