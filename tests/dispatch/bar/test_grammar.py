"""The grammar of the bar: what a line means, what is refused and how; any text at all has an answer."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import LiveDesk
from tests.dispatch.shifts import asked

from redstick.dispatch import live
from redstick.dispatch.bar.exceptions import EXCEPTIONS
from redstick.dispatch.bar.forms import FORMS, LINE_VERBS
from redstick.dispatch.bar.line import MOST
from redstick.dispatch.bar.reading import Answers
from redstick.dispatch.computing.answers import PlaceFound, PlacesFound
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.incidents import AddNote, ChangePriority, MoveIncident, OpenIncident
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.rules.status_words import AdoptStatusWords
from redstick.dispatch.rules.stops import MakeStop
from redstick.dispatch.rules.units import ReportStatus
from redstick.dispatch.status_table import Status
from redstick.kernel.house import House

from .desk import Bar


@pytest.fixture
def desk():
    """Units of three kinds of names, two incidents of the same ending, and one more."""
    desk = LiveDesk()
    for unit, kind in (("M4", "MEDIC"), ("E2", "ENGINE"), ("E02", "ENGINE"), ("Medic 7", "MEDIC"), ("1ADAM12", "CAR")):
        desk.run(asked("EnrollUnit", unit=unit, kind=kind, station="Station 1"), ReportStatus(unit, "AQ"))
    desk.run(OpenIncident("i1", "26-0012", "Fall", priority=3, place=Place("1 MAIN ST")))
    desk.run(OpenIncident("i2", "26-0014", "Noise"), OpenIncident("i3", "F-0014", "Noise"))
    return desk


def commands(desk, text, **more):
    """What Enter would ask."""
    reading = Bar(desk).read(text, **more)
    assert reading.commands, (text, reading.problems)
    return reading.commands


def code(desk, text, **more):
    """The first thing in the way."""
    reading = Bar(desk).read(text, **more)
    assert (reading.commands, reading.plan) == ([], "")
    return reading.problems[0].code


def test_every_command_of_the_floor_has_a_form_or_a_reason():
    """What a seat can do by a button it can do by a line; what it cannot says why."""
    house = House([live])
    floor = {kind.command_kind for kind in live.deciders if kind not in house.kernel_only}
    said = {kind.command_kind for form in FORMS for kind in form.commands}
    assert floor - said <= set(EXCEPTIONS)
    assert not said & set(EXCEPTIONS)
    assert all(len(reason) > 10 for reason in EXCEPTIONS.values())


def test_every_example_of_the_help_is_a_line_of_its_form():
    """Each example begins with a verb of its form, an incident or a unit; no verb has two forms."""
    for form in FORMS:
        assert form.examples
        assert form.does.endswith(".")
        for example in form.examples:
            first, *rest = example.split()
            if form.about == "line":
                assert first in form.verbs or first.startswith("?"), example
            elif form.about == "incident":
                assert (first, rest[0] in form.verbs) == ("#12", True), example
    lines = [verb for form in FORMS if form.about == "line" for verb in form.verbs]
    assert len(lines) == len(set(lines)) == len(LINE_VERBS)


def test_lines_of_the_brief_are_understood(desk):
    """Dispatch, status, release, narrative, priority, merge, stop: as a dispatcher types them."""
    assert commands(desk, "d #12 m4 e2") == [AssignUnits("i1", ["M4", "E2"])]
    assert commands(desk, "m4 on scene") == [ReportStatus("M4", "ONS")]
    assert commands(desk, "#12 n caller says door is locked") == [AddNote("i1", "caller says door is locked")]
    assert commands(desk, "#12 p1") == [ChangePriority("i1", 1)]
    assert commands(desk, "merge #12 #26-0014") == [MergeIncidents("i1", "i2")]
    assert commands(desk, "ts 1adam12 I-10 eb mm 155 abc123 la") == [MakeStop("1ADAM12", "I-10 eb mm 155", "ABC123 LA")]
    desk.run(AssignUnits("i1", ["M4"]))
    assert commands(desk, "m4 release") == [ReleaseUnit("i1", "M4")]


def test_a_narrative_is_told_verbatim(desk):
    """Spaces, commas, a verb and a # within it are its own."""
    assert commands(desk, "  #12   n  d #14 m4,  undo ") == [AddNote("i1", "d #14 m4,  undo")]


