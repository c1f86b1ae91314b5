"""Additional data of a call: every published block read, by value and by reference, and none of it costs the call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.additional_data.blocks import KINDS, additional_data_of, read_block
from redstick.protocols.additional_data.crash import read_crash
from redstick.protocols.faults import Malformed
from redstick.protocols.sip.bodies import Part, Parts
from redstick.protocols.sip.headers import Kind
from redstick.protocols.sip.messages import Request

FOLDER = "ng911/examples/AdditionalDataFiles"


def call(*values):
    """An INVITE with Call-Info headers."""
    return Request(method="INVITE", uri="urn:service:sos", headers=tuple(("Call-Info", value) for value in values))


def part(body, ident="d@caller"):
    """A part of a body."""
    return Part(Kind("application/emergencycalldata.comment+xml"), body, (("Content-ID", f"<{ident}>"),))


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        (
            "ProvInfo1",
            "ProviderInfo",
            {"DataProviderString": "Smith Telecom Inc.", "ContactURI": "tel:+1-201-555-0123"},
        ),
        ("ServiceInfo1", "ServiceInfo", {"ServiceType": "wireless", "ServiceMobility": "Mobile"}),
        ("DeviceInfo1", "DeviceInfo", {"DeviceMfgr": "Nokia", "DeviceClassification": "fixed"}),
        ("SubInfo1", "SubscriberInfo", {"privacyRequested": "false"}),
        ("Comment1", "Comment", {"Comment": "This is an example of a comment."}),
    ],
)
def test_every_published_block_is_read(third_party, name, kind, values):
    """By kind and by what it says."""
    block = read_block((third_party(FOLDER) / f"{name}.xml").read_bytes())
    assert block.kind == kind
    assert values.items() <= {known: block.get(known) for known, _ in block.values}.items()


def test_whom_to_ask_is_read_from_the_card(third_party):
    """Name, numbers, address and languages of a subscriber and of a provider."""
    [subscriber] = read_block((third_party(FOLDER) / "SubInfo1.xml").read_bytes()).contacts
    assert (subscriber.name, subscriber.numbers[0]) == ("John Smith", "tel:+1 630 681 5006")
    assert subscriber.addresses == ("500 West St., AURORA, IL, 12345, USA",)
    [provider] = read_block((third_party(FOLDER) / "ProvInfo1.xml").read_bytes()).contacts
    assert provider.languages == ("en", "de")


def test_a_block_by_value_is_read_and_one_by_reference_told(third_party):
    """The purpose without regard to case, several on one line; identifiers of the call are not taken for data."""
    comment = (third_party(FOLDER) / "Comment1.xml").read_bytes()
    found = additional_data_of(
        call(
            "<cid:d@caller>;purpose=emergencycalldata.COMMENT, <https://adr.example/1>;purpose=EmergencyCallData.ServiceInfo",
            "<urn:emergency:uid:callid:1234567890:bcf.example>;purpose=emergency-CallId",
        ),
        Parts((part(comment),)),
    )
    assert [(one.kind, one.by_reference) for one in found] == [("Comment", False), ("ServiceInfo", True)]
    assert found[0].block.get("Comment") == "This is an example of a comment."
    assert found[0].raw == comment


def test_what_cannot_be_read_is_kept_with_what_is_wrong():
    """A garbled block, a part that is not there."""
    garbled, gone = additional_data_of(
        call("<cid:d@caller>;purpose=EmergencyCallData.Comment", "<cid:gone>;purpose=EmergencyCallData.Comment"),
        Parts((part(b"<broken"),)),
    )
    assert (garbled.raw, garbled.block, garbled.faults[0].place) == (b"<broken", None, "/ (line 1, column 0)")
    assert gone.faults[0].place == "Call-Info"


@given(st.lists(st.text(max_size=40), max_size=4), st.binary(max_size=60))
def test_whatever_comes_nothing_is_raised(values, body):
    """Any header, any bytes."""
    additional_data_of(call(*values, "<cid:d@caller>;purpose=EmergencyCallData.Comment"), Parts((part(body),)))


@given(st.binary(max_size=80))
def test_any_bytes_are_a_block_or_a_refusal(data):
    """And crash data or a refusal."""
    places = []
    for read in (read_block, read_crash):
        try:
            read(data)
        except Malformed as malformed:
            places.append(malformed.faults[0].place)
    assert all(places)


def test_a_block_in_another_namespace_is_refused():
    """It says of itself what it is not."""
    for kind in KINDS:
        with pytest.raises(Malformed):
            read_block(f'<EmergencyCallData.{kind} xmlns="urn:x"><a>b</a></EmergencyCallData.{kind}>'.encode())


def test_what_a_dispatcher_weighs_is_read_from_crash_data(third_party):
    """Severe injury, a roll, airbags, the change of speed, the vehicle (RFC 8148's own example and three others)."""
    folder = third_party("ng911/examples/VedsFiles")
    crash = read_crash((folder / "VEDS Example RFC 8148.xml").read_bytes())
    assert (crash.severe, crash.rolled_over, crash.airbags_deployed) == (True, True, 1)
    assert (crash.change_m_h, crash.make, crash.model, crash.year) == (160_934, "Saab", "9-5", "2015")
    for name in ("VEDS Example 2", "VEDS 20180824", "VEDS 20180824MultPhoneEmail"):
        assert read_crash((folder / f"{name}.xml").read_bytes()).severe is True


def test_what_crash_data_does_not_say_is_unknown():
    """None, which is not no."""
    data = '<v:AutomatedCrashNotification xmlns:v="http://www.veds.org/acn/3.1"><v:Crash><v:CrashVehicle/></v:Crash></v:AutomatedCrashNotification>'
    crash = read_crash(data.encode())
    assert (crash.severe, crash.rolled_over, crash.change_m_h) == (None, None, None)
