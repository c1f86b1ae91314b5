"""Every line of the help, typed where it makes sense: it is understood, asks what its form says, and is taken."""

import pytest
from tests.dispatch.live_desk import HOUR, LiveDesk
from tests.dispatch.shifts import asked

from redstick.dispatch.alerting.paths import Path, PathKind
from redstick.dispatch.bar.forms import FORMS
from redstick.dispatch.bar.reading import Answers
from redstick.dispatch.computing.answers import PlannedResponse, PlanSaid
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.plans.resolving import Way
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules.callbacks import Attempt
from redstick.dispatch.rules.cautions import About, Caution, Shape
from redstick.dispatch.rules.command_board import Benchmark
from redstick.dispatch.rules.rotation import Listed
from redstick.dispatch.status_table import Status

from .desk import Bar

MEDIC = Requirement("medic", ("MEDIC",))
BASE = (
    *(asked("EnrollUnit", unit=name, kind=kind, agency=agency, station=station) for name, kind, agency, station in (
        ("M4", "MEDIC", "ems", "S1"), ("M7", "MEDIC", "ems", "st3"), ("E1", "ENGINE", "fire", "st3"),
        ("E2", "ENGINE", "fire", "st3"),
        ("T1", "TRUCK", "fire", "st3"), ("1ADAM12", "CAR", "police", "st3"))),
    *(asked("ReportStatus", unit=name, status="AQ") for name in ("M4", "M7", "E1", "E2", "T1", "1ADAM12")),
    asked("DefineGroup", group="fire", agencies=["fire"]), asked("DefineGroup", group="ems", agencies=["ems"]),
    asked("OpenIncident", incident="i1", number="12", kind="Fall", place=Place("1 MAIN ST", 0, 0)),
    asked("OpenIncident", incident="i2", number="14", kind="Fall"),
    asked("SetNeeds", incident="i1", requirements=[MEDIC]),
    asked("ReceiveCall", call="c1", source="911", callback="2255550100"),
    asked("ListTalkgroup", talkgroup="tac1"),
    asked("AdoptStatusWords", words={"AR": Status.AR}, used=["AR"], confirmed_by="J. Doe"),
    asked("SetRotation", rotation="north", service="tow", zone="n", contractors=[Listed("Ace"), Listed("Bay")]),
    asked("IssueBolo", bolo="b1", text="Grey van", by="J. Doe", expires_at=1_700_000_000_000 + HOUR),
)  # fmt: skip
CAUTION = Caution(
    "w1", Shape.CAUTION, About.PLACE, "dog", "bites", "owner", "J. Doe", 1_699_999_000_000, 1_700_000_000_000 + HOUR,
    Place("1 MAIN ST"), sensitive=True,
)  # fmt: skip
ANSWERED = [asked("AnswerCall", call="c1", seat="s1")]
SENT = [asked("AssignUnits", incident="i1", units=["M4", "E1"])]
TO_BOTH = [*SENT, asked("AssignUnits", incident="i2", units=["M4"], despite="both")]
ON = [asked("SignOn", seat="s1", person="J. Doe", groups=["fire", "ems"])]
ROLL = [*SENT, asked("ReportStatus", unit="E1", status="ONS"), asked("StartAccountability", incident="i1")]
OWED = [asked("AbandonCall", call="c1")]
STOP = [asked("MakeStop", unit="1ADAM12", place="I-10")]
DANGER = [asked("RaiseEmergency", unit="M4")]
VOICE = [asked("EnrollRecipient", recipient="r", unit="M4", paths=[]), *SENT]
PAGED = [asked("EnrollRecipient", recipient="r", unit="M4", paths=[Path(PathKind.PAGER, "1")]), *SENT]
HELD = asked("HoldIncident", incident="i1", by="J. Doe", reason="x", review_at=1_700_000_000_000 + HOUR)
MERGED = [asked("MergeIncidents", incident="i1", replaced="i2")]
KNOWN = [asked("EnterCaution", caution=CAUTION)]
ASKED_AID = [asked("RequestAid", incident="i1", request="r", lender="zachary", borrower="brfd", what="an engine")]
OFFERED = [asked("OfferRotation", rotation="north", offer="o", incident="i1")]
MARKED = [asked("MarkBenchmark", incident="i1", benchmark=Benchmark.WATER_ON_FIRE, by="J. Doe")]
WAIVED = asked("WaiveNeed", incident="i1", need="medic", by="J. Doe", reason="x")

