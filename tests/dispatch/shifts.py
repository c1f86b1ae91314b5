"""Whole random shifts: every command that dispatch knows, in any order, by people and devices that err and lie.

A shift is a list of numbers, one a step. Each number seeds what is done at that step, given what is known by then, so
that hypothesis shrinks a failing shift by leaving steps out; step 0 is nothing at all. What a command is made of is
read off its type, so that a command added tomorrow is in the shifts of tomorrow.
"""

import random

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.alerting.paths import Path
from redstick.dispatch.invariants import broken
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.asking import Unlocated, question_of
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules.alerts import ReportReceipt
from redstick.dispatch.rules.assignments import ENDINGS, STAMPS, AssignUnits, ReleaseUnit, open_assignments
from redstick.dispatch.rules.calls import AbandonCall, AnswerCall, CallState, EndCall, ReceiveCall
from redstick.dispatch.rules.cautions import About, Caution, Shape
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.plans import digest_of as plan_digest
from redstick.dispatch.rules.recommendations import RecordRecommendation
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS
from redstick.dispatch.rules.rotation import Listed
from redstick.dispatch.rules.units import ReportStatus
from redstick.dispatch.status_table import Status
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.system import ReactionFailed
from redstick.kernel.values import Request

NOON = 1_700_000_000_000
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
MOST_STEPS = 2**64

ASKED = [command for command in live.deciders if command not in live.kernel_only]
# What a shift is mostly made of; the rest is drawn evenly from all there is.
OFTEN = (
    AssignUnits, AssignUnits, ReportStatus, ReportStatus, ReleaseUnit, ReleaseUnit, OpenIncident, CloseIncident,
    ReportReceipt, ReportReceipt, ReceiveCall, AnswerCall, AbandonCall, EndCall, MergeIncidents, SplitIncident,
    SetNeeds,
)  # fmt: skip
PAUSES = (
    *[0] * 20,
    *[SECOND] * 5,
    *[31 * SECOND] * 5,
    *[2 * MINUTE] * 5,
    20 * MINUTE,
    20 * MINUTE,
    RETIRE_AFTER_MS,
    DAY,
)

# What nobody should ever send, and somebody will.
BAD_TEXTS = (
    "",
    " ",
    "\0",
    "\u202e",
    "😀",
    "9" * 5_000,
    "x" * 9_000,
    "../..",
    "P-" + "7" * 5_000,
    "E1\nE2",
    "i1/engine",
)
BAD_NUMBERS = (-1, 0, 2**31, 2**53 + 1, 2**63 - 1, 2**64, -(2**70), 10**400)

PLAN = (
    'redstick_plan = 1\nversion = "{0}"\ntime_zone = "UTC"\n\n[[rules]]\nid = "fire"\ntypes = ["FIRE"]\n\n'
    '[[rules.send]]\nid = "engine"\nkinds = ["ENGINE"]\ncount = 1\n'
)