def test_ids_of_units_are_never_fuzzy(desk):
    """Case is forgiven, nothing else; what looks alike is shown and never taken."""
    assert commands(desk, "d #12 medic 7") == [AssignUnits("i1", ["Medic 7"])]
    for line in ("d #12 e3", "d #12 e002", "d #12 m 4", "d #12 medic7", "e 2 ons"):
        assert code(desk, line) in ("unit_unknown", "not_understood")
    assert [one.text for one in Bar(desk).read("d #12 e002").candidates] == ["E02", "E2"]


@given(st.text(alphabet="EM0247 meMedic", max_size=8))
def test_a_unit_is_only_ever_taken_by_its_own_id(said):
    """Whatever is typed: the unit that is sent has that id, but for case."""
    desk = LiveDesk()
    for unit in ("M4", "E2", "E02", "Medic 7"):
        desk.run(asked("EnrollUnit", unit=unit), ReportStatus(unit, "AQ"))
    desk.run(OpenIncident("i1", "12"))
    for command in Bar(desk).read(f"d #12 {said}").commands:
        named = " ".join(command.units).casefold()
        assert named == " ".join(said.split()).casefold()


def test_a_word_that_is_two_things_is_refused_with_both_and_each_can_be_typed(desk):
    """AR, available, a number that ends two incidents, a release of two: nothing is done; each choice does one."""
    desk.run(AssignUnits("i1", ["E2"]), AssignUnits("i2", ["E2"], despite="both"))
    for line in ("m4 ar", "m4 available", "#14 p1", "e2 release", "e2 in quarters"):
        reading = Bar(desk).read(line)
        assert (reading.commands, reading.problems[0].code) == ([], "two_readings"), line
        assert len(reading.readings) == 2
        done = [commands(desk, choice.line) for choice in reading.readings]
        assert done[0] != done[1]


def test_the_agencys_table_decides_what_a_word_means(desk):
    """Where AR is mapped it is no longer two things; a plain word that the table uses otherwise means what it says."""
    words = {"AR": Status.ONS, "10-8": Status.AR, "CLEAR": Status.AQ}
    desk.run(AdoptStatusWords(words, list(words), "J. Doe"))
    assert commands(desk, "m4 ar") == [ReportStatus("M4", "ar")]
    assert commands(desk, "m4 10-8") == [ReportStatus("M4", "10-8")]
    assert commands(desk, "m4 clear") == [ReportStatus("M4", "clear")]
    assert code(desk, "m4 10-9") == "status_unknown"


def test_leaving_an_assignment_is_always_said(desk):
    """Free while it is on something: leaves or stays, never guessed."""
    desk.run(AssignUnits("i1", ["M4"]))
    assert commands(desk, "m4 in quarters leaves") == [ReportStatus("M4", "AQ", leaves=True)]
    assert commands(desk, "m4 in quarters stays") == [ReportStatus("M4", "AQ")]


def test_a_verb_that_is_a_unit_too_is_refused_with_both(desk):
    """A unit called ON and a group called ons: each reading can be typed so that only it is meant."""
    desk.run(asked("EnrollUnit", unit="ON"), ReportStatus("ON", "AQ"), asked("DefineGroup", group="ons"))
    reading = Bar(desk).read("on ons")
    assert (reading.commands, reading.problems[0].code) == ([], "two_readings")
    done = [commands(desk, choice.line)[0] for choice in reading.readings]
    assert done == [asked("SignOn", seat="s1", person="J. Doe", groups=["ons"]), ReportStatus("ON", "ons")]
    assert commands(desk, "on enr") == [ReportStatus("ON", "enr")]


