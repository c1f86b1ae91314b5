"""Seven states, April 2014: a counter reached a limit that had been set, calls fell silent, the alarm paged nobody.

Three things: ten years of ids and timers; counters begun just below every width that a register, a field or a person
might have chosen; and one trunk of three that goes silent, on a floor that sees nothing but its boards.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import msgspec
import numpy as np

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch.absence.expecting import expect
from redstick.dispatch.cards.card import PaperCard
from redstick.dispatch.place import Place
from redstick.dispatch.reads.seats import FLOOR, OVERSIGHT
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.bolos import BoloIssued, IssueBolo
from redstick.dispatch.rules.calls import AnswerCall, CallReceived, EndCall, ReceiveCall
from redstick.dispatch.rules.cards import CardsReserved, EnterCard, ReserveCards
from redstick.dispatch.rules.case_numbers import CaseNumberIssued, IssueCaseNumber
from redstick.dispatch.rules.cautions import About, Caution, EnterCaution, Shape
from redstick.dispatch.rules.incidents import CloseIncident, IncidentClosed, OpenIncident
from redstick.dispatch.rules.silence import CheckSource, SourceChecked, SourceWatched, WatchSource
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.rules.warnings import AcknowledgeWarning, WarningEnded, WarningRaised, What, warning_id
from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Domain
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import Head
from redstick.kernel.executor import Executor
from redstick.kernel.fold import Fact
from redstick.kernel.snapshots import Snapshot
from redstick.kernel.timers import Start
from redstick.kernel.values import Command, Event, Instant, Outcome, Rejection, Request
from redstick.server.audiences import Audiences
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import DAY, HOUR, MINUTE, NOON, SECOND, Centre, dice
from redstick.simulation.museum.planting import answering, applying, deciding, in_domain, without, without_timer
from redstick.simulation.museum.record import Line, of, read, unsound

YEARS, YEAR = 10, 365 * DAY
WORKS = 160  # incidents in the ten years: what is between them is quiet, and the clock runs through it
KINDS = ("fire", "ems")
# Widths that somebody might choose: of a register, of a printed field, of a spreadsheet, of a float, and one by hand.
LIMITS = (2**8, 10**4, 2**15, 2**16, 10**6, 40_000_000, 2**31, 2**32, 10**12, 2**53)
TRUNKS = {"north": 6.0, "south": 4.0, "west": 3.0}  # calls an hour in the middle of the day
QUIET_AFTER_HOURS, RUN_HOURS, WEEKS = (5, 16), 30, 4
SILENT_HOURS = 12  # in which even the trunk that rings least is known to be silent, whatever the hour
IN_TIME_CALLS = 15  # that were to come and did not: by then it is one chance in three million
EYES_MS = 5 * MINUTE  # within which a supervisor sees what stands on the board


def run(seed: int, build: Build) -> Result:
    """All three; see `CASE`."""
    facts: dict[str, int | str] = {}
    problems = [*_ten_years(seed, build, facts), *_limits(seed, build), *_silence(seed, build, facts)]
    return judged(problems, facts)


# Ten years


def _ten_years(seed: int, build: Build, facts: dict[str, int | str]) -> Iterator[Problem]:
    random, centre = dice(seed, "years"), Centre(build, seed)
    names: list[tuple[str, Instant]] = []
    due: dict[str, Instant] = {}
    sizes: list[int] = []

    def name(prefix: str) -> str:
        made = build.new_id(prefix, centre.now, random.getrandbits(40))
        names.append((made, centre.now))
        return made

    centre.all_of([EnrollUnit("E1", "ENGINE", "fire", "S1"), ReportStatus("E1", "AQ")])
    for year in range(YEARS):
        for _ in range(WORKS // YEARS):
            centre.live(int(random.uniform(0.5, 1.5) * YEAR * YEARS / WORKS))
            _one_work(centre, name)
        looks = centre.now + int(random.uniform(30 * DAY, 3 * YEAR))
        due |= {name("bolo"): looks, name("caution"): looks}
        bolo, caution = list(due)[-2:]
        about = Caution(caution, Shape.CAUTION, About.PLACE, "dog", "bites", "owner", "J. Doe", centre.now, looks,
                        Place("1 MAIN ST"))  # fmt: skip
        centre.all_of([IssueBolo(bolo, "Grey van", "J. Doe", looks), EnterCaution(about)])
        centre.live(DAY)
        sizes.append(len(msgspec.json.encode(centre.state)) - len(msgspec.json.encode(centre.state.cautions)))
        del year
    centre.live(4 * YEAR)
    lines = centre.lines()
    facts |= {"lines_of_ten_years": len(lines), "head": centre.stored()[-1][:64].decode()}
    yield from unsound(centre.stored())
    yield from centre.untrue("no_bounded_counter")
    yield from _ids_alike(names)
    yield from _fired(lines, due)
    if sizes[-1] > sizes[1] * 3 // 2 + 2_000:
        yield Problem("nothing_grows", f"the live state grew from {sizes[1]} to {sizes[-1]} bytes")


def _one_work(centre: Centre, name: Callable[[str], str]) -> None:
    call, incident = name("call"), name("inc")
    opened = OpenIncident(incident, kind="FIRE", priority=2, place=Place("1 MAIN ST"), call=call)
    centre.all_of([ReceiveCall(call, "911", "2255550100"), AnswerCall(call, "s1"), opened, EndCall(call)])
    year = datetime.fromtimestamp(centre.now / 1000, UTC).year
    centre.all_of([AssignUnits(incident, ["E1"]), IssueCaseNumber(incident, "fire", year)])
    centre.live(5 * MINUTE)
    centre.all_of([ReportStatus("E1", "ENR"), ReportStatus("E1", "ONS")])
    centre.live(10 * MINUTE)
    centre.all_of([ReleaseUnit(incident, "E1"), ReportStatus("E1", "AQ"), CloseIncident(incident, "01")])


def _ids_alike(names: Sequence[tuple[str, Instant]]) -> Iterator[Problem]:
    """No id is given twice, and those of one kind sort by when they were made."""
    if len({made for made, _ in names}) != len(names):
        yield Problem("no_bounded_counter", "an id was given twice")
    for kind in ("call", "inc", "bolo", "caution"):
        of_kind = [(made, at) for made, at in names if made.startswith(f"{kind}_")]
        if [made for made, _ in of_kind] != [made for made, _ in sorted(of_kind, key=lambda one: one[1])]:
            continue
        if sorted(made for made, _ in of_kind) != [made for made, _ in of_kind]:
            yield Problem("no_bounded_counter", f"ids of {kind} no longer sort by time")


def _fired(lines: list[Line], due: dict[str, Instant]) -> Iterator[Problem]:
    """What was to be looked at after weeks or years was looked at then, once; what was closed left two hours later."""
    happened: dict[str, list[Instant]] = {}
    for line in of(lines, "bolo_filed", "caution_overdue", "retired"):
        about = line.payload.get("bolo") or line.payload.get("caution") or line.payload.get("incident", "")
        happened.setdefault(about, []).append(line.recorded_at)
    closed = {line.payload["incident"]: line.recorded_at + 2 * HOUR for line in of(lines, "incident_closed")}
    for about, at in {**due, **closed}.items():
        found = happened.get(about, [])
        if len(found) != 1 or abs(found[0] - at) > SECOND:
            yield Problem("timers_fire", f"{about} was due at {at} and came at {found}")


# Limits


class LateJournal(MemoryJournal):
    """A journal of which the first lines are elsewhere: it goes on behind a head."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self._head, self._begun = head, head.position

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Lines behind position `after`."""
        yield from self._lines[max(0, after - self._begun) :]


def _limits(seed: int, build: Build) -> Iterator[Problem]:
    """Everything that counts goes on over every limit."""
    del seed
    for limit in LIMITS:
        old = _aged(build, limit)
        journal = LateJournal(Head(old.fold.position, bytes.fromhex(old.fold.hash)))
        driver = SynchronousDriver(build.executor([build.domain]), journal, snapshot=old)
        yield from (Problem("no_bounded_counter", f"at {limit}: {words}") for words in _goes_over(driver, limit))
        again = SynchronousDriver(build.executor([build.domain]), journal, snapshot=old)
        if msgspec.json.encode(again.executor.snapshot()) != msgspec.json.encode(driver.executor.snapshot()):
            yield Problem("no_bounded_counter", f"at {limit}: the same lines give another fold")


def _aged(build: Build, limit: int) -> Snapshot:
    """A centre that has counted as far as just below a limit."""
    driver = SynchronousDriver(build.executor([build.domain]), MemoryJournal())
    _asked(driver, [EnrollUnit("E1", "ENGINE", "fire", "S1"), ReportStatus("E1", "AQ"), OpenIncident("i1"),
                    AssignUnits("i1", ["E1"]), ReleaseUnit("i1", "E1")])  # fmt: skip
    snapshot = driver.executor.snapshot()
    state = msgspec.json.decode(snapshot.fold.states["dispatch"], type=Dispatch)
    state.paper.next = limit - 2
    state.last_cases = {"2023 fire": limit - 3}
    state.incidents["i1"].assignments["E1"].sequence = limit - 2
    fold = msgspec.structs.replace(
        snapshot.fold, position=limit - 7,
        states={**snapshot.fold.states, "dispatch": msgspec.Raw(msgspec.json.encode(state))},
    )  # fmt: skip
    return msgspec.structs.replace(snapshot, fold=fold)


def _asked(driver: SynchronousDriver, commands: Sequence[Command], name: str = "c") -> list[Outcome]:
    return [
        outcome
        for i, command in enumerate(commands)
        for outcome in driver.run([Request(f"{name}{i}", command, "floor")], NOON + i)
    ]


def _goes_over(driver: SynchronousDriver, limit: int) -> Iterator[str]:
    first = limit - 2
    sent = [AssignUnits("i1", ["E1"]), ReleaseUnit("i1", "E1")]
    card = PaperCard(f"P-{limit:06d}", NOON - HOUR, "1 Main St")
    done = _asked(driver, [
        ReserveCards("s1", 3), ReserveCards("s2", 3), *sent, *sent, *sent, EnterCard("e1", "p1", card, "A. Roe"),
        *(IssueCaseNumber("i1", "fire", 2023, another=True) for _ in range(5)),
    ], f"over{limit}/")  # fmt: skip
    yield from (f"{outcome.request} was refused: {outcome.rejection}" for outcome in done if not outcome.accepted)
    lines = read(driver.journal.read())
    if [line.position for line in lines] != list(range(limit - 6, limit - 6 + len(lines))):
        yield f"positions run {[line.position for line in lines][:12]}"
    blocks = [(line.payload["first"], line.payload["last"]) for line in of(lines, "cards_reserved")]
    if blocks != [(first, first + 2), (first + 3, first + 5)]:
        yield f"cards were numbered {blocks}"
    cases = [line.payload["sequence"] for line in of(lines, "case_number_issued")]
    if cases != list(range(first, first + 5)):
        yield f"cases were numbered {cases}"
    entered = of(lines, "card_entered")
    if not entered or entered[0].payload.get("conflicts") or entered[0].payload.get("count") != limit:
        yield f"the card of number {limit} is not known: {[line.payload for line in entered]}"
    state: Dispatch = driver.executor.committed["dispatch"]
    incident = state.incidents["i1"]
    sequences = [part.sequence for part in (*incident.earlier, *incident.assignments.values())]
    if sequences != list(range(first, first + 4)):
        yield f"assignments were counted {sequences}"


# Silence


class Floor:
    """Who sits at the boards: a supervisor who knows only what stands there."""

    def __init__(self, centre: Centre, build: Build) -> None:
        self.centre, self.seen_at, self.anonymous = centre, 0, False
        executor = centre.driver.executor if centre.driver is not None else Executor([build.domain])
        view = build.warnings_view()
        self.boards = Audiences(view, (FLOOR, OVERSIGHT), executor.committed, executor.durable.position, centre.now)
        centre.heard.append(self._note)
        centre.after(60, self._look)

    def _note(self, facts: list[Fact]) -> None:
        states = {"dispatch": self.centre.state}
        self.boards.note(states, facts)
        self.boards.publish(states, facts[-1].envelope.position, self.centre.now) if facts else None

    def _look(self) -> None:
        """Every few minutes; what sounds and has an owner is acknowledged by name, once somebody without one tried."""
        rows = [msgspec.json.decode(row) for row in self.boards.boards[OVERSIGHT].snapshot().rows.values()]
        on_floor = {key for key in self.boards.boards[FLOOR].snapshot().rows if key.startswith("warning/")}
        for row in rows:
            pages = row.get("what") == What.SILENCE and row["sound"] and row["owner"] and row["id"] in on_floor
            if pages and not row["acknowledged_by"]:
                self.seen_at = self.seen_at or self.centre.now
                nobody = self.centre.ask(AcknowledgeWarning(row["id"], " "), "nobody")
                self.anonymous = nobody is not None and nobody.accepted
                self.centre.ask(AcknowledgeWarning(row["id"], "J. Doe"), "supervisor")
        self.centre.after((EYES_MS - MINUTE) / SECOND, self._look)


def _silence(seed: int, build: Build, facts: dict[str, int | str]) -> Iterator[Problem]:
    random, centre = dice(seed, "silence"), Centre(build, seed)
    silent = random.choice(list(TRUNKS))
    quiet_at = centre.now + int(random.uniform(*QUIET_AFTER_HOURS) * HOUR)
    back_at = quiet_at + SILENT_HOURS * HOUR
    heard: dict[str, list[Instant]] = {name: [] for name in TRUNKS}
    for name, an_hour in TRUNKS.items():
        past = _calls(random.expovariate, an_hour, NOON - WEEKS * 7 * DAY, NOON)
        begun = NOON - WEEKS * 7 * DAY
        rates, bears = expect(past, [(begun - begun % HOUR, NOON - NOON % HOUR)]).whole()
        centre.all_of([WatchSource(name, rates, bears)])
        for i, at in enumerate(_calls(random.expovariate, an_hour, centre.now, centre.now + RUN_HOURS * HOUR)):
            if name != silent or not quiet_at <= at < back_at:
                heard[name].append(at)
                centre.timeline.at(at, partial(_ring, centre, f"{name}{i}", name))
    floor = Floor(centre, build)
    centre.live(RUN_HOURS * HOUR)
    lines = centre.lines()
    last = max((at for at in heard[silent] if at < quiet_at), default=NOON)
    raised = [line for line in of(lines, "warning_raised") if line.payload["what"] == What.SILENCE]
    facts |= {"silent_trunk": silent, "minutes_to_alarm": (raised[0].at - last) // MINUTE if raised else -1}
    yield from unsound(centre.stored())
    yield from _alarmed(raised, lines, silent, last)
    yield from _acknowledged(
        floor, lines, silent, raised, min((at for at in heard[silent] if at >= back_at), default=0)
    )


def _calls(waits: Callable[[float], float], an_hour: float, begun: Instant, ended: Instant) -> list[Instant]:
    """When calls come: fewer by night."""
    found: list[Instant] = []
    at = float(begun)
    while True:
        at += waits(an_hour) * HOUR
        if at >= ended:
            return found
        if (int(at * 7919) % 1000) / 1000 < _by_day(at):
            found.append(int(at))


def _by_day(at: float) -> float:
    """Which part of the calls of a busy hour comes at this one."""
    return float(0.6 + 0.4 * np.sin((at % DAY) / DAY * 2 * np.pi))


def _ring(centre: Centre, call: str, trunk: str) -> None:
    centre.all_of([ReceiveCall(call, trunk, "2255550100"), AnswerCall(call, "s1"), EndCall(call)])


def _alarmed(raised: list[Line], lines: list[Line], silent: str, last: Instant) -> Iterator[Problem]:
    """The silent trunk raises one alarm, when its silence has become improbable by its own rates; no other does."""
    strange = [line.payload["about"] for line in raised if line.payload["about"] != silent]
    if strange:
        yield Problem("no_false_alarm", f"{strange} was alarmed and rang")
    ours = [line for line in raised if line.payload["about"] == silent]
    if len(ours) != 1:
        yield Problem("silence_alarms", f"{silent} fell silent at {last}: {len(ours)} alarms")
        return
    [watched] = [line.payload for line in of(lines, "source_watched") if line.payload["source"] == silent]
    left, at = watched["bears_milli"] / 1000, last
    while left > 0:
        hour = (at // HOUR + 72) % 168  # the epoch was a Thursday
        left -= watched["milli_an_hour"][hour] / 1000 / 3600
        at += SECOND
    if not at - 2 * MINUTE <= ours[0].recorded_at <= at + 2 * MINUTE:
        yield Problem("silence_alarms", f"due at {at}, alarmed at {ours[0].recorded_at}")
    minutes = range(last, ours[0].recorded_at, MINUTE)
    missed = sum(TRUNKS[silent] / 60 * _by_day(minute) for minute in minutes)
    if missed > IN_TIME_CALLS or ours[0].payload["level"] != "alarm":
        yield Problem("silence_alarms", f"when {missed:.0f} calls had not come: {ours[0].payload}")


def _acknowledged(floor: Floor, lines: list[Line], silent: str, raised: list[Line], back: Instant) -> Iterator[Problem]:
    """A person saw it on a board and answered by name; it stood until the trunk was heard, and then it ended."""
    name = warning_id(What.SILENCE, about=silent)
    if floor.anonymous:
        yield Problem("a_person_acknowledges", "somebody without a name acknowledged it")
    answers = [line for line in of(lines, "warning_acknowledged") if line.payload["warning"] == name]
    begun = raised[0].recorded_at if raised else 0
    in_time = [line for line in answers if line.payload["by"] == "J. Doe" and line.at <= begun + EYES_MS + MINUTE]
    if not in_time:
        yield Problem("a_person_acknowledges", f"raised at {begun}, on a board at {floor.seen_at}, answered: {answers}")
    ended = [line.recorded_at for line in of(lines, "warning_ended") if line.payload["warning"] == name]
    if [at for at in ended if at < back] or (back and not ended):
        yield Problem("stands_until_heard", f"heard again at {back}, the alarm ended at {ended}")


# The causes, put back in

COUNTER_LIMIT = 40_000_000  # a round number that somebody thought would do


class CountedExecutor(Executor):
    """Counts the lines that it writes, up to a limit that was set once."""

    def _guarded(self, request: Request) -> Rejection | None:
        full = self.durable.position + self.gathered >= COUNTER_LIMIT
        return Rejection("counter_full") if full else super()._guarded(request)


def _full(said: Rejection | list[Event], state: Dispatch, asked: ReserveCards) -> Rejection | list[Event]:
    del asked
    return Rejection("no_more_numbers") if state.paper.next > COUNTER_LIMIT else said


def _wraps(state: Dispatch, happened: CardsReserved, at: Instant, true: Callable[..., None]) -> None:
    true(state, happened, at)
    state.paper.next %= 10**6  # six digits are printed


def _four_digits(decision: list[Event], state: Dispatch, asked: IssueCaseNumber) -> list[Event]:
    del state, asked
    return [
        msgspec.structs.replace(one, sequence=one.sequence % 10_000) if isinstance(one, CaseNumberIssued) else one
        for one in decision
    ]


def _short_timers(domain: Domain) -> Domain:
    """How long a timer runs is kept in 32 bits of milliseconds."""
    rule = domain.timers[BoloIssued]

    def short(happened: Event, now: Instant) -> Iterator[Start]:
        for one in rule(happened, now):
            if isinstance(one, Start):
                yield msgspec.structs.replace(one, due_at=now + (one.due_at - now) % 2**31)

    return replace(domain, timers={**domain.timers, BoloIssued: short})


def _any_trunk(state: Dispatch, happened: CallReceived, at: Instant, true: Callable[..., None]) -> None:
    true(state, happened, at)
    for source in state.sources.values():
        source.heard_at = at


def _over_at_once(decision: list[Event], state: Dispatch, asked: CheckSource) -> list[Event]:
    del state, asked
    raised = [one for one in decision if isinstance(one, WarningRaised)]
    return [*decision, *(WarningEnded(one.warning, one.what) for one in raised)]


def _by_nobody(said: Rejection | list[Event], state: Dispatch, asked: AcknowledgeWarning) -> Rejection | list[Event]:
    del state, asked
    return [] if isinstance(said, Rejection) and said.code == "name_needed" else said


def _to_nobody(decision: list[Event], state: Dispatch, asked: CheckSource) -> list[Event]:
    del state, asked
    return [
        msgspec.structs.replace(one, owner="", quiet=True) if isinstance(one, WarningRaised) else one
        for one in decision
    ]


def _ids_of_31_bits(build: Build) -> Build:
    return replace(build, new_id=lambda prefix, now, chance: build.new_id(prefix, now % 2**31, chance))


CASE = Case(
    "seven_states",
    "Seven states, April 2014",
    "A counter hit the limit that had been set for it: more than 6,600 calls were lost at 83 answering points in six "
    "hours, and the alarm that was raised paged nobody.",
    f"{YEARS} years of incidents, ids and timers that run for up to three years; every counter there is (lines, cards, "
    f"case numbers, assignments) taken over {len(LIMITS)} limits from 2^8 to 2^53; then one trunk of three falls "
    "silent while the others ring, on a floor that knows only what stands on its boards.",
    {
        "no_bounded_counter": "every counter goes on over every limit, and no id or number is given twice",
        "timers_fire": "what is due after hours or years is done then, once",
        "nothing_grows": "what is kept live after ten years is what was kept after two",
        "silence_alarms": "the silent trunk raises one alarm when its silence is improbable, before "
        f"{IN_TIME_CALLS} calls have not come",
        "no_false_alarm": "no trunk that rings is alarmed",
        "a_person_acknowledges": "the alarm sounds on a board, is somebody's, and is acknowledged by name",
        "stands_until_heard": "it stands until the trunk is heard again",
    },
    run,
    {
        "lines_are_counted": Mutant(
            f"the node stops at line {COUNTER_LIMIT:,}", lambda build: replace(build, executor=CountedExecutor)
        ),
        "card_numbers_end": Mutant(f"no card beyond number {COUNTER_LIMIT:,}", answering(ReserveCards, _full)),
        "card_numbers_wrap": Mutant("card numbers begin again after 999,999", applying(CardsReserved, _wraps)),
        "case_numbers_wrap": Mutant("case numbers have four digits", deciding(IssueCaseNumber, _four_digits)),
        "ids_wrap": Mutant("the time in an id has 31 bits", _ids_of_31_bits),
        "timers_wrap": Mutant("a timer runs for at most 2^31 ms", in_domain(_short_timers)),
        "nothing_retires": Mutant("what is closed stays live for ever", without_timer(IncidentClosed)),
        "alarm_not_raised": Mutant("silence is noted and alarms nobody", without(CheckSource, WarningRaised)),
        "alarm_pages_nobody": Mutant("the alarm has no owner and no sound", deciding(CheckSource, _to_nobody)),
        "alarm_goes_away": Mutant("the alarm ends by itself", deciding(CheckSource, _over_at_once)),
        "acknowledged_by_nobody": Mutant(
            "an alarm is acknowledged without a name", answering(AcknowledgeWarning, _by_nobody)
        ),
        "only_rings_are_looked_at": Mutant(
            "silence is looked at when a call comes", without_timer(SourceWatched, SourceChecked)
        ),
        "any_trunk_counts": Mutant("a call by any trunk counts for all of them", applying(CallReceived, _any_trunk)),
    },
)
