"""Plates: the classes, their order, and what no class may do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.crimecenter.plates.evaluation import CHARACTERS, NoiseModel, evaluate, made_world
from redstick.crimecenter.plates.matching import FOLD, HotList, MatchClass, Wanted, normal

LIST = HotList([Wanted("ABC 1234", "LA", "stolen"), Wanted("A8C1234", "TX"), Wanted("XYZ0001", "LA")])


@pytest.mark.parametrize(("plate", "state", "found"), [
    ("abc-1234", "la", [("ABC 1234", MatchClass.EXACT_STATE)]),
    ("ABC1234", "", [("ABC 1234", MatchClass.EXACT_STATE_UNREAD), ("A8C1234", MatchClass.POSSIBLE_STATE_UNREAD)]),
    ("A8C1234", "LA", [("ABC 1234", MatchClass.POSSIBLE)]),
    ("48C1234", "LA", []),
    ("ABC1234", "MS", []),
    ("ABC123", "LA", []),
    ("XYZOOO1", "LA", []),
    ("XYZ00O1", "LA", [("XYZ0001", MatchClass.POSSIBLE)]),
])  # fmt: skip
def test_a_read_is_put_in_its_class(plate, state, found):
    """Exact, state unread, one confusable; two confusables, another state or another length are no match."""
    assert [(match.wanted.plate, match.match_class) for match in LIST.match(plate, state)] == found


def test_only_an_exact_read_with_its_state_may_lead_to_a_stop():
    """And a person confirms it; no folded class ever may."""
    assert [match_class.may_stop for match_class in MatchClass] == [True, False, False, False]


def test_an_entry_without_a_plate_is_refused():
    """A hot list with an empty line is an error, not a match for every unreadable plate."""
    with pytest.raises(ValueError, match="without a plate"):
        HotList([Wanted(" - ", "LA")])


STATES = ["LA", "TX"]
PLATES = st.text(CHARACTERS, min_size=1, max_size=8)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(PLATES, st.sampled_from(["LA", "TX"])), max_size=12), PLATES, st.sampled_from(["LA", "TX", ""])
)
def test_the_index_finds_what_comparing_with_every_entry_finds(entries, plate, state):
    """No match is missed and none is invented by the index."""
    wanted = [Wanted(*entry) for entry in entries]
    found = sorted((m.wanted.plate, m.wanted.state, m.match_class) for m in HotList(wanted).match(plate, state))
    slow = []
    for entry in wanted:
        same_fold = entry.plate.translate(FOLD) == plate.translate(FOLD)
        differing = sum(a != b for a, b in zip(entry.plate, plate, strict=False))
        if len(entry.plate) != len(plate) or not same_fold or differing > 1 or state not in ("", entry.state):
            continue
        slow.append((entry.plate, entry.state, MatchClass(1 + (state == "") + 2 * differing)))
    assert found == sorted(slow)


@given(PLATES)
def test_folding_twice_is_folding_once(plate):
    """The key of a key is the key, and normalising keeps it."""
    assert plate.translate(FOLD).translate(FOLD) == plate.translate(FOLD)
    assert normal(normal(plate)) == normal(plate)


def test_the_classes_stand_in_the_published_order():
    """On the noise model each further class finds more of the wanted and is right less often."""
    figures = evaluate(*made_world(NoiseModel(wanted=60_000, reads=30_000, wanted_among_reads=400), seed=7))
    recalls, precisions = [f.recall for f in figures], [f.precision for f in figures]
    assert recalls == sorted(recalls)
    assert precisions[0] == max(precisions)
    assert 0.65 < recalls[0] < 0.82
    assert recalls[-1] > 0.84
    assert precisions[0] > 0.8