WORDS = {
    "by": ("J. Doe", "J. Doe", "J. Doe", "A. Roe", ""), "person": ("J. Doe", "A. Roe"), "clerk": ("J. Doe",),
    "confirmed_by": ("J. Doe",), "reason": ("said so", "said so", "said so", ""), "despite": ("", "so be it"),
    "why": ("", "said so"), "how": ("radio", "radio", ""),
    "text": ("1 MAIN ST", "smoke", *(PLAN.format(name) for name in ("p1", "p2"))), "id": ("engine", "medic"),
    "status": (*Status, "AVAIL", "10-8"), "stamp": STAMPS, "ending": ENDINGS, "kind": ("FIRE", "ENGINE", "MEDIC", ""),
    "kinds": ("ENGINE", "MEDIC"), "capabilities": ("ALS", "AERIAL"), "agency": ("fire", "ems", ""),
    "agencies": ("fire", "ems"), "lender": ("fire", "ems"), "borrower": ("fire", "ems"), "group": ("fire", "ems",
    "all"),
    "into": ("fire", "ems", "all"), "groups": ("fire", "ems", "all"), "disposition": ("01", "done", ""),
    "source": ("911", "alarm"), "station": ("S1", "S2", ""), "need": ("engine", "medic", ""), "about": ("pending",
    "hold"),
    "protocol": ("EMD",), "digest": ("0" * 64, *(plan_digest(PLAN.format(name)) for name in ("p1", "p2"))),
    "seat": ("s1", "s2", "s3"), "relief": ("s1", "s2", "s3"),
    "callback": ("2255550100", "2255550101", ""), "number": ("2255550100", "2255550101", "P-000001", "P-000002"),
    "crew": ("k1", "k2"), "shift": ("day", "night"), "vehicle": ("v1", "v2"), "responders": ("Ann", "Bob"),
    "recipient": ("station", "pager", "E1"), "talkgroup": ("tac1", "tac2"), "agreement": ("a1",), "request": ("r1",),
    "bolo": ("b1", "b2"), "caution": ("w1", "w2"), "rotation": ("tow", "lock"), "contractor": ("Ace", "Bay", "Cab"),
    "offer": ("o1", "o2"), "entry": ("e1", "e2"), "recommendation": ("rec1", "rec2"), "plan": ("p1", "p2", ""),
    "result": ("r1",), "zone": ("north", "south"), "layer": ("beat",), "post": ("S1",), "proof": ("delivered", "read"),
}  # fmt: skip
UNITS = ("E1", "E2", "E3", "M1", "M2")
FRESH = {
    "incident": ("i1", "i2", "i3", "i4", "i5", "i6"), "replaced": ("i1", "i2", "i3"), "other": ("i1", "i2", "i3"),
    "taken_from": ("i1", "i2"), "call": ("c1", "c2", "c3", "c4", "c5", "c6"), "unit": UNITS, "units": UNITS,
    "leaves": UNITS, "comes": UNITS,
}  # fmt: skip
CREATES = {
    "OpenIncident": "incident", "ReceiveCall": "call", "EnterCard": "incident", "DraftPlan": "plan",
    "IssueBolo": "bolo", "OfferRotation": "offer", "SetRotation": "rotation", "BeginShift": "shift",
}  # fmt: skip


def _incidents(holds):
    return lambda state: [one.id for one in state.incidents.values() if holds(one)]


def _seek():
    """What some commands are about, by command and field; without this a random shift would hardly ever meet it."""
    working = _incidents(open_assignments)
    chased = _incidents(lambda one: any(alert.chased for alert in one.alerts.values()))
    voiced = _incidents(lambda one: any(alert.standing is Standing.TO_VOICE for alert in one.alerts.values()))
    rolls, stops = (lambda state: state.rolls), (lambda state: state.stops)
    danger = lambda state: [one.id for one in state.units.values() if one.emergency]  # noqa: E731  (a row of the table)
    return {
        **{(name, "incident"): working for name in ("ReleaseUnit", "CorrectTime", "SwapUnits", "ChoosePrimary")},
        **{(name, "incident"): rolls for name in ("AnswerRoll", "OpenRoll", "EndAccountability")},
        **{(name, "unit"): stops for name in ("AskStatus", "ConfirmStatus", "EndStop")},
        **{(name, "unit"): danger for name in ("AcknowledgeEmergency", "ClearEmergency")},
        **{(name, "incident"): voiced for name in ("TakeVoice", "ReportVoiced")},
        ("ReportReceipt", "incident"): chased,
        ("BorrowUnit", "taken_from"): working,
        ("BorrowUnit", "unit"): lambda state: [one.id for one in state.units.values() if one.work],
        ("StackIncident", "unit"): lambda state: [one.id for one in state.units.values() if one.work],
        ("SplitIncident", "incident"): _incidents(lambda one: one.replaces),
        ("ReopenIncident", "incident"): _incidents(lambda one: one.closed_at is not None),
        ("RetireIncident", "incident"): _incidents(lambda one: one.closed_at is not None),
        ("EndHold", "incident"): _incidents(lambda one: one.held),
        ("UnstackIncident", "incident"): _incidents(lambda one: one.stacked),
        ("TakeBackBenchmark", "incident"): _incidents(lambda one: one.marks),
        ("ReinstateNeed", "incident"): _incidents(lambda one: one.needs),
        ("WaiveNeed", "incident"): _incidents(lambda one: one.needs),
        ("EndPreassignment", "unit"): lambda state: state.reservations,
        ("DeclineMoveUp", "unit"): lambda state: state.moveups,
        ("RemoveRecipient", "recipient"): lambda state: state.recipients,
        ("SplitGroup", "group"): lambda state: [name for name, one in state.groups.items() if one.combined_into],
        ("AcknowledgeCoverage", "group"): lambda state: [name for name, one in state.groups.items() if one.alarm],
        ("TagFromPaper", "incident"): lambda state: [entry.incident for entry in state.paper.entries.values()],
        ("CheckSource", "source"): lambda state: state.sources,
        ("AnswerCall", "call"): lambda state: [n for n, one in state.calls.items() if one.state is CallState.PRESENTED],
        ("AbandonCall", "call"): lambda state: [
            n for n, one in state.calls.items() if one.state is CallState.PRESENTED
        ],
    }