def found(*labels, kind="ambiguous"):
    """What a geocoder says of a text."""
    candidates = [
        PlaceFound({"label": label, "reasons": ["SIMILAR"]}, Place("x", 10 + n, 20, source="geofile"), {"beat": "b"})
        for n, label in enumerate(labels)
    ]  # fmt: skip
    unique = candidates[0] if kind == "unique" else None
    place = unique.place if unique else Place("x", source="geofile")
    return PlacesFound(kind, "x", [], place, unique.zones if unique else {}, candidates)


def test_a_new_incident_takes_place_and_type_in_any_order(desk):
    """With a comma or without, before or behind; the type is forgiven a letter, and shown as it was understood."""
    for line in ("i 5 oak st, fall", "i fall, 5 oak st", "i 5 oak st fall", "i fall 5 oak st", "i 5 oak st, falll, p3"):
        answers = Answers({"5 oak st": found("5 OAK ST", kind="unique")}, {}, {})
        [opened] = commands(desk, line, answers=answers)
        assert (opened.kind, opened.priority, opened.place.x, opened.zones) == ("Fall", 3, 10, {"beat": "b"}), line


def test_a_place_that_may_be_several_is_chosen_never_guessed(desk):
    """Candidates with the line that takes each; @0 takes it as it is typed, unverified."""
    answers = Answers({"5 oak": found("5 OAK ST", "5 OAK AVE")}, {}, {})
    reading = Bar(desk).read("#12 at 5 oak", answers=answers)
    assert (reading.commands, reading.problems[0].code) == ([], "place_ambiguous")
    assert [one.text for one in reading.candidates] == ["5 OAK ST", "5 OAK AVE"]
    [moved] = commands(desk, reading.candidates[1].line, answers=answers)
    assert (moved.place.x, moved.zones) == (11, {"beat": "b"})
    assert commands(desk, "#12 at 5 oak @0", answers=answers) == [MoveIncident("i1", Place("5 oak", source="entered"))]
    assert code(desk, "#12 at 5 oak @3", answers=answers) == "candidate_unknown"


def test_a_place_around_its_type_is_one_place(desk):
    """A municipality behind the type belongs to the address; a choice rewrites the line so that it is read the same."""
    answers = Answers({"5 oak, zachary": found("5 OAK ST", "5 OAK AVE")}, {}, {})
    reading = Bar(desk).read("i 5 oak, fall, zachary", answers=answers)
    [opened] = commands(desk, reading.candidates[0].line, answers=answers)
    assert (opened.kind, opened.place.x) == ("Fall", 10)


def test_a_type_that_may_be_two_is_chosen(desk):
    """Both are shown, a comma in the word or not, and each line opens its own."""
    reading = Bar(desk).read("i 5 oak st, crash")
    kinds = [commands(desk, one.line)[0].kind for one in reading.readings]
    assert kinds == ["Crash with injuries", "Crash, no injuries"]


def test_what_stands_behind_is_never_passed_over(desk):
    """A line that is understood in part is not understood."""
    desk.run(asked("ReceiveCall", call="c1", source="911"), asked("AnswerCall", call="c1", seat="s1"))
    for line in ("end now", "#12 followup x", "stack #12 m4 now", "#12 p1 now", "undo it", "resume 5 6"):
        assert code(desk, line), line


def test_the_selected_incident_is_meant_where_none_is_named(desk):
    """By its row's key or its id; a line that names another means that."""
    assert commands(desk, "p1", selected="incident/i1") == [ChangePriority("i1", 1)]
    assert commands(desk, "d m4", selected="i1") == [AssignUnits("i1", ["M4"])]
    assert commands(desk, "#26-0014 p1", selected="incident/i1") == [ChangePriority("i2", 1)]
    assert code(desk, "p1") == "incident_needed"


