"""Which cautions concern a place, and in which words."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.cautions.matching import Nearness, concerning, wording
from redstick.dispatch.place import Place
from redstick.dispatch.rules.cautions import About, Caution, Kept, Shape

METER = 90  # 1e-7 degrees of latitude, about
HOME = Place("12 Oak St, Apt. 3", -910_000_000, 300_000_000, "Baton Rouge", in_geofile=True)


def known(**changes):
    """A caution at home."""
    sound = Caution("c", Shape.CAUTION, About.PLACE, "dog", "loose", "crew", "Ana", 0, 1, HOME)
    return Kept(msgspec.structs.replace(sound, **changes))


def off(meters, **changes):
    """A place so far north of home."""
    return msgspec.structs.replace(HOME, y=HOME.y + meters * METER, **changes)


def one(kept, place, **more):
    """The only match."""
    [match] = concerning([kept], place, **more)
    return match


def test_the_same_validated_address_is_here():
    """However it is spaced and written; the point of another source may differ."""
    match = one(known(), off(200, text="12 OAK  ST APT 3"))
    assert match.nearness is Nearness.HERE
    assert wording(match) == "HERE: dog: loose"


def test_the_same_street_and_number_in_another_town_is_elsewhere():
    """A county has several Oak Streets."""
    assert concerning([known()], off(5_000, municipality="Zachary")) == []


def test_within_the_buffer_is_nearby_and_says_so():
    """With the distance, and never with the word for here; beyond the buffer nothing is said."""
    match = one(known(buffer_m=100), off(60, text="24 Oak St"))
    assert match.nearness is Nearness.NEARBY
    assert wording(match).startswith("Nearby, 60 m: dog")
    assert concerning([known(buffer_m=100)], off(120, text="36 Oak St")) == []


def test_another_suite_of_the_building_is_nearby():
    """One suite's trouble is not the next one's; who names no suite is told of all."""
    kept = known(suite="4")
    assert one(kept, HOME, suite="4").nearness is Nearness.HERE
    assert one(kept, HOME, suite="5").nearness is Nearness.NEARBY
    assert "same building" in wording(one(kept, HOME, suite="5"))
    assert one(kept, HOME).nearness is Nearness.HERE


def test_a_place_that_was_not_validated_is_matched_by_its_point_alone():
    """The text that somebody typed proves nothing."""
    typed = Place("12 Oak St, Apt. 3", municipality="Baton Rouge")
    assert concerning([known()], typed) == []
    assert one(known(), off(10, text="blue house", in_geofile=False)).nearness is Nearness.HERE


def test_a_person_or_vehicle_is_matched_by_its_key():
    """Wherever it is."""
    kept = known(about=About.VEHICLE, key="ABC 123")
    assert one(kept, Place(), keys=["abc 123"]).nearness is Nearness.NAMED
    assert concerning([kept], HOME) == []


def test_a_sensitive_text_is_not_read_out():
    """That there is something to ask for is."""
    assert wording(one(known(sensitive=True), HOME)) == "HERE: dog: sensitive, ask to be shown it"


def test_an_overdue_review_is_said():
    """It stands all the same."""
    kept = known()
    kept.overdue = True
    assert wording(one(kept, HOME)).endswith("(review overdue)")


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 500)), max_size=12), st.randoms())
def test_the_order_of_what_is_known_changes_nothing(spots, random):
    """Here first, then by distance, then by id; whatever is within its buffer is told, whatever is not is not."""
    kept = [known(id=f"c{n}", place=off(m, text=f"{n} Elm St"), buffer_m=buffer) for n, (m, buffer) in enumerate(spots)]
    found = concerning(kept, HOME)
    shuffled = list(kept)
    random.shuffle(shuffled)
    assert concerning(shuffled, HOME) == found
    told = {match.caution.id for match in found}
    for number, (meters, buffer) in enumerate(spots):
        if abs(abs(meters) - buffer) > 5:  # the scale of this test is rounded
            assert (f"c{number}" in told) == (abs(meters) < buffer)
