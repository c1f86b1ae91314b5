"""The EIDO codec: what it reads it writes again, and what it refuses it names by its path."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.eido import components
from redstick.protocols.eido.codec import MOST_BYTES, check, decode, encode
from redstick.protocols.faults import Malformed
from redstick.protocols.json_tree import MOST_DEPTH

NOW = "2026-11-20T18:00:00.000+00:00"
US = components.Reference("ecc.parish.example")
PROLOGUE = {"last_update_time_stamp": NOW, "updated_by_agency_reference": US}
CIRCLE = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" '
    'xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:gml="http://www.opengis.net/gml" entity="pres:a@b">'
    "<gp:geopriv><gp:location-info><gs:Circle><gml:pos>{pos}</gml:pos><gs:radius>{radius}</gs:radius></gs:Circle>"
    "</gp:location-info></gp:geopriv></presence>"
)


def eido(**parts):
    """A small EIDO with what a test adds."""
    agency = components.Agency(
        id="ecc.parish.example", agency_role_description_registry_text=("CallReceiving",), agency_type=("psap",),
        **PROLOGUE,
    )  # fmt: skip
    return components.Eido(
        id="urn:emergency:uid:incidentid:0123456789:cad.parish.example", eido_version="1.0",
        issuing_element_identification="cad.parish.example", agency_component=(agency,), **PROLOGUE, **parts,
    )  # fmt: skip


def located(pos="30.1 -91.2", radius="35"):
    """An EIDO whose location is a circle."""
    place = components.Location(
        id="place@cad.parish.example", location_type_description_registry_text="Caller",
        location_by_value=CIRCLE.format(pos=pos, radius=radius), **PROLOGUE,
    )  # fmt: skip
    return eido(location_component=(place,))


def places(value):
    """Where the strict check finds faults in a JSON value."""
    return [fault.place for fault in check(json.dumps(value).encode())]


def test_what_is_written_is_read_again():
    """The same value, and the same bytes."""
    value = located()
    assert decode(encode(value)) == value
    assert encode(decode(encode(value))) == encode(value)


def test_every_misfit_is_named_not_the_first_alone():
    """Two faults in different components are two lines."""
    value = json.loads(encode(located()))
    value["agencyComponent"][0]["agencyType"] = "psap"
    del value["locationComponent"][0]["lastUpdateTimeStamp"]
    assert places(value) == ["$.agencyComponent[0].agencyType", "$.locationComponent[0].lastUpdateTimeStamp"]


def test_a_null_is_no_value_left_out():
    """The schema knows no nulls; neither do we."""
    value = json.loads(encode(eido())) | {"eidoExtensionId": None}
    assert places(value) == ["$.eidoExtensionId"]


def test_an_id_stands_once():
    """A reference to an id that stands twice would mean two things."""
    value = json.loads(encode(eido()))
    value["agencyComponent"] *= 2
    assert places(value) == ["$"]


@pytest.mark.parametrize("radius", ["0", "-5", "NaN", "1e99", "99999999", ""])
def test_an_uncertainty_that_cannot_be_is_refused(radius):
    """More than nothing, less than half around the earth, and a number."""
    [fault] = check(encode(located(radius=radius)))
    assert fault.place.startswith("$.locationComponent[0].locationByValue")


@pytest.mark.parametrize("pos", ["91 0", "0 181", "30.1", "a b"])
def test_a_position_that_cannot_be_is_refused(pos):
    """Latitude first, both within their bounds."""
    assert len(check(encode(located(pos=pos)))) == 1


def test_an_entity_bomb_inside_a_location_expands_nothing():
    """A document type is refused before it is looked at."""
    bomb = '<!DOCTYPE presence [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><presence>&b;</presence>'
    place = components.Location(
        id="p@x", location_type_description_registry_text="Caller", location_by_value=bomb, **PROLOGUE
    )
    [fault] = check(encode(eido(location_component=(place,))))
    assert "no document type" in fault.expected


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "$ (line 1, column 1)"), (b"\xff", "$ (byte 0)"), (b'{"a":1,"a":2}', "$ (the name 'a')"),
        (b'{"a":NaN}', "$ (the value NaN)"), (b'{"a":"\\ud800"}', "$.a"), (b"[]", "$"),
        (b"[" * 100_000 + b"]" * 100_000, "$"), (b"9" * 10_000, "$"),
    ],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_named(data, place):
    """Bytes, texts, names, numbers and depth: each fault says where."""
    assert check(data)[0].place.startswith(place)


def test_size_and_depth_are_bounded():
    """One byte or one level more is refused."""
    assert "bytes" in check(b" " * (MOST_BYTES + 1))[0].expected
    deep = json.loads(encode(eido())) | {"@context": {}}
    for _ in range(MOST_DEPTH):
        deep["@context"] = {"a": deep["@context"]}
    assert "levels" in check(json.dumps(deep).encode())[0].expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["$id", "$ref", "callComponent", "x"]), inner),
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_in_nothing_but_named_faults_comes_out(data):
    """Random bytes and random JSON: faults with a place, never another exception."""
    assert all(fault.place and fault.expected for fault in check(data))
    with pytest.raises(Malformed):
        decode(data)


@given(st.data())
def test_a_right_eido_with_one_spoiled_part_is_read_or_named(data):
    """One node of a right EIDO is replaced by anything."""
    value = json.loads(encode(located()))
    node, step = value, data.draw(st.sampled_from(sorted(value)))
    while isinstance(node[step], dict | list) and node[step] and data.draw(st.booleans()):
        node = node[step]
        step = data.draw(st.sampled_from(sorted(node))) if isinstance(node, dict) else 0
    node[step] = data.draw(JSON)
    raw = json.dumps(value).encode()
    faults = check(raw)
    assert all(fault.place.startswith("$") for fault in faults)
    if not faults:
        assert decode(encode(decode(raw))) == decode(raw)
