"""What people call about: each test states one fact."""

import pytest

from redstick.simulation.crew import TURNOUT_S
from redstick.simulation.natures import HOUR_SHARE, NATURES, SAID
from redstick.simulation.parish.furniture import units
from redstick.simulation.shift import DISPOSITIONS


@pytest.mark.parametrize("nature", NATURES, ids=lambda nature: nature.kind)
def test_every_nature_can_be_told_served_and_ended(nature):
    """Callers have words for it, the fleet has every unit that it needs, and there is a way to close it."""
    assert SAID[nature.kind]
    assert nature.group in DISPOSITIONS
    assert 1 <= nature.priority <= 5
    fleet = [unit.kind for unit in units()]
    for need in nature.needs:
        assert sum(kind in need.kinds for kind in fleet) >= need.count


def test_only_who_sends_a_medic_transports():
    """A chance of transport needs an ambulance among the units."""
    for nature in NATURES:
        carries = any("medic" in need.kinds for need in nature.needs)
        assert carries or nature.transport == 0, nature.kind


def test_names_are_told_apart():
    """No two natures bear one name, and no words belong to a nature that there is not."""
    assert len({nature.kind for nature in NATURES}) == len(NATURES)
    assert set(SAID) == {nature.kind for nature in NATURES}


def test_the_busiest_hour_is_one():
    """Twenty-four shares, each above nought, the largest 1: the thinning of calls rests on it."""
    assert len(HOUR_SHARE) == 24
    assert min(HOUR_SHARE) > 0
    assert max(HOUR_SHARE) == 1


def test_every_kind_of_unit_knows_its_turnout():
    """Each kind of the fleet has a time from alert to rolling."""
    assert {unit.kind for unit in units()} == set(TURNOUT_S)
