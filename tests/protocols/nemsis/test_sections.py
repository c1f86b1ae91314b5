"""eDispatch and eTimes: what the dictionary asks for, NOT values where it allows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.nemsis.sections import (
    KINDS,
    NOT_ALLOWED,
    TIMES,
    Not,
    Usage,
    faults_of,
    out_of_order,
    read_fragment,
    write_fragment,
)
from redstick.protocols.times import write_time

NOON = 1_700_000_000_000


def values(**other):
    """Every required value, as times a minute apart."""
    needed = [name for name, kind in TIMES.items() if kind.usage in {Usage.MANDATORY, Usage.REQUIRED}]
    right = {name: write_time(NOON + 60_000 * count) for count, name in enumerate(needed)}
    right |= {"eDispatch.01": "2301033", "eDispatch.02": Not.RECORDED}
    return right | {name.replace("_", "."): value for name, value in other.items()}


def test_a_fragment_comes_back_as_it_was():
    """Values, and NOT values as empty elements with xsi:nil."""
    whole = values(eTimes_07=Not.APPLICABLE, eTimes_08=Not.REPORTING, eDispatch_06="inc_1:1")
    data = write_fragment(whole)
    assert b'<eTimes.07 xsi:nil="true" NV="7701001" />' in data
    assert read_fragment(data) == whole


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_element_that_must_be_there_is_missed(name):
    """Mandatory and required ones are one fault each, others none."""
    less = {key: value for key, value in values().items() if key != name}
    needed = KINDS[name].usage in {Usage.MANDATORY, Usage.REQUIRED}
    assert [fault.place for fault in faults_of(less)] == ([f"/{name}"] if needed else [])


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("why", list(Not))
def test_a_not_value_stands_only_where_it_may(name, why):
    """Never for a mandatory element, nor for an optional one, which is left out."""
    found = faults_of(values() | {name: why})
    assert (found == []) is (why in NOT_ALLOWED[KINDS[name].usage])


@pytest.mark.parametrize(
    "value", ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20", "1949-01-01T00:00:00+00:00", "soon", ""]
)
def test_a_time_has_its_offset_in_figures(value):
    """The dictionary's pattern takes no Z, and its years are 1950 to 2050."""
    assert len(faults_of(values(eTimes_03=value))) == 1


def test_times_out_of_order_are_warnings():
    """The record stands; each pair that runs backwards is named."""
    backwards = values(eTimes_13=write_time(NOON - 1))
    assert faults_of(backwards) == []
    assert {fault.place for fault in out_of_order(backwards)} == {"/eTimes.13"}
    assert out_of_order(values()) == []


def test_a_fragment_with_a_fault_is_not_written():
    """It says which."""
    with pytest.raises(ValueError, match=r"eTimes\.03"):
        write_fragment(values(eTimes_03=Not.RECORDED))


@pytest.mark.parametrize(
    "text",
    [
        "<eTimes><eTimes.99/></eTimes>",
        '<eTimes><eTimes.07 NV="7701001"/></eTimes>',
        '<eTimes><eTimes.07 xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true" NV="1"/></eTimes>',
        "<eTimes><eTimes.07>x</eTimes.07><eTimes.07>x</eTimes.07></eTimes>",
    ],
)
def test_what_is_no_fragment_is_refused(text):
    """Unknown elements, elements twice, NOT values that are none."""
    with pytest.raises(Malformed):
        read_fragment(f"<PatientCareReport>{text}</PatientCareReport>".encode())


@given(st.binary() | st.text("<>/eTims.0123 =\"'").map(lambda text: f"<P><eTimes>{text}</eTimes></P>".encode()))
def test_any_bytes_are_refused_with_a_place(data):
    """Never another exception."""
    with pytest.raises(Malformed) as caught:
        read_fragment(data)
    assert caught.value.faults[0].place
