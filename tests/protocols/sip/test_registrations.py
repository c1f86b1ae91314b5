"""The bindings of a registrar (RFC 3261 section 10.3)."""

import pytest

from redstick.protocols.faults import Malformed
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.registrations import (
    MOST_BINDINGS,
    OutOfOrder,
    TooBrief,
    address_of_record,
    contacts_of,
    registered,
)

HOUR = 3_600_000


def register(*contacts, number=1, call_id="c", expires=None):
    """A REGISTER of alice."""
    extra = (("Expires", str(expires)),) if expires is not None else ()
    return Request(
        method="REGISTER", uri="sip:city.example",
        headers=(("To", "<sip:alice@City.Example;x>"), ("Call-ID", call_id), ("CSeq", f"{number} REGISTER"), *extra,
                 *(("Contact", one) for one in contacts)),
    )  # fmt: skip


def test_a_device_is_bound_for_the_time_it_asks_and_an_hour_otherwise():
    """The parameter wins over the header, and the answer tells the seconds that are left."""
    bindings = registered((), register("<sip:a@192.0.2.1>;expires=120", "<sip:a@192.0.2.2>", expires=600), 0)
    assert {str(one.contact): one.ends_at for one in bindings} == {
        "sip:a@192.0.2.1": 120_000, "sip:a@192.0.2.2": 600_000,
    }  # fmt: skip
    assert registered((), register("<sip:a@192.0.2.1>"), 0)[0].ends_at == HOUR
    assert contacts_of(bindings, 100_000)[0] == ("Contact", "<sip:a@192.0.2.1>;expires=20")
    assert len(contacts_of(bindings, 130_000)) == 1


def test_devices_come_by_preference():
    """The highest q first."""
    bindings = registered((), register("<sip:a@192.0.2.1>;q=0.3", "<sip:a@192.0.2.2>;q=0.75", "<sip:a@192.0.2.3>"), 0)
    assert [one.q for one in bindings] == [1_000, 750, 300]


def test_a_device_is_renewed_removed_and_all_are_removed_by_the_star():
    """Nothing is bound twice; Expires 0 removes; the star removes all, and needs Expires 0."""
    one = registered((), register("<sip:a@192.0.2.1>"), 0)
    again = registered(one, register("<sip:a@192.0.2.1>", number=2), 1_000)
    assert [binding.ends_at for binding in again] == [HOUR + 1_000]
    assert registered(again, register("<sip:a@192.0.2.1>;expires=0", number=3), 2_000) == ()
    assert registered(again, register("*", number=3, expires=0), 2_000) == ()
    with pytest.raises(Malformed):
        registered(again, register("*", number=3), 2_000)
    assert registered(again, register(), 2_000) == again


def test_an_older_request_changes_nothing():
    """One that overtook it on the way was newer (step 7)."""
    bindings = registered((), register("<sip:a@192.0.2.1>", number=5), 0)
    with pytest.raises(OutOfOrder):
        registered(bindings, register("<sip:a@192.0.2.1>;expires=0", number=5), 1)
    with pytest.raises(OutOfOrder):
        registered(bindings, register("*", number=4, expires=0), 1)
    assert registered(bindings, register("<sip:a@192.0.2.1>;expires=0", number=1, call_id="rebooted"), 1) == ()


def test_too_brief_and_too_many_are_refused():
    """Under a minute is 423; one user has at most ten devices."""
    with pytest.raises(TooBrief):
        registered((), register("<sip:a@192.0.2.1>;expires=5"), 0)
    with pytest.raises(Malformed):
        registered((), register(*(f"<sip:a@192.0.2.{n}>" for n in range(MOST_BINDINGS + 1))), 0)


def test_who_registers_is_told_without_parameters():
    """The To alone, its host in lower case (step 5)."""
    assert address_of_record(register()) == "sip:alice@city.example"
    with pytest.raises(Malformed):
        address_of_record(Request(method="REGISTER", uri="sip:x", headers=(("To", "<tel:911>"),)))


@pytest.mark.parametrize(
    ("name", "contact"),
    [
        ("cparam01", "sip:+19725552222@gw1.example.net"),
        ("cparam02", "sip:+19725552222@gw1.example.net;unknownparam"),
        ("regescrt", "sip:user@example.com?Route=%3Csip:sip.example.com%3E"),
        ("escnull", "sip:%00@host5.example.com"),
    ],
)
def test_the_contacts_of_torture_messages_are_bound_as_the_rfc_says(third_party, name, contact):
    """RFC 4475 sections 3.3.12 to 3.3.14 and 3.1.1.4: where a parameter belongs, and escapes, kept as written."""
    request = read_message((third_party("sip/rfc4475") / f"{name}.dat").read_bytes())
    assert contact in {str(binding.contact) for binding in registered((), request, 0)}
