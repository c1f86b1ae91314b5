"""Dallas, 2007 to 2009: alerts that were "sent" and rang nowhere, cancels in error, a home-made bridge to the units.

Alerts go over an air that loses, doubles, delays and changes frames; devices show what arrives whole, and answer over
the same air; some are dead. What a device showed and what was voiced is known here, and held against the journal.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import msgspec

from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.alerting.outbox import Outbox
from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.place import Place
from redstick.dispatch.ports import Handed, Outgoing
from redstick.dispatch.rules.alerts import (
    AlertQueued,
    AlertSettled,
    ReportReceipt,
    ReportVoiced,
    TakeVoice,
    VoiceNeeded,
    VoiceTaken,
)
from redstick.dispatch.rules.assignments import AssignmentEnded, AssignUnits, ReleaseUnit, open_assignments
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact
from redstick.kernel.values import Event, Instant
from redstick.simulation.museum.bridge import Bridge
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import MINUTE, SECOND, Centre, dice
from redstick.simulation.museum.planting import deciding, without_reaction, without_timer
from redstick.simulation.museum.record import Line, of, unsound

UNITS, INCIDENTS, CRASHES, FAULTY_MIN, CALM_MIN = 10, 40, 3, 100, 45
LOST, TWICE, CHANGED, DEAD, REFUSED = 0.3, 0.2, 0.2, 0.2, 0.1  # shares of frames, of devices, of hand-overs
WAITS_S = {"station": 30, "pager": 20, "mobile": 25}
SLACK_MS, REMIND_MS = 1_500, 60_000
KNOWN_BY_MS = (sum(WAITS_S.values()) + 6 * 60) * SECOND  # every path in vain, and a person who voices it
ANSWER_STEPS = (Step.DELIVERED, Step.READ, Step.ACCEPTED)


class Shown(msgspec.Struct, frozen=True):
    """What somebody in a unit has seen or heard, and when. `key` is "" for a voice."""

    at: Instant
    unit: str
    key: str
    text: str


class World:
    """The centre, its outbox, the air, the devices and those who look at them."""

    def __init__(self, build: Build, seed: int) -> None:
        self.build, self.random, self.centre = build, dice(seed, "dallas_alerts"), Centre(build, seed)
        self.shown: list[Shown] = []
        self.answered: set[tuple[str, str]] = set()  # attempt and step that a device or a provider truly said
        self.handed: dict[str, Instant] = {}  # when an attempt was first handed over
        self.cancelled: set[tuple[str, str]] = set()  # incident and unit of what a dispatcher called back
        self.moves: list[tuple[Instant, str, str]] = []  # when a crew said that it drives, and to what
        self.dark: list[tuple[Instant, Instant]] = []
        self.calm = False
        self.outbox = self._opened_outbox()
        self._dead = self._enroll()
        for number in range(INCIDENTS):
            self.centre.after(self.random.uniform(60, FAULTY_MIN * 50), self._incident, f"i{number}")
        for act in (self._hand_over, self._voice):
            self.centre.after(1, act)
        self.crash_at = {f"i{number}" for number in self.random.sample(range(INCIDENTS), CRASHES)}

    def live(self) -> None:
        """With faults, and then without."""
        self.centre.live(FAULTY_MIN * MINUTE)
        self.calm = True
        self.centre.live(CALM_MIN * MINUTE)

    def _enroll(self) -> set[str]:
        dead = set()
        for number in range(UNITS):
            unit = f"E{number}"
            self.centre.all_of([EnrollUnit(unit, "ENGINE", "fire", "S1"), ReportStatus(unit, "AQ")])
            for recipient, kinds in ((f"house {unit}", ("station", "pager")), (f"crew {unit}", ("mobile",))):
                paths = [Path(PathKind(kind), f"{kind}/{unit}", wait_ms=WAITS_S[kind] * SECOND) for kind in kinds]
                self.centre.all_of([EnrollRecipient(recipient, unit, paths)])
                dead |= {path.address for path in paths if self.random.random() < DEAD}
        return dead

    def _crash(self) -> None:
        """The node dies and comes back some seconds later, with an outbox that knows only what the journal says."""
        self.centre.lose_power()
        began = self.centre.now

        def back() -> None:
            self.centre.restart()
            self.dark.append((began, self.centre.now))
            self.outbox = self._opened_outbox()

        self.centre.after(self.random.uniform(2, 20), back)

    def _opened_outbox(self) -> Outbox:
        outbox = self.build.outbox()
        outbox.begin(self.centre.state, self.centre.now)
        self.centre.heard[:] = [self._note]
        return outbox

    def _note(self, facts: list[Fact]) -> None:
        states = {"dispatch": self.centre.driver.executor.committed["dispatch"]} if self.centre.driver else {}
        self.outbox.note(states, [fact.event for fact in facts], self.centre.now)

    # The dispatcher

    def _incident(self, name: str) -> None:
        centre, random = self.centre, self.random
        place = Place(f"{random.randrange(1, 9999)} Oak St", municipality="Riverton")
        centre.ask(OpenIncident(name, kind="FIRE", priority=2, place=place))
        centre.after(5, self._send, name)

    def _send(self, name: str) -> None:
        centre, random = self.centre, self.random
        if not centre.up or name not in centre.state.incidents:
            centre.after(5, self._send, name)
            return
        free = [unit.id for unit in centre.state.units.values() if not unit.work]
        units = random.sample(free, min(len(free), random.choice((1, 1, 2))))
        if not units:
            centre.after(60, self._send, name)
            return
        centre.ask(AssignUnits(name, units))
        if name in self.crash_at:  # before anything of it was handed over
            self._crash()
        for unit in units:
            cancelled = random.random() < 0.3
            after_s = random.uniform(20, 400) if cancelled else random.uniform(900, 1_300)
            centre.after(after_s, self._release, name, unit, "cancelled" if cancelled else "cleared")

    def _release(self, name: str, unit: str, ending: str) -> None:
        centre = self.centre
        if not centre.up or name not in centre.state.incidents:
            centre.after(5, self._release, name, unit, ending)
            return
        self.cancelled |= {(name, unit)} if ending == "cancelled" else set()
        centre.ask(ReleaseUnit(name, unit, ending))
        if ending == "cleared":
            centre.ask(ReportStatus(unit, "AQ"))
        if not open_assignments(centre.state.incidents[name]):
            centre.ask(CloseIncident(name, "01"))

    def _voice(self) -> None:
        """Every twenty seconds, or later, somebody takes what is to be voiced and says it by radio; some forget to."""
        centre, random = self.centre, self.random
        centre.after(random.choice((20, 20, 20, 20, 100)), self._voice)
        if not centre.up:
            return
        for incident in list(centre.state.incidents.values()):
            for alert in list(incident.alerts.values()):
                if alert.standing is Standing.TO_VOICE and (not alert.taken_by or alert.reminders > 1):
                    centre.ask(TakeVoice(incident.id, alert.id, "J. Doe"), "dispatch:1")
                    if random.random() < 0.8:
                        said = (incident.id, alert.id, alert.unit, alert.text)
                        centre.after(random.uniform(5, 15), self._said, *said)

    def _said(self, incident: str, alert: str, unit: str, text: str) -> None:
        self.shown.append(Shown(self.centre.now, unit, "", text))
        self.centre.ask(ReportVoiced(incident, alert, "J. Doe", "radio"), "dispatch:1")
        self._knows(unit, incident, text)

    # The way out

    def _hand_over(self) -> None:
        self.centre.after(1, self._hand_over)
        if not self.centre.up:
            return
        for message in self.outbox.take(self.centre.now):
            self.handed.setdefault(message.key, self.centre.now)
            if not self.calm and self.random.random() < REFUSED:
                self.outbox.unreachable(message, self.centre.now)
                continue
            fails = not self.calm and self.random.random() < REFUSED
            step = Step.FAILED if fails else Step.SENT
            self.answered.add((message.key, step))
            self.centre.ask_request(self.outbox.handed(message, Handed(step, "the provider's word"), self.centre.now))
            if not fails:
                self._over_the_air(self._frame_of(message), self._arrives)

    def _frame_of(self, message: Outgoing) -> bytes:
        said = {"to": message.address, "incident": message.incident, "alert": message.alert, "key": message.key}
        return self.build.bridge.frame({**said, "text": message.text})

    def _over_the_air(self, frame: bytes, arrives: Callable[[bytes], None]) -> None:
        random = self.random
        if self.calm:
            self.centre.after(1, arrives, frame)
            return
        for _ in range(2 if random.random() < TWICE else 1):
            if random.random() >= LOST:
                changed = spoilt(random, frame) if random.random() < CHANGED else frame
                self.centre.after(random.choice((0.2, 0.5, 2, 20, 45)), arrives, changed)

    def _arrives(self, frame: bytes) -> None:
        """A frame reaches the device that it names; whole ones are shown and answered."""
        said = self.build.bridge.said(frame)
        if said is None or said.get("to", "") in self._dead:
            return
        unit = said.get("to", "").partition("/")[2]
        known = said.get("key", "") in {one.key for one in self.shown}
        if not known:
            self.shown.append(Shown(self.centre.now, unit, said.get("key", ""), said.get("text", "")))
            self._knows(unit, said.get("incident", ""), said.get("text", ""))
        for step in ANSWER_STEPS[: self.random.choice((1, 1, 2, 3))]:
            answer = {"incident": said.get("incident", ""), "alert": said.get("alert", ""), "key": said.get("key", "")}
            self.answered.add((answer["key"], step))
            self._over_the_air(self.build.bridge.frame({**answer, "step": step}), self._answer)

    def _answer(self, frame: bytes) -> None:
        """A receipt reaches the centre."""
        said = self.build.bridge.said(frame)
        if said is not None and said.get("step", "") in set(Step):
            receipt = ReportReceipt(said.get("incident", ""), said.get("alert", ""), said.get("key", ""),
                                    Step(said["step"]), "device")  # fmt: skip
            self.centre.ask(receipt, "device")

    def _knows(self, unit: str, incident: str, text: str) -> None:
        """A crew that was told to come says so by driving, most of the time."""
        if not text.startswith(("CANCEL", "NEW")) and self.random.random() < 0.6:
            self.centre.after(self.random.uniform(20, 90), self._drive, unit, incident)

    def _drive(self, unit: str, incident: str) -> None:
        if self.centre.up and unit in self.centre.state.units and incident in self.centre.state.units[unit].work:
            self.moves.append((self.centre.now, unit, incident))
            self.centre.ask(ReportStatus(unit, "ENR", incident), unit)


def spoilt(random: Random, frame: bytes) -> bytes:
    """A frame with some bits turned, cut short, or grown together with noise."""
    data = bytearray(frame)
    how = random.randrange(4)
    if how < 2:
        for _ in range(random.randrange(1, 4)):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    elif how == 2:
        del data[random.randrange(len(data)) :]
    else:
        at = random.randrange(len(data))
        data[at : at + random.randrange(1, 6)] = random.randbytes(random.randrange(1, 6))
    return bytes(data)


def run(seed: int, build: Build) -> Result:
    """The faulty hour and a half, and a calm one; see `CASE`."""
    world = World(build, seed)
    world.live()
    lines = world.centre.lines()
    settled = of(lines, "alert_settled")
    facts: dict[str, int | str] = {
        "alerts": len(of(lines, "alert_raised")), "voiced": len(of(lines, "voice_taken")),
        "alerted": sum(line.payload["standing"] == "alerted" for line in settled),
        "lines": len(lines), "head": world.centre.stored()[-1][:64].decode(),
    }  # fmt: skip
    return judged(
        [
            *unsound(world.centre.stored()), *world.centre.untrue("no_report_lost"), *_without_receipt(world, lines),
            *_late(world, lines), *_untold(world, lines), *_in_error(world, lines), *_untrue_receipts(world, lines),
            *_never_handed(world, lines), *_bridge(seed, build.bridge),
        ],
        facts,
    )  # fmt: skip


def _without_receipt(world: World, lines: list[Line]) -> Iterator[Problem]:
    """Whatever counts as alerted was on a screen of that recipient, or its unit drove there; as voiced, was voiced."""
    raised = {line.payload["alert"]: line.payload for line in of(lines, "alert_raised")}
    for line in of(lines, "alert_settled"):
        what, alert = line.payload, raised[line.payload["alert"]]
        on_screen = [
            one for one in world.shown if one.key.startswith(f"{what['alert']}/") and one.at <= line.recorded_at
        ]
        drove = [
            one for one in world.moves if one[1:] == (what["unit"], what["incident"]) and one[0] <= line.recorded_at
        ]
        if what["standing"] == "alerted" and not on_screen and not (drove and alert["purpose"] == "dispatch"):
            yield Problem("no_alerted_without_receipt", f"{what['alert']}: {what['evidence']}, on no screen")
        over = [one for one in of(lines, "assignment_ended") if one.position < line.position + line.parts]
        gone = any((one.payload["incident"], one.payload["unit"]) == (what["incident"], what["unit"]) for one in over)
        if what["standing"] == "ended" and not gone:
            yield Problem("no_alerted_without_receipt", f"{what['alert']} is over, and its unit is still to come")
        heard = [one for one in world.shown if not one.key and one.unit == what["unit"] and one.text == alert["text"]]
        if what["standing"] == "voiced" and not heard:
            yield Problem("no_alerted_without_receipt", f"{what['alert']} counts as voiced, and nobody spoke")


def _late(world: World, lines: list[Line]) -> Iterator[Problem]:
    """Silence is borne as long as the path says, and no longer; who is to voice is reminded every minute."""
    chase: dict[str, list[Line]] = {}
    kinds = ("alert_queued", "voice_needed", "voice_taken", "alert_settled")
    for line in of(lines, *kinds):
        chase.setdefault(line.payload["alert"], []).append(line)
    for alert in (line.payload["alert"] for line in of(lines, "alert_raised")):
        steps = chase.get(alert, [])
        if not steps:
            yield Problem("escalated_by_deadline", f"{alert} was raised and tried nowhere")
        for line, following in zip(steps, [*steps[1:], None], strict=True):
            if line.kind == "alert_settled":
                continue
            wait_ms = line.payload["path"].get("wait_ms", 30_000) if line.kind == "alert_queued" else REMIND_MS
            by = _back(world, line.recorded_at + wait_ms) + SLACK_MS
            if following is None or following.recorded_at > by:
                came = "nothing" if following is None else f"{following.kind} at {following.recorded_at}"
                yield Problem("escalated_by_deadline", f"{alert}: {line.kind} due by {by}, then {came}")


def _back(world: World, due: Instant) -> Instant:
    """When something that is due can be done: while the centre is dark, as soon as it is back."""
    return next((back for began, back in world.dark if began <= due <= back), due)


def _untold(world: World, lines: list[Line]) -> Iterator[Problem]:
    """Whoever is sent knows it in time, by screen or by voice; so does whoever was told to come and is called back."""
    ended = {(line.payload["incident"], line.payload["unit"]): line for line in of(lines, "assignment_ended")}
    for line in of(lines, "unit_assigned"):
        incident, unit = line.payload["incident"], line.payload["unit"]
        end = ended.get((incident, unit))
        by = _back(world, line.recorded_at + KNOWN_BY_MS) + MINUTE
        told = [one for one in _told(world, lines, incident, unit, "dispatch") if one <= by]
        if not told and (end is None or end.recorded_at > by):
            yield Problem("everyone_is_told", f"{unit} was sent to {incident} at {line.recorded_at}: not told by {by}")
        if end is not None and end.payload["ending"] == "cancelled":
            by = _back(world, end.recorded_at + KNOWN_BY_MS) + MINUTE
            cancel = [one for one in _told(world, lines, incident, unit, "cancel") if one <= by]
            if [one for one in told if one <= end.recorded_at] and not cancel:
                yield Problem("everyone_is_told", f"{unit} was called back from {incident} and not told by {by}")


def _told(world: World, lines: list[Line], incident: str, unit: str, purpose: str) -> list[Instant]:
    texts = {
        line.payload["text"]
        for line in of(lines, "alert_raised")
        if (line.payload["incident"], line.payload["unit"], line.payload["purpose"]) == (incident, unit, purpose)
    }
    return [one.at for one in world.shown if one.unit == unit and one.text in texts]


def _in_error(world: World, lines: list[Line]) -> Iterator[Problem]:
    """Nothing stands on a screen but what was raised for that unit, word for word; no cancel that nobody meant."""
    meant = {(one.payload["unit"], one.payload["text"]) for one in of(lines, "alert_raised")}
    yield from (
        Problem("nothing_in_error", f"{one.unit} was shown {one.text!r}")
        for one in world.shown
        if (one.unit, one.text) not in meant
    )
    for line in of(lines, "alert_raised"):
        who = (line.payload["incident"], line.payload["unit"])
        if line.payload["purpose"] == "cancel" and who not in world.cancelled:
            yield Problem("nothing_in_error", f"{who[1]} is called back from {who[0]}, which nobody meant")


def _untrue_receipts(world: World, lines: list[Line]) -> Iterator[Problem]:
    """Every receipt in the journal was given, and stands there once."""
    counted = Counter((line.payload["key"], line.payload["step"]) for line in of(lines, "alert_receipt"))
    for (key, step), times in counted.items():
        if (key, Step(step)) not in world.answered:
            yield Problem("receipts_are_true", f"{step} of {key} was never said")
        if times > 1:
            yield Problem("receipts_are_true", f"{step} of {key} stands there {times} times")


def _never_handed(world: World, lines: list[Line]) -> Iterator[Problem]:
    """What waits to be handed over is handed over at once, over a restart too."""
    over: dict[str, Instant] = {}
    for line in reversed(of(lines, "alert_queued", "voice_needed", "alert_settled")):
        alert = line.payload["alert"]
        if line.kind == "alert_queued":
            at, by = world.handed.get(line.payload["key"]), _back(world, line.recorded_at + 2 * SECOND) + 2 * SECOND
            if over.get(alert, by + 1) > by and (at is None or at > by):
                yield Problem("handed_over", f"{line.payload['key']} was queued at {line.recorded_at}, handed at {at}")
        over[alert] = line.recorded_at


def _bridge(seed: int, bridge: Bridge) -> Iterator[Problem]:
    """A frame says what was said, or, once it was changed, nothing."""
    random = dice(seed, "bridge")
    for _ in range(300):
        said = {"to": f"station/E{random.randrange(99)}", "key": f"i{random.randrange(10**6)}", "text": "1 Main St"}
        frame = bridge.frame(said)
        if bridge.said(frame) != said:
            yield Problem("bridge_is_checked", f"{frame!r} is read as {bridge.said(frame)}")
        changed = spoilt(random, frame)
        if bridge.said(changed) not in (None, said):
            yield Problem("bridge_is_checked", f"{changed!r} is read as {bridge.said(changed)}")


# The causes, put back in


def _sent_counts(decision: list[Event], state: Dispatch, asked: ReportReceipt) -> list[Event]:
    alert = state.incidents[asked.incident].alerts[asked.alert]
    sent = asked.step is Step.SENT and alert.chased and decision
    end = AlertSettled(asked.incident, alert.unit, alert.id, Standing.ALERTED, "sent")
    return [*decision, end] if sent else decision


def _proves_all(decision: list[Event], state: Dispatch, asked: ReportReceipt) -> list[Event]:
    """A receipt of one recipient counts for every alert of its unit."""
    proven = any(isinstance(one, AlertSettled) for one in decision)
    alerts = state.incidents[asked.incident].alerts.values()
    unit = state.incidents[asked.incident].alerts[asked.alert].unit
    others = [one for one in alerts if one.unit == unit and one.chased and one.id != asked.alert]
    ends = [AlertSettled(asked.incident, unit, one.id, Standing.ALERTED, "seen") for one in others]
    return [*decision, *ends] if proven else decision


def _failed_is_over(decision: list[Event], state: Dispatch, asked: ReportReceipt) -> list[Event]:
    alert = state.incidents[asked.incident].alerts[asked.alert]
    kept = [one for one in decision if not isinstance(one, AlertQueued | VoiceNeeded)]
    end = AlertSettled(asked.incident, alert.unit, alert.id, Standing.ENDED, "failed")
    return [*kept, end] if asked.step is Step.FAILED and len(kept) < len(decision) else decision


def _cancels_all(decision: list[Event], state: Dispatch, asked: ReleaseUnit) -> list[Event]:
    """Whoever is let go counts as called back."""
    del state, asked
    return [
        msgspec.structs.replace(one, ending="cancelled") if isinstance(one, AssignmentEnded) else one
        for one in decision
    ]


class ForgetfulOutbox(Outbox):
    """Begins empty: what waited when the node died waits for ever."""

    def begin(self, state: Dispatch, now: Instant) -> None:
        """Take nothing in."""


CASE = Case(
    "dallas_alerts",
    "Dallas, 2007 to 2009",
    "Wrong addresses and farther units were sent, cancels went out in error, the bridge to the mobile computers was "
    'home-made, and a station alert was silent though it counted as "sent".',
    f"{UNITS} units with two recipients each and {INCIDENTS} incidents; the air between the outbox and the devices "
    f"loses {LOST:.0%} of the frames, doubles {TWICE:.0%}, changes {CHANGED:.0%} and delays them out of order, "
    f"{DEAD:.0%} of the devices are dead, providers refuse; the node loses power {CRASHES} "
    "times right behind a dispatch. Then all is calm.",
    {
        "no_alerted_without_receipt": "nothing counts as alerted that was on no screen, nor as voiced that nobody said",
        "escalated_by_deadline": "silence leads to the next path and to a person when the path's time is up",
        "everyone_is_told": "whoever is sent, or called back, knows it in time, by screen or by voice",
        "nothing_in_error": "no screen shows another unit's alert or a changed one; no cancel goes out unmeant",
        "receipts_are_true": "every receipt in the journal was given, and is there once",
        "handed_over": "what is queued is handed over at once, over a restart too",
        "bridge_is_checked": "a frame says what was said or, once it was changed, nothing",
        "no_report_lost": "what was told of a command is what the journal says",
    },
    run,
    {
        "sent_is_alerted": Mutant("sent counts as alerted", deciding(ReportReceipt, _sent_counts)),
        "one_receipt_for_all": Mutant("a receipt counts for all of a unit", deciding(ReportReceipt, _proves_all)),
        "failed_is_over": Mutant("a path that fails ends the chase", deciding(ReportReceipt, _failed_is_over)),
        "silence_is_borne": Mutant("no clock runs for an alert", without_timer(AlertQueued)),
        "nobody_is_reminded": Mutant("no clock runs for who is to voice", without_timer(VoiceNeeded, VoiceTaken)),
        "cancels_in_error": Mutant("who is cleared is called back", deciding(ReleaseUnit, _cancels_all)),
        "cancels_unsaid": Mutant(
            "who is called back is not told", without_reaction("when_assignment_ended_then_call_back")
        ),
        "bridge_believes": Mutant(
            "the bridge reads what can be read", lambda build: replace(build, bridge=Bridge(checked=False))
        ),
        "outbox_forgets": Mutant(
            "a restart forgets what waits to go out", lambda build: replace(build, outbox=ForgetfulOutbox)
        ),
    },
)
