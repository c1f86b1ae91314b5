"""Log events: the table against the published interface, signatures that hold, and every misfit with its place."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.emergency_ids import (
    EmergencyId,
    call_info_of,
    emergency_ids_of,
    is_domain_name,
    read_emergency_id,
)
from redstick.protocols.faults import Malformed
from redstick.protocols.log_events.checking import faults_of
from redstick.protocols.log_events.kinds import ENVELOPE, LISTS, NEEDS, NUMBERS, SPELLINGS, WORDS
from redstick.protocols.log_events.signing import Standing, read_logged, write_logged
from redstick.protocols.sip.messages import Request

NOW = 1_800_000_000_000
EVENT = {
    "logEventType": "CallStartLogEvent", "timestamp": "2026-04-10T09:58:03.739607095Z", "elementId": "chfe.ng911.test",
    "agencyId": "ng911.test", "callId": "urn:emergency:uid:callid:1234567890:bcf.ng911.test",
    "incidentId": "urn:emergency:uid:incidentid:1234567890:bcf.ng911.test", "callIdSip": "a@b", "direction": "incoming",
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*EVENT, *LISTS, *NUMBERS]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def issued(name, key, issuer_name, issuer_key, days=10):
    """A certificate of a test authority."""
    at = datetime.fromtimestamp(NOW / 1_000, tz=UTC)
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer_name)]
    builder = x509.CertificateBuilder().subject_name(named[0]).issuer_name(named[1]).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(days=1))
    return builder.not_valid_after(at + timedelta(days=days)).sign(issuer_key, None)


@pytest.fixture(scope="module")
def authority():
    """Keys and certificates: a root, and an element that it vouches for."""
    root, own = Ed448PrivateKey.generate(), Ed448PrivateKey.generate()
    return issued("root", root, "root", root), own, issued("chfe.ng911.test", own, "root", root)


def test_the_kinds_and_what_they_need_are_those_of_the_published_interface(third_party):
    """All 62; where the interface contradicts itself we take what `kinds` says, and nothing else differs."""
    schemas = yaml.safe_load(third_party("ng911/i3/loggingservice.yaml").read_text())["components"]["schemas"]
    listed = schemas["LogEventType"]["enum"]
    assert set(NEEDS) == set(listed)
    assert len(listed) == 62
    names = {ours: theirs for theirs, ours in SPELLINGS.items() if theirs in schemas}
    for kind, needs in NEEDS.items():
        refs = ((part, part.get("$ref", "").rpartition("/")[2]) for part in schemas[names.get(kind, kind)]["allOf"])
        parts = [schemas[name] if name else part for part, name in refs]
        wanted = {one.replace("mediaLabal", "mediaLabel") for part in parts for one in part.get("required", [])}
        assert wanted == {*ENVELOPE, *needs}, kind
    assert set(WORDS["direction"]) == set(schemas["Direction"]["enum"])


def test_a_good_event_has_no_fault():
    """And each of its mandatory members is missed."""
    assert faults_of(EVENT) == []
    for name in (*ENVELOPE, "direction"):
        lacking = {key: value for key, value in EVENT.items() if key != name}
        assert f"$.{name}" in {fault.place for fault in faults_of(lacking)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timestamp", "2015-02-30T12:58:03.01-05:00"), ("timestamp", "2015-12-21T12:58:03.01-13:00"),
        ("timestamp", "2015-12-21T12:58:03"), ("elementId", "bcf#.ng911.te$t"), ("elementId", ".ng911.test"),
        ("elementId", "bcf..ng911.test"), ("elementId", "a." + "x" * 300), ("agencyAgentId", "tester@@ng911.test"),
        ("agencyAgentId", ".tester@ng911.test"), ("callId", "urn:emergency:uid:callidd:123456789qwerty:bcf.ng911.test"),
        ("callId", "urn:emergency:uid:callid:123456789:bcf.ng911.test"), ("callIdSip", ""), ("localUse", 123),
        ("callId", "urn:emergency:uid:callid:123456789qwerty::bcf.ng911.test"),
        ("ipAddressPort", "192.168.64..15:8080"),
        ("ipAddressPort", "192.168.64.15:65536"), ("direction", "incomingg"), ("standardPrimaryCallType", "emergencyy"),
        ("mediaLabel", []), ("expires", "1"), ("agencyPositionId", 123), ("logEventType", "CallStateChangeLogEventt"),
    ],
)  # fmt: skip
def test_what_a_logging_service_must_refuse_is_a_fault_at_its_place(name, value):
    """The variations of the published tests of a logging service, one by one."""
    assert [fault.place for fault in faults_of(EVENT | {name: value})] == [f"$.{name}"]


@given(JSON)
def test_any_value_has_faults_or_none(value):
    """Nothing is raised, and each fault names its place."""
    assert all(fault.place.startswith("$") for fault in faults_of(value))


def test_a_signed_event_is_read_with_who_signed_it(authority):
    """By a chain that ends in what is trusted, at a time at which it held."""
    root, key, certificate = authority
    read = read_logged(write_logged(EVENT, key, [certificate]), [root], NOW)
    assert (read.event, read.standing, read.signer) == (EVENT, Standing.SIGNED, "CN=chfe.ng911.test")


def test_an_unsigned_event_says_so():
    """By the algorithm `none` and an empty signature, and in no other way."""
    data = write_logged(EVENT)
    assert read_logged(data).standing is Standing.UNSIGNED
    with pytest.raises(Malformed):
        read_logged(data.replace(b'"signature": ""', b'"signature": "AA"'))


@pytest.mark.parametrize("member", ["protected", "payload", "signature"])
def test_a_signature_holds_for_these_very_bytes_only(authority, member):
    """One sign changed anywhere is refused."""
    _, key, certificate = authority
    value = json.loads(write_logged(EVENT, key, [certificate]))
    text = value[member]
    value[member] = text[:8] + ("A" if text[8] != "A" else "B") + text[9:]
    with pytest.raises(Malformed):
        read_logged(json.dumps(value).encode())


def test_a_chain_must_hold(authority):
    """Another authority, another time, another key: each is refused by its place."""
    root, key, certificate = authority
    stranger = Ed448PrivateKey.generate()
    other = issued("root", stranger, "root", stranger)
    good = write_logged(EVENT, key, [certificate])
    for data, anchors, now in (
        (good, [other], NOW), (good, [root], NOW + 11 * 86_400_000), (good, [root], NOW - 2 * 86_400_000),
        (write_logged(EVENT, stranger, [certificate]), [root], NOW), (write_logged(EVENT, key), [root], NOW),
        (write_logged(EVENT, key, [certificate, other]), [root], NOW),
    ):  # fmt: skip
        with pytest.raises(Malformed) as caught:
            read_logged(data, anchors, now)
        assert caught.value.faults[0].place.startswith("$.")


@given(st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_logged_event_or_a_refusal(data):
    """Nothing else comes of them."""
    try:
        told = read_logged(data)
    except Malformed as malformed:
        told = malformed.faults[0].place
    assert told


IDS = st.builds(
    EmergencyId, st.sampled_from(["callid", "incidentid"]), st.text("abcXYZ019", min_size=10, max_size=32),
    st.sampled_from(["bcf.example", "a-1.b2.example.com"]),
)  # fmt: skip


@given(IDS)
def test_an_identifier_comes_back_as_it_was_written(one):
    """As a URN, and from the header that carries it."""
    assert read_emergency_id(str(one), kind=one.kind) == one
    named = emergency_ids_of(Request(method="INVITE", uri="urn:service:sos", headers=(call_info_of(one),)))
    assert one in {named.call, named.incident}


@pytest.mark.parametrize(
    "value",
    [
        "<urn:emergency:uid:callid:1234567890:bcf.example>;purpose=emergency-CallId",
        "<urn:emergency:uid:callid:1234567890:bcf.example>;purpose=CALLID",
        "urn:emergency:uid:callid:1234567890:bcf.example",
        "<https://x.example>;purpose=EmergencyCallData.Comment, <urn:emergency:uid:callid:1234567890:bcf.example>",
    ],
)
def test_the_forms_that_are_met_in_the_field_are_read(value):
    """Long and short purpose, none at all, beside other values."""
    named = emergency_ids_of(Request(method="INVITE", uri="x", headers=(("Call-Info", value),)))
    assert str(named.call) == "urn:emergency:uid:callid:1234567890:bcf.example"
    assert named.faults == ()


@given(st.lists(st.text(max_size=40), max_size=4))
def test_whatever_call_info_says_nothing_is_raised(values):
    """A malformed identifier is kept as it came."""
    emergency_ids_of(Request(method="INVITE", uri="x", headers=tuple(("Call-Info", value) for value in values)))
    broken = Request(method="INVITE", uri="x", headers=(("Call-Info", "<urn:emergency:uid:callid:1:b.c>"),))
    assert emergency_ids_of(broken).unread == ("<urn:emergency:uid:callid:1:b.c>",)


@given(st.text(max_size=30))
def test_a_domain_name_has_labels_and_no_empty_one(text):
    """For any text."""
    if is_domain_name(text):
        assert all(0 < len(label) <= 63 for label in text.split("."))