# What must be so before a line makes sense, where the floor as it begins is not enough.
FIRST = {
    "m4 release": SENT, "m4 release #12 cancelled": TO_BOTH, "m4 -delayed": [
        asked("ChangeSecondaries", unit="M4", add=["Delayed"])], "m4 ar leaves": SENT, "m4 ar stays": SENT,
    "m4 ons #12": SENT, "em m4 ack": DANGER, "em m4 clear officer is safe": DANGER, "#12 reopen caller rang again": [
        asked("CloseIncident", incident="i1", disposition="done")], "#12 unhold medic 4 is free": [HELD],
    "split #14 two fires after all": MERGED, "split fire": [
        asked("CombineGroups", group="fire", into="ems", by="J. Doe")], "unlink #12 #14": [
        asked("LinkIncidents", incident="i1", other="i2", relation=Relation.RELATED)],
    "#12 close fire: fire out; ems: transported": [*SENT, *(
        asked("ReleaseUnit", incident="i1", unit=unit) for unit in ("M4", "E1"))],
    "answer": [], "hold": ANSWERED, "resume": [*ANSWERED, asked("HoldCall", call="c1")],
    "transfer to poison control": ANSWERED, "end": ANSWERED, "attach #12": ANSWERED,
    "detach 2255550100": [*ANSWERED, asked("AttachCall", call="c1", incident="i1")], "heard at 1600 s 5th st": ANSWERED,
    "promote #12 2": [*ANSWERED, asked("AttachCall", call="c1", incident="i1"), *(
        asked("AddLocation", call="c1", place=Place(f"{n} OAK ST", n, n, source="device")) for n in (5, 6))],
    "cb": OWED, "cb 2255550100": OWED, "cb 2255550100 no answer": OWED, "swap #12 m4 m7": SENT,
    "cb 2255550100 close number is a payphone": [*OWED, *(
        asked("AttemptCallback", number="2255550100", seat="s1", result=Attempt.NO_ANSWER) for _ in range(3))],
    "borrow m4 #12 from #14 nearest medic": [asked("AssignUnits", incident="i2", units=["M4"])],
    "m4 primary #12": [asked("AssignUnits", incident="i2", units=["M4"]),
                       asked("AssignUnits", incident="i1", units=["M4"], despite="both")],
    "stack #12 m4": [asked("AssignUnits", incident="i2", units=["M4"])],
    "unstack #12 m4 another is free": [asked("AssignUnits", incident="i2", units=["M4"]),
                                       asked("StackIncident", incident="i1", unit="M4")],
    "m4 unreserve not needed": [asked("PreassignUnit", incident="i1", unit="M4")],
    "par #12": SENT, "par #12 every 10": SENT, "par #12 roll": ROLL, "par #12 e1 4": ROLL, "par #12 end": [
        *SENT, asked("StartAccountability", incident="i1")], "#12 unmark water on fire hydrant failed": MARKED,
    "free tac1": [asked("AssignTalkgroup", incident="i1", talkgroup="tac1")], "check 1adam12": STOP,
    "check 1adam12 ok": STOP, "1adam12 endstop warning given": STOP, "crew k1 apart": [
        asked("FormCrew", crew="k1", units=["E1", "T1"])], "mv m7 st3": [
        asked("SuggestMoveUp", unit="M7", post="st3", late_milli=900, late_if_moved_milli=100, travel_s=60)],
    "mv m7 no crew needs rest": [
        asked("SuggestMoveUp", unit="M7", post="st3", late_milli=900, late_if_moved_milli=100, travel_s=60)],
    "shift a1 end": [asked("BeginShift", shift="a1", unit="M4", vehicle="1", responders=["Ann"])],
    "time #12 m4 on_scene 5 typed late": SENT,
    "off": [asked("SignOn", seat="s2", person="A. Roe", groups=["fire", "ems"]), *ON],
    "off despite nobody has come": ON,
    "relieve dispatch:1": [asked("SignOn", seat="dispatch:1", person="A. Roe", groups=["fire"])],
    "uncombine fire": [asked("CombineGroups", group="fire", into="ems", by="J. Doe")],
    "voice m4": VOICE, "voiced m4 acknowledged by radio": VOICE, "alert m4 accepted": PAGED,
    "#12 unwaive medic it has flared up": [WAIVED], "aid #12 granted": ASKED_AID, "aid #12 refused no crew": ASKED_AID,
    "caution w1 view crew asks": KNOWN, "caution w1 renew 90": KNOWN, "caution w1 remove dog has died": KNOWN,
    "tow north accepted": OFFERED, "tow north refused no driver": OFFERED,
    "ack #12": ON, "ack fire": [*ON, asked("SignOff", seat="s1", despite="nobody came")],
    "ack m4": DANGER, "ack all": DANGER,
    "override #12 m4 e2 because the bridge is up": "recommended", "#12 followup": [],
}  # fmt: skip
# Lines that act on what the seat did before; they have tests of their own.
WAITS = {"undo", "redo"}
EXAMPLES = [(form, line) for form in FORMS for line in form.examples if line not in WAITS]


