"""Our common codes against the published lists: incident types and dispositions."""

import csv

import pytest

from redstick.dispatch.codes.default import DEFAULT
from redstick.dispatch.codes.table import check
from redstick.dispatch.place import LocationType


@pytest.fixture
def codes(third_party):
    """The codes of one list of the standard."""

    def read(name):
        with third_party(f"ng911/eido/codes/{name}.csv").open(encoding="utf-8", newline="") as file:
            return [row["code"] for row in csv.DictReader(file)]

    return read


def test_the_lists_are_whole(codes):
    """247 rows of kinds, 245 distinct; 45 dispositions: so that the next test judges by the real lists."""
    types = codes("incident_types")
    assert (len(types), len(set(types)), len(codes("dispositions"))) == (247, 245, 45)


def test_every_shipped_code_is_one_of_the_standard(codes):
    """The default table, judged by both lists."""
    assert check(DEFAULT, set(codes("incident_types")), set(codes("dispositions"))) == []


def test_a_code_that_the_standard_does_not_have_would_be_seen(codes):
    """The check can fail: without one code of the list, the word that uses it is named."""
    types = set(codes("incident_types")) - {"FSTRU"}
    assert [one.word for one in check(DEFAULT, types, set(codes("dispositions")))] == ["Structure fire"]


def test_location_types_are_those_of_the_standard(codes):
    """Spellings literal, none missing, none of our own."""
    assert sorted(LocationType) == sorted(codes("location_types"))
