"""LoST and HELD: what is asked is read as it was asked, what is answered as it was answered; nothing else raises."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols import held
from redstick.protocols.faults import Malformed
from redstick.protocols.geopriv.civic import CIVIC as CIVIC_SPACE
from redstick.protocols.geopriv.civic import EXTENDED, Civic, Field
from redstick.protocols.geopriv.presence import Location, Presence, write_presence
from redstick.protocols.geopriv.shapes import Circle, Point, Position
from redstick.protocols.lost.answers import (
    KEEP_FOR_EVER,
    NEVER_KEEP,
    Answer,
    Mapping,
    Name,
    Redirect,
    Refused,
    Validation,
    read_answer,
    write_answer,
)
from redstick.protocols.lost.requests import LOST, Question, read_question, write_question

CIVIC = Civic((Field("country", "US"), Field("A1", "LA"), Field("RD", "Main"), Field("MP", "12", EXTENDED)), "en")
AT = Position(-911_000_000, 304_000_000)
PLACES = st.sampled_from([{"civic": CIVIC}, {"shape": Point(AT)}, {"shape": Circle(AT, 50_000)}])
QUESTIONS = st.builds(
    lambda place, service, **said: Question(service=service, **place, **said),
    PLACES, st.sampled_from(["urn:service:sos", "urn:service:sos.fire"]), validate=st.booleans(),
    recursive=st.booleans(), as_of=st.none() | st.integers(0, 4_000_000_000_000),
    boundary=st.sampled_from(["", "value", "reference"]), more=st.sampled_from(["", "complete", "similar"]),
)  # fmt: skip
NAMES = st.lists(
    st.builds(Name, st.sampled_from(["A1", "RD", "HNO"]), st.sampled_from([CIVIC and EXTENDED, "urn:x"])), max_size=3
).map(tuple)
TIME = st.integers(0, 4_000_000_000_000)
MAPPINGS = st.one_of(
    st.builds(
        Mapping, service=st.just("urn:service:sos"),
        uris=st.sampled_from([("sip:psap@example",), ("sips:a@b", "tel:911")]),
        source=st.just("ecrf.example"), source_id=st.just("1"), updated_at=TIME, expires_at=TIME,
        name=st.sampled_from(["", "Parish"]), number=st.sampled_from(["", "911"]),
    ),
    st.builds(
        Mapping, service=st.just("urn:service:sos"), uris=st.just(()), updated_at=TIME,
        keeping=st.sampled_from([NEVER_KEEP, KEEP_FOR_EVER]),
    ),
)  # fmt: skip
ANSWERS = st.builds(
    Answer, mappings=st.lists(MAPPINGS, max_size=2).map(tuple), path=st.sampled_from([(), ("a.example", "b.example")]),
    validation=st.none() | st.builds(Validation, valid=NAMES, invalid=NAMES, unchecked=NAMES),
)  # fmt: skip


@given(QUESTIONS)
def test_a_question_comes_back_as_it_was_asked(question):
    """Place, service and every wish."""
    assert read_question(write_question(question)) == question


@given(ANSWERS)
def test_an_answer_comes_back_as_it_was_given(answer):
    """Mappings with their times, validated names with their namespaces, the path."""
    assert read_answer(write_answer(answer)) == answer


@given(st.binary(max_size=120) | QUESTIONS.map(write_question).map(lambda data: data[:-9]))
def test_any_bytes_are_a_message_or_a_refusal(data):
    """In all four directions."""
    told = []
    for read in (read_question, read_answer, held.read_request, held.read_response):
        try:
            told.append(read(data))
        except Malformed as malformed:
            told.append(malformed.faults[0].place)
    assert all(told)


def test_every_published_request_is_read_or_refused_as_its_name_says(third_party):
    """35 requests: each is read as it would be asked again, but the one that is broken on purpose."""
    refused = []
    files = sorted(third_party("ng911/lvf/requests").glob("*.xml"))
    for path in files:
        try:
            question = read_question(path.read_bytes())
        except Malformed as malformed:
            refused.append((path.stem, malformed.faults[0].place))
        else:
            assert read_question(write_question(question)) == question
    assert len(files) == 35
    assert [name for name, _ in refused] == ["PROTO-REQ-BADXML-001"]
    assert refused[0][1].startswith("/ (line ")


def test_a_redirect_and_an_error_are_told_apart():
    """By what they are, with what they say."""
    assert read_answer(f'<redirect xmlns="{LOST}" target="b.example" message="m"/>'.encode()) == Redirect(
        "b.example", "m"
    )
    error = f'<errors xmlns="{LOST}"><notFound message="none" xml:lang="en"/></errors>'
    assert read_answer(error.encode()) == Refused("notFound", "none")


def test_an_address_is_good_when_nothing_is_wrong_and_something_right():
    """What nobody looked at makes no address good."""
    assert Validation(valid=(Name("RD"),), unchecked=(Name("HNO"),)).is_good
    assert not Validation(unchecked=(Name("HNO"),)).is_good
    assert not Validation(valid=(Name("RD"),), invalid=(Name("HNO"),)).is_good


def test_a_mapping_that_says_not_how_long_it_holds_is_refused():
    """Nobody could know when to ask again."""
    mapping = '<mapping expires="soon"><service>urn:service:sos</service></mapping>'
    data = f'<findServiceResponse xmlns="{LOST}">{mapping}</findServiceResponse>'
    with pytest.raises(Malformed) as caught:
        read_answer(data.encode())
    assert caught.value.faults[0].place == "/findServiceResponse/mapping/@expires"


REQUESTS = st.builds(
    held.LocationRequest, kinds=st.lists(st.sampled_from(held.KINDS), unique=True).map(tuple),
    wait=st.sampled_from(["", "8000", "emergencyRouting"]),
    device=st.sampled_from([(), (("ip", "192.0.2.7"), ("tel", "911"))]),
)  # fmt: skip


@given(REQUESTS)
def test_what_is_asked_of_a_location_server_comes_back_as_it_was_asked(request):
    """HELD: kinds, patience, and the names of the device."""
    assert held.read_request(held.write_request(request)) == request


def test_what_a_location_server_answers_is_read():
    """A location, references that expire, an error, or a bare document."""
    document = write_presence(Presence("pres:a@b", (Location(shape=Circle(AT, 50_000)),)))
    bare = held.read_response(b"\n  " + document)
    assert bare.presence.locations[0].shape.radius_mm == 50_000
    uris = '<locationUriSet expires="2026-01-01T00:00:00Z"><locationURI>https://lis.example/1</locationURI></locationUriSet>'
    head = f'<locationResponse xmlns="{held.HELD}">{uris}'.encode()
    both = head + document.partition(b"?>")[2] + b"</locationResponse>"
    read = held.read_response(both)
    assert (read.uris, read.expires_at, read.presence) == (("https://lis.example/1",), 1_767_225_600_000, bare.presence)
    error = f'<error xmlns="{held.HELD}" code="locationUnknown"><message>none</message></error>'
    assert held.read_response(error.encode()) == held.LocationError("locationUnknown", "none")


SPACES = {"ca": CIVIC_SPACE, "cae": EXTENDED, "cdx2": "urn:nena:xml:ns:pidf:nenaCivicAddr2"}
KINDS = ("valid", "invalid", "unchecked")


def test_the_expected_lists_of_the_catalogue_are_read_and_speak_of_what_was_asked(third_party):
    """Each list of a published case comes back by name and namespace, and each name is an element of its request.

    What an address is worth is for a server with address records to say; here it is what the client reads.
    """
    folder, cases = third_party("ng911/lvf"), 0
    for path in sorted((folder / "catalog").glob("*.yaml")):
        for case in yaml.safe_load(path.read_text()):
            wanted = {
                kind: tuple(
                    Name(one.partition(":")[2], SPACES[one.partition(":")[0]])
                    for one in case["expected"].get(kind) or ()
                )
                for kind in KINDS
            }
            if not any(wanted.values()):
                continue
            validation = Validation(**wanted)
            assert read_answer(write_answer(Answer(validation=validation))).validation == validation
            asked = {
                (f.name, f.namespace) for f in read_question((folder / case["input_file"]).read_bytes()).civic.fields
            }
            assert {(one.name, one.namespace) for names in wanted.values() for one in names} <= asked, case["id"]
            cases += 1
    assert cases >= 10
