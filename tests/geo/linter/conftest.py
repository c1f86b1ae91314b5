"""Small sound cities to plant faults in."""

import dataclasses

import numpy as np
import pytest

from redstick.geo.city import City, Station, Zone
from redstick.geo.importers.assemble import SegmentDraft, assemble
from redstick.geo.linter import lint

X, Y, STEP = -911_000_000, 304_000_000, 10_000  # a step is 0.001 degrees: about a hundred metres


@pytest.fixture
def street():
    """Makes a segment from (column, row) corners in steps, with any field of a draft."""

    def make(id_, *corners, name="MAIN ST", **fields):
        points = np.array([(round(X + column * STEP), round(Y + row * STEP)) for column, row in corners], np.int32)
        return SegmentDraft(id_, points, name=name, **fields)

    return make


@pytest.fixture
def sound(street):
    """A square of four streets, each of two numbered blocks that go on: nothing to find."""
    corners = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1), (0, 0)]
    names = ["MAIN ST", "MAIN ST", "OAK AVE", "OAK AVE", "GOVERNMENT ST", "GOVERNMENT ST", "RIVER RD", "RIVER RD"]
    return [
        street(
            str(i + 1),
            corners[i],
            corners[i + 1],
            name=names[i],
            ranges=(1, 99, 2, 98) if i % 2 == 0 else (101, 199, 100, 198),
        )
        for i in range(8)
    ]


@pytest.fixture
def found():
    """Lints a city of these segments and returns {code: [findings]}."""

    def run(drafts, **fields):
        city = City("Ville", "America/Chicago", assemble(drafts, "")[0])
        findings = {}
        for finding in lint(dataclasses.replace(city, **fields)):
            findings.setdefault(finding.code, []).append(finding)
        return findings

    return run


@pytest.fixture
def area():
    """Makes a zone from its west, south, east and north in steps."""

    def make(id_, west, south, east, north, **fields):
        w, s, e, n = (round(value) for value in (X + west * STEP, Y + south * STEP, X + east * STEP, Y + north * STEP))
        ring = np.array([[w, s], [e, s], [e, n], [w, n], [w, s]], np.int32)
        return Zone(id_, id_, "beat", fields.pop("kind", "beat"), ((ring,),), **fields)

    return make


@pytest.fixture
def station():
    """Makes a station at a (column, row) in steps."""
    return lambda id_, column, row: Station(id_, id_, round(X + column * STEP), round(Y + row * STEP))