def planned(incident):
    """What a plan says."""
    said = PlanSaid("test", "", next(iter(Way)), [])
    return PlannedResponse(incident, [MEDIC], "p", "r", said)


class Planning(dict):
    """An answer to whatever is asked of the plan."""

    def get(self, key, default=None):
        """One medic."""
        del default
        return planned(key.partition("|")[0])


@pytest.mark.parametrize(("form", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_every_line_of_the_help_is_understood_and_taken(form, line):
    """Each asks only what its form says that it asks, and the rules take it."""
    desk = LiveDesk()
    desk.run(*BASE)
    bar = Bar(desk)
    first = FIRST.get(line, [])
    if first == "recommended":
        bar.do("d #12 rec")
    else:
        desk.run(*first)
    if line.startswith("ack"):
        desk.wait(HOUR)
    selected = "call/c1" if line == "answer" else "incident/i1" if line == "to dispatch" else ""
    answers = Answers({}, {}, Planning())
    shown = bar.read(line, selected, answers=answers)
    if not form.commands:
        assert shown.candidates or shown.effect
        return
    assert shown.plan, (line, shown.problems)
    assert shown.form == form.name
    assert {type(one) for one in shown.commands} <= set(form.commands)
    for command in shown.commands:
        outcome = desk.ask(command)
        assert outcome.accepted, (line, outcome.rejection)


def test_what_each_form_asks_is_asked_by_one_of_its_lines():
    """No form claims a command that none of its examples comes to."""
    missing = {}
    for form in FORMS:
        seen = set()
        for line in form.examples:
            desk = LiveDesk()
            desk.run(*BASE)
            bar = Bar(desk)
            first = FIRST.get(line, [])
            if first == "recommended":
                bar.do("d #12 rec")
            else:
                desk.run(*first)
            if line.startswith("ack"):
                desk.wait(HOUR)
            selected = "incident/i1" if line == "to dispatch" else ""
            seen |= {type(one) for one in bar.read(line, selected, answers=Answers({}, {}, Planning())).commands}
        if set(form.commands) - seen:
            missing[form.name] = sorted(kind.__name__ for kind in set(form.commands) - seen)
    assert missing == {}