def test_a_line_that_is_begun_shows_how_it_goes_on(desk):
    """A unit: what usually follows; an incident: what can be said of it; a dispatch: who is recommended."""
    assert [one.line for one in Bar(desk).read("m4").candidates][:2] == ["m4 on radio", "m4 oos"]
    assert "#12 n " in [one.line for one in Bar(desk).read("#12").candidates]
    desk.run(MoveIncident("i1", Place("1 MAIN ST", 0, 0)), asked("SetNeeds", incident="i1", requirements=[MEDIC]))
    desk.run(ReportStatus("M4", "AR", x=0, y=0))
    assert [one.line for one in Bar(desk).read("d #12").candidates] == ["d #12 rec", "d #12 M4"]


def test_a_call_that_is_selected_is_spoken_of_and_says_where(desk):
    """A new incident without a place is where the call says; the call belongs to it."""
    desk.run(asked("ReceiveCall", call="c1", source="911", place=Place("9 OAK ST", 5, 6, source="device")))
    [opened] = commands(desk, "i fall", selected="call/c1")
    assert (opened.call, opened.place.text, opened.place.x) == ("c1", "9 OAK ST", 5)


def test_the_selected_unit_is_meant_where_none_is_named(desk):
    """By its row's key; a line that names another means that, and a verb that fits as well is asked about."""
    assert commands(desk, "on scene", selected="unit/M4") == [ReportStatus("M4", "ONS")]
    assert commands(desk, "e2 ons", selected="unit/M4") == [ReportStatus("E2", "ons")]
    assert commands(desk, "+training", selected="unit/M4") == [asked("ChangeSecondaries", unit="M4", add=["Training"])]
    desk.run(asked("DefineGroup", group="radio"))
    reading = Bar(desk).read("on radio", "unit/M4")
    assert reading.problems[0].code == "two_readings"
    done = [commands(desk, choice.line)[0] for choice in reading.readings]
    assert done == [asked("SignOn", seat="s1", person="J. Doe", groups=["radio"]), ReportStatus("M4", "AR")]


def test_what_the_rules_refuse_is_refused_before_enter(desk):
    """A dry run against the committed state; nothing is written by it."""
    before = len(list(desk.journal.read()))
    assert code(desk, "em m4 ack") == "no_emergency"
    assert code(desk, "merge #12 #12") == "same_incident"
    assert len(list(desk.journal.read())) == before


def test_a_reading_warns_of_what_does_not_follow(desk):
    """Recorded all the same: the radio is right, the table is advice."""
    assert any("Unusual" in line for line in Bar(desk).read("m4 transporting").effect)


MEDIC = Requirement("medic", ("MEDIC",))
ODD = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [*LINE_VERBS, "#12", "#14", "#", "m4", "e2", "n", "p1", "p9", "at", "type", "rec", "despite", "@1", "@",
             "+", "all", "9" * 5_000, "\x00", "\u202e", "\ud800", "é", ",", "ar", "ons", "fire", "close", "every", "-"]
        ),
        max_size=7,
    ).map(" ".join),
    st.text(alphabet="#@,+- 12pm4e", max_size=30),
)  # fmt: skip


@given(ODD)
def test_any_text_at_all_has_an_answer(text):
    """A reading that can be told, with what Enter does or why it does nothing; never an exception."""
    desk = LiveDesk()
    desk.run(asked("EnrollUnit", unit="M4"), ReportStatus("M4", "AQ"), OpenIncident("i1", "12"))
    reading = Bar(desk).read(text)
    assert bool(reading.commands) == bool(reading.plan)
    assert not (reading.commands and reading.problems)
    msgspec.json.encode([reading.understood, reading.effect, reading.readings, reading.candidates])


@pytest.mark.parametrize(
    "text", ["x" * (MOST + 1), "#12 n " + "é" * 10_001, "#" + "9" * 10_000, "\ud800", " \t " * 3_000]
)
def test_what_is_too_long_or_unreadable_is_said(desk, text):
    """By a problem with a code; a line of nothing is nothing."""
    reading = Bar(desk).read(text)
    assert reading.plan == ""
    assert bool(reading.problems) == bool(text.strip())