SOUGHT = _seek()


class Maker:
    """Makes commands of any type from what is known and, where `lies` is above 0, from what nobody could mean."""

    def __init__(self, rng, state, now, lies=0.0):
        self.rng, self.state, self.now, self.lies = rng, state, now, lies
        self.kind, self.chosen, self.creates = "", {}, ""

    def command(self, kind):
        """One of this kind."""
        self.kind, self.chosen, self.creates = kind.__name__, {}, CREATES.get(kind.__name__, "")
        made = self._struct(inspect.type_info(kind))
        return self._recommended(made) if kind is RecordRecommendation else made

    def _recommended(self, made):
        """A true record, mostly: nothing else is ever taken."""
        incident = self.state.incidents.get(made.incident)
        if incident is None or self.rng.random() < self.lies:
            return made
        try:
            question = question_of(self.state, incident, self.now, {"S1": (0, 0), "S2": (10_000, 0)}, Policy())
        except Unlocated:
            return made
        return msgspec.structs.replace(made, record=written(question, recommend(question, None)))

    def _struct(self, info):
        fields = {
            field.name: self._field(field)
            for field in info.fields
            if field.required or self.rng.random() < 0.6
        }  # fmt: skip
        return info.cls(**fields)

    def _field(self, field):
        if self.rng.random() < self.lies:
            return self._lie(field.type)
        value = self._value(field.type, field.name)
        self.chosen[field.name] = value
        return value

    def _value(self, info, name):
        """What somebody could mean: a value of the type, by what such a field is about."""
        rng = self.rng
        if isinstance(info, inspect.UnionType):
            return self._value(rng.choice(info.types), name)
        if isinstance(info, inspect.StructType):
            return self._struct(info)
        if isinstance(info, inspect.EnumType):
            return rng.choice(list(info.cls))
        if name == "milli_an_hour":
            return [rng.choice((0, 1_000, 6_000)) for _ in range(168)]
        if isinstance(info, inspect.ListType | inspect.VarTupleType):
            made = [self._value(info.item_type, name) for _ in range(rng.choice((0, 1, 1, 1, 2, 2)))]
            made = made if rng.random() < 0.1 else _once_each(made)
            return made if isinstance(info, inspect.ListType) else tuple(made)
        if isinstance(info, inspect.TupleType):
            return tuple(self._value(one, name) for one in info.item_types)
        if isinstance(info, inspect.DictType):
            keys = {"fills": "unit", "expected_s": "unit", "zones": "layer", "dispositions": "agency"}.get(name, name)
            values = {"fills": "need", "zones": "zone", "dispositions": "disposition"}.get(name, name)
            count = rng.choice((0, 1, 2))
            return {self._value(info.key_type, keys): self._value(info.value_type, values) for _ in range(count)}
        if isinstance(info, inspect.BoolType):
            return rng.random() < 0.5
        if isinstance(info, inspect.IntType):
            return self._number(name)
        if isinstance(info, inspect.NoneType):
            return None
        assert isinstance(info, inspect.StrType), info
        return rng.choice(self._texts(name))

    def _number(self, name):
        rng = self.rng
        if name in {"x", "y"}:
            return rng.choice((0, 10_000, 900_000_000))
        if name.endswith("_at") or name in {"since", "until", "dispatched", "en_route", "on_scene", "available"}:
            return self.now + rng.choice((-DAY, -HOUR, -MINUTE, -1, 0, MINUTE, HOUR, DAY))
        if name == "year":
            return rng.choice((2023, 2024))
        if name == "wait_ms":
            return rng.choice((5_000, 30_000, 60_000))
        return rng.choice((0, 1, 1, 1, 2, 3, 5))

    def _texts(self, name):
        """Ids that are known, first of all those that belong to what was chosen before, and now and then others."""
        rng, near = self.rng, self._sought(name) or self._near(name)
        if near and rng.random() < 0.8:
            return near
        known = [] if self.creates == name else list(self._known(name))
        if known and rng.random() < 0.9:
            return known
        return FRESH.get(name) or WORDS.get(name) or ("one", "two", "")

    def _sought(self, name):
        """What this kind of command is about, where there is such."""
        seek = SOUGHT.get((self.kind, name))
        return list(seek(self.state)) if seek is not None else []

    def _near(self, name):
        """What belongs to the incident that was chosen before."""
        incident = self.state.incidents.get(self.chosen.get("incident", ""))
        if incident is None:
            return []
        alert = incident.alerts.get(self.chosen.get("alert", ""))
        return list(
            {
                "alert": incident.alerts, "key": [one.key for one in alert.attempts] if alert is not None else (),
                "replaced": incident.replaces, "unit": incident.assignments, "leaves": incident.assignments,
                "other": incident.links, "need": [need.requirement.id for need in incident.needs],
                "by": [alert.taken_by] if alert is not None and alert.taken_by else (),
                "request": incident.aid, "recommendation": incident.recommendations,
            }.get(name, ())
        )  # fmt: skip

    def _known(self, name):
        """What there is of such things; of incidents mostly those that are open."""
        state = self.state
        if name in {"incident", "replaced", "other", "taken_from"}:
            is_open = [one.id for one in state.incidents.values() if one.closed_at is None]
            return is_open if is_open and self.rng.random() < 0.7 else state.incidents
        return {
            "call": state.calls, "unit": state.units, "units": state.units, "leaves": state.units,
            "comes": state.units, "warning": state.warnings, "follow_up": state.follow_ups, "number": state.callbacks,
            "offer": [one.offer.id for one in state.rotations.values() if one.offer], "plan": state.plans,
            "rotation": state.rotations, "bolo": state.bolos, "caution": state.cautions, "entry": state.paper.entries,
            "shift": state.shifts, "crew": state.crews, "talkgroup": state.talkgroups, "protocol": state.protocols,
        }.get(name, ())  # fmt: skip

    def _lie(self, info):
        """A value of the type that nobody could mean."""
        rng = self.rng
        if isinstance(info, inspect.UnionType):
            return self._lie(rng.choice(info.types))
        if isinstance(info, inspect.StrType):
            return rng.choice(BAD_TEXTS)
        if isinstance(info, inspect.IntType):
            return rng.choice(BAD_NUMBERS)
        if isinstance(info, inspect.ListType | inspect.VarTupleType):
            made = [self._lie(info.item_type) for _ in range(rng.choice((0, 1, 2, 30)))]
            return made if isinstance(info, inspect.ListType) else tuple(made)
        if isinstance(info, inspect.TupleType):
            return tuple(self._lie(one) for one in info.item_types)
        if isinstance(info, inspect.DictType):
            return {self._lie(info.key_type): self._lie(info.value_type) for _ in range(rng.choice((0, 1, 3)))}
        return self._value(info, "lie")


def unnamed(state):
    """Where something is kept that has no name; a warning may belong to nobody in particular."""
    tables = {name: getattr(state, name) for name in state.__struct_fields__ if name != "warned_at"}
    return [name for name, one in tables.items() if isinstance(one, dict) and not all(key.strip() for key in one)]


def _once_each(made):
    """Without what is said twice; of structs, by their id."""
    return list({getattr(one, "id", None) or str(one): one for one in made}.values())


class WholeShift:
    """A live dispatch that is asked one thing after another, and looked at after each."""

    def __init__(self, lies=0.0, domain=live, look=None):
        self.domain, self.look = domain, look
        self.journal, self.now, self.lies, self.steps = MemoryJournal(), NOON, lies, 0
        self.driver = SynchronousDriver(Executor([domain]), self.journal)
        self.told, self.middle, self.failed = [], None, []
        self.driver.listen(self._note)

    def _note(self, facts):
        self.failed += [fact.event for fact in facts if isinstance(fact.event, ReactionFailed)]

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["dispatch"]

    def ask(self, command, at=None):
        """The outcome of one command; a failure of dispatch's own code fails here, with what was asked."""
        self.steps += 1
        name = f"c{self.steps}"
        self.told.append(command)
        outcomes = self.driver.run([Request(name, command, "tester", at)], self.now)
        self.check()
        return next(outcome for outcome in outcomes if outcome.request == name)

    def wait(self, ms):
        """Let time pass; what is due meanwhile fires."""
        self.now += ms
        self.driver.drain(self.now)
        self.check()

    def check(self):
        """All that always holds."""
        executor = self.driver.executor
        assert not executor.suspended, (executor.suspended, self.told[-1:])
        assert not self.failed, (self.failed, self.told[-1:])
        assert not executor._owed.all(), executor._owed.all()
        found = list(broken(self.state))
        assert found == [], (found, self.told[-1:])
        assert unnamed(self.state) == [], self.told[-1:]
        if self.look is not None:
            self.look(self)

    def step(self, number):
        """What the number says is to be done now."""
        if number == 0:
            return
        rng = random.Random(number)
        pause = rng.choice(PAUSES)
        if pause:
            self.wait(pause)
        kind = rng.choice(OFTEN) if rng.random() < 0.5 else rng.choice(ASKED)
        if "incident" in kind.__struct_fields__ and not any(
            one.closed_at is None for one in self.state.incidents.values()
        ):
            kind = OpenIncident
        command = Maker(rng, self.state, self.now, self.lies).command(kind)
        late = self.now - rng.choice((MINUTE, HOUR)) if rng.random() < 0.1 else None
        self.ask(command, late)

    def live(self, numbers):
        """The whole of it; a snapshot is taken half way."""
        self.begin()
        for count, number in enumerate(numbers):
            if count == len(numbers) // 2:
                self.middle = msgspec.json.encode(self.driver.executor.snapshot())
            self.step(number)

    def begin(self):
        """A small city comes on duty: every shift has this."""
        for count, unit in enumerate(UNITS):
            kind, agency = ("ENGINE", "fire") if unit[0] == "E" else ("MEDIC", "ems")
            self.ask(asked("EnrollUnit", unit=unit, kind=kind, agency=agency, station=f"S{count % 2 + 1}"))
            self.ask(ReportStatus(unit, "AQ"))
        for command in PROLOGUE:
            outcome = self.ask(command)
            assert outcome.accepted, (command, outcome.rejection)

    def happened(self, *kinds):
        """Every event of these kinds in the journal, in order."""
        reader, names = House([self.domain]).events, {kind.event_kind for kind in kinds}
        return [reader.read(one) for one in map(opened, self.journal.read()) if one.kind in names]


BY_NAME = {command.__name__: command for command in live.deciders}


def asked(name, **fields):
    """A command by its name."""
    return BY_NAME[name](**fields)


def steps(least=30, most=80):
    """Shifts of so many steps."""
    return st.lists(st.integers(0, MOST_STEPS), min_size=least, max_size=most)


_HOURS = [1_000] * 168
PROLOGUE = (
    asked("DefineGroup", group="fire", agencies=["fire"]),
    asked("DefineGroup", group="ems", agencies=["ems"]),
    asked("DefineGroup", group="all", supervises=True),
    asked("SignOn", seat="s1", person="J. Doe", groups=["fire", "ems"]),
    *(
        asked("EnrollRecipient", recipient=f"{kind} {unit}", unit=unit, paths=[Path(kind, unit), Path("mobile", unit)])
        for unit, kind in (("E1", "station"), ("E1", "pager"), ("M1", "pager"), ("E2", "station"))
    ),
    asked("FormCrew", crew="k1", units=["E2", "E3"]),
    asked("BeginShift", shift="day", unit="E1", vehicle="v1", responders=["Ann"], until=NOON + HOUR),
    asked("SetRotation", rotation="tow", service="tow", zone="north", contractors=[Listed(n) for n in ("Ace", "Bay")]),
    asked("ListTalkgroup", talkgroup="tac1"),
    asked("WatchSource", source="911", milli_an_hour=_HOURS, bears_milli=12_000),
    asked("DraftPlan", text=PLAN.format("p1"), by="J. Doe"),
    asked("SignProtocol", protocol="EMD", version="1", digest="0" * 64, by="J. Doe", licence="1"),
    asked("RecordAgreement", agreement="a1", lender="ems", borrower="fire", automatic=True),
    asked("IssueBolo", bolo="b1", text="Grey van", by="J. Doe", expires_at=NOON + HOUR),
    asked("EnterCaution", caution=Caution(
        "w1", Shape.CAUTION, About.PLACE, "dog", "bites", "owner", "J. Doe", NOON, NOON + HOUR, Place("1 MAIN ST")
    )),
    asked("ReceiveCall", call="c1", source="911", callback="2255550100"),
    asked("AnswerCall", call="c1", seat="s1"),
    asked("OpenIncident", incident="i1", kind="FIRE", group="fire", place=Place("1 MAIN ST", 0, 0), call="c1"),
    asked("SetNeeds", incident="i1", requirements=[Requirement("engine", ("ENGINE",)), Requirement("medic",
    ("MEDIC",))]),
    asked("OpenIncident", incident="i2", kind="MEDICAL", group="ems"),
)  # fmt: skip
