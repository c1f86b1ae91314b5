"""Dallas, March 2017: hundreds of callers on hold, and every hang-up needed a callback by hand.

The robots at the phones are few and stay as many. They answer what rings, the longest first, and call back what the
queue puts on top of it as long as one of them stays free to answer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import msgspec

from redstick.dispatch.rules.callbacks import (
    Attempt,
    AttemptCallback,
    Callback,
    CallbackAttempted,
    CallbackClosed,
    CallbackExhausted,
    CallbackQueued,
    CallbackReached,
    ClaimCallback,
    CloseCallback,
)
from redstick.dispatch.rules.calls import AbandonCall, AnswerCall, CallState, EndCall, ReceiveCall
from redstick.dispatch.state import Dispatch
from redstick.kernel.executor import Lane
from redstick.kernel.values import Event, Instant, Rejection
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import HOUR, MINUTE, SECOND, Centre, dice
from redstick.simulation.museum.planting import Plant, answering, applying, deciding
from redstick.simulation.museum.record import Line, of, unsound

GHOSTS, NUMBERS, WITHHELD = 442, 177, 9  # 60 % of the ghost calls repeat a number; of the numbers a few are withheld
STORM_S, REAL_EVERY_S, SEATS = 50 * 60, 55, 5
TARGET_MS = 15 * SECOND  # NENA-STA-020.1-2020: 90 % within 15 s
TRIES = 3  # after so many in vain a person decides
CHOOSING_MS = 3 * SECOND  # from when a seat chooses to when it has claimed
AHEAD_MS = 5 * MINUTE  # who waits so much longer, no less often, is called first


class Hung(msgspec.Struct):
    """One caller as the telephone network knows them. `number` is theirs, "" where it is withheld."""

    call: str
    number: str
    real: bool
    rang_at: Instant
    hung_up_at: Instant | None = None
    answered: bool = False


class Dial(msgspec.Struct):
    """A call that went out: which entry it was for, which number, from when until when, and whether it was heard."""

    entry: str
    number: str
    seat: str
    began: Instant
    ended: Instant = 0
    reached: bool = False


class Phones:
    """The telephones of the centre with everybody at both ends of them."""

    def __init__(self, build: Build, seed: int) -> None:
        self.random, self.centre = dice(seed, "dallas_storm"), Centre(build, seed)
        self.callers: dict[str, Hung] = {}
        self.dials: list[Dial] = []
        self.free = [f"calls:{i}" for i in range(1, SEATS + 1)]
        self._queue = build.callbacks
        self._plan()

    def _plan(self) -> None:
        random = self.random
        numbers = [f"225555{i:04d}" for i in random.sample(range(10_000), NUMBERS)]
        for i in range(WITHHELD):
            numbers[i] = ""
        repeats = [random.choice(numbers[WITHHELD:]) for _ in range(GHOSTS - NUMBERS)]
        for i, number in enumerate([*numbers, *repeats]):
            after_s = STORM_S * min(random.random(), random.random())  # it comes on fast and ebbs away
            self.centre.after(after_s, self._ring, f"ghost{i}", number)
        moment, count = 0.0, 0
        while (moment := moment + random.expovariate(1 / REAL_EVERY_S)) < STORM_S:
            number = f"225444{count:04d}"
            self.centre.after(moment, self._ring, f"real{count}", number)
            count += 1
        self.centre.after(1, self._look)

    # At the other end

    def _ring(self, call: str, number: str) -> None:
        """Somebody calls; a ghost hangs up soon, a person after minutes."""
        centre, random, real = self.centre, self.random, call.startswith("real")
        written = random.choice(("{0}{1}{2}", "+1 {0} {1} {2}", "1-{0}-{1}-{2}", "({0}) {1}-{2}"))
        shown = written.format(number[:3], number[3:6], number[6:]) if number else random.choice(("", "anonymous"))
        self.callers[call] = Hung(call, number, real, centre.now)
        centre.ask(ReceiveCall(call, "911", shown), "telephone", lane=Lane.EMERGENCY)
        patience_s = 120 + random.expovariate(1 / 60) if real else random.choice((0.8, 1.5, 2.5, 4, 9))
        centre.after(patience_s, self._hang_up, call)

    def _hang_up(self, call: str) -> None:
        caller = self.callers[call]
        if not caller.answered:
            caller.hung_up_at = self.centre.now
            self.centre.ask(AbandonCall(call), "telephone", lane=Lane.EMERGENCY)

    # At the seats

    def _look(self) -> None:
        """Every second whoever is free looks at what rings, and then at what is owed."""
        state = self.centre.state
        rings = sorted(
            (call for call in state.calls.values() if call.state is CallState.PRESENTED),
            key=lambda call: (call.received_at, call.id),
        )
        for call in rings[: len(self.free)]:
            seat = self.free.pop(0)
            self.centre.after(0.5 + self.random.random() * 2, self._answer, seat, call.id)
        if not rings:
            self._call_back(state)
        self.centre.after(1, self._look)

    def _answer(self, seat: str, call: str) -> None:
        outcome = self.centre.ask(AnswerCall(call, seat), seat, lane=Lane.EMERGENCY)
        if outcome is None or not outcome.accepted:
            self.free.append(seat)  # it hung up meanwhile
            return
        caller = self.callers[call]
        caller.answered = caller.hung_up_at is None
        talk_s = 40 + self.random.expovariate(1 / 30) if caller.real else 8
        self.centre.after(12 if caller.hung_up_at is not None else talk_s, self._end, seat, call)

    def _end(self, seat: str, call: str) -> None:
        self.centre.ask(EndCall(call), seat)
        self.free.append(seat)

    def _call_back(self, state: Dispatch) -> None:
        for owed in self._queue(state, self.centre.now):
            if len(self.free) <= 1:
                return
            if owed.exhausted:
                closed = CloseCallback(owed.number, "J. Doe, supervisor", "called three times, nobody there")
                self.centre.ask(closed, "supervisor")
            elif not owed.seat:  # two seats may come upon the same one
                seat = self.free.pop(0)
                self.centre.after(self.random.random() * 1.5, self._dial, seat, owed)

    def _dial(self, seat: str, owed: Callback) -> None:
        outcome = self.centre.ask(ClaimCallback(owed.number, seat), seat)
        if outcome is None or not outcome.accepted:
            self.free.append(seat)
            return
        digits = "".join(sign for sign in owed.callback if sign.isdecimal())[-10:]
        dial = Dial(owed.number, digits, seat, self.centre.now)
        self.dials.append(dial)
        result = self._heard(digits)
        lasts_s = self.random.uniform(10, 20) if result is Attempt.REACHED else self.random.uniform(15, 30)
        self.centre.after(lasts_s, self._dialled, dial, result)

    def _heard(self, digits: str) -> Attempt:
        if not digits:
            return Attempt.NOT_IN_SERVICE
        return self.random.choice(
            (Attempt.REACHED, Attempt.REACHED, Attempt.NO_ANSWER, Attempt.BUSY, Attempt.VOICEMAIL)
        )

    def _dialled(self, dial: Dial, result: Attempt) -> None:
        dial.ended, dial.reached = self.centre.now, result is Attempt.REACHED
        outcome = self.centre.ask(AttemptCallback(dial.entry, dial.seat, result), dial.seat)
        if outcome is not None and outcome.accepted and dial.reached:
            for call in self.centre.state.calls.values():
                if call.state is CallState.CALLBACK_REACHED and call.seat == dial.seat:
                    self.centre.ask(EndCall(call.id), dial.seat)
                    break
        self.free.append(dial.seat)


def run(seed: int, build: Build) -> Result:
    """The storm, and as long behind it as it takes to call everybody back; see `CASE`."""
    phones = Phones(build, seed)
    phones.centre.live(STORM_S * SECOND + 2 * HOUR)
    stored = phones.centre.stored()
    lines = phones.centre.lines()
    waits = _waits(phones, lines)
    entries = of(lines, "callback_queued")
    facts: dict[str, int | str] = {
        "ghost_calls": GHOSTS, "real_calls": len(waits), "p90_answer_ms": _p90(waits),
        "numbers_owed": len({line.payload["number"] for line in entries}), "dials": len(phones.dials),
        "lines": len(stored), "head": stored[-1][:64].decode(),
    }  # fmt: skip
    problems = [
        *unsound(stored), *phones.centre.untrue("no_call_lost"), *_lost(phones, lines), *_entries(lines),
        *_uncalled(phones, lines), *_out_of_turn(lines), *_at_once(phones.dials),
    ]  # fmt: skip
    if _p90(waits) > TARGET_MS:
        problems.append(Problem("answered_in_time", f"p90 of {len(waits)} real calls is {_p90(waits)} ms"))
    return judged(problems, facts)


def _waits(phones: Phones, lines: Iterable[Line]) -> list[int]:
    """How long each real caller waited, by the journal; who was never answered waited for ever."""
    rang = {line.payload["call"]: line.at for line in of(lines, "call_received")}
    answered = {line.payload["call"]: line.at for line in of(lines, "call_answered")}
    for_ever = 24 * HOUR
    real = [caller for caller in phones.callers.values() if caller.real]
    return sorted(answered.get(one.call, one.rang_at + for_ever) - rang.get(one.call, 0) for one in real)


def _p90(waits: list[int]) -> int:
    return waits[-(-90 * len(waits) // 100) - 1]  # nearest rank


def _lost(phones: Phones, lines: list[Line]) -> Iterator[Problem]:
    """Whoever rang is in the journal, and whoever hung up unanswered is there as somebody who hung up."""
    came = Counter(line.payload["call"] for line in of(lines, "call_received"))
    gone = {line.payload["call"] for line in of(lines, "call_abandoned")}
    answered = {line.payload["call"] for line in of(lines, "call_answered")}
    for caller in phones.callers.values():
        if came[caller.call] != 1:
            yield Problem("no_call_lost", f"{caller.call} is in the journal {came[caller.call]} times")
        if caller.hung_up_at is not None and caller.call not in gone | answered:
            yield Problem("no_call_lost", f"{caller.call} hung up, and nobody knows")


def _entries(lines: list[Line]) -> Iterator[Problem]:
    """The queue, played anew: at every moment each number has one entry, and each hang-up is in one."""
    numbers: dict[str, str] = {}
    entries: dict[str, list[str]] = {}
    owed: dict[str, str] = {}  # calls that hung up, and the command that said so
    for line in lines:
        what = line.payload
        match line.kind:
            case "call_received":
                digits = "".join(sign for sign in what.get("callback", "") if sign.isdecimal())
                numbers[what["call"]] = digits[-10:] or what["call"]
            case "call_abandoned":
                owed[what["call"]] = line.cause
            case "callback_queued":
                entries[what["number"]] = what["calls"]
                yield from _shared(entries, numbers, what["number"])
            case "callback_reached" | "callback_closed":
                for call in entries.pop(what["number"], []):
                    owed.pop(call, None)
        held = {call for calls in entries.values() for call in calls} if owed and line.parts == 1 else owed
        yield from (
            Problem("one_entry_per_number", f"position {line.position}: {call} hung up and stands in no entry")
            for call, cause in owed.items()
            if call not in held and cause != line.cause
        )
    yield from (Problem("no_number_uncalled", f"{number} is still owed a call at the end") for number in entries)


def _shared(entries: dict[str, list[str]], numbers: dict[str, str], changed: str) -> Iterator[Problem]:
    theirs = {numbers[call] for call in entries[changed]}
    if len(theirs) > 1:
        yield Problem("one_entry_per_number", f"{changed} stands for {sorted(theirs)}")
    for other, calls in entries.items():
        if other != changed and any(numbers[call] in theirs for call in calls):
            yield Problem("one_entry_per_number", f"{other} and {changed} stand for the same number")


def _uncalled(phones: Phones, lines: list[Line]) -> Iterator[Problem]:
    """By the telephone network's own word: whoever hung up was reached later, or tried three times and closed by name.

    Whoever rang again and was answered was reached too. A withheld number cannot be dialled; a person settles it.
    """
    closed = {line.payload["number"]: line for line in of(lines, "callback_closed")}
    answered: dict[str, Instant] = defaultdict(int)
    for line in of(lines, "call_answered"):
        caller = phones.callers[line.payload["call"]]
        if caller.answered:
            answered[caller.number] = max(answered[caller.number], line.at)
    last: dict[str, Instant] = {}
    for caller in phones.callers.values():
        if caller.hung_up_at is not None and not caller.answered:
            key = caller.number or f"call:{caller.call}"
            last[key] = max(last.get(key, 0), caller.hung_up_at)
    for number, hung_up_at in last.items():
        theirs = [dial for dial in phones.dials if number in (dial.number, dial.entry)]
        since = [dial for dial in theirs if dial.ended >= hung_up_at]
        reached = any(dial.reached for dial in since) or answered[number] >= hung_up_at
        end = closed.get(number)
        by_name = end is not None and end.payload["by"].strip() and end.at >= hung_up_at
        if not reached and not (since and len(theirs) >= TRIES and by_name):
            yield Problem("no_number_uncalled", f"{number} hung up, was dialled {len(since)} times and never reached")


def _out_of_turn(lines: list[Line]) -> Iterator[Problem]:
    """Nobody is called while somebody waits who hung up much earlier, as often, and was tried no more often.

    Of two seats that choose in the same moment the second may be the first to claim: who is claimed a moment later does
    not wait.
    """
    claims: dict[str, list[Instant]] = {}
    for line in of(lines, "callback_claimed"):
        claims.setdefault(line.payload["number"], []).append(line.at)
    waits: dict[str, list[int]] = {}  # since, minus the hang-ups, tries, whether somebody tries it now or it is over
    changed: dict[str, Instant] = {}  # what changed a moment ago could not be seen by who had chosen already
    for line in of(lines, "callback_queued", "callback_claimed", "callback_attempted", "callback_reached",
                   "callback_exhausted", "callback_closed"):  # fmt: skip
        number = line.payload["number"]
        since, rings, tries, busy = waits.get(number, [line.at, 0, 0, 0])
        match line.kind:
            case "callback_queued":
                over = busy == 2
                waits[number] = [since, -len(line.payload["calls"]), 0 if over else tries, 0 if over else busy]
            case "callback_claimed":
                before = [
                    other for other, (at, rung, tried, held) in waits.items()
                    if not held and other != number and at + AHEAD_MS < since and rung <= rings and tried <= tries
                    and changed[other] + CHOOSING_MS < line.at
                    and not any(line.at <= soon <= line.at + CHOOSING_MS for soon in claims.get(other, ()))
                ]  # fmt: skip
                if before:
                    yield Problem("oldest_first", f"{number} is called before {before[0]}, which waits longer")
                waits[number] = [since, rings, tries, 1]
            case "callback_attempted":
                waits[number] = [since, rings, tries + 1, 0]
            case "callback_exhausted":
                waits[number] = [since, rings, tries, 2]
            case _:
                waits.pop(number, None)
        changed[number] = line.at


def _at_once(dials: list[Dial]) -> Iterator[Problem]:
    """No number is dialled by two seats at once."""
    for i, one in enumerate(dials):
        for other in dials[i + 1 :]:
            if other.began >= one.ended:
                continue
            if one.number and one.number == other.number:
                yield Problem("one_seat_calls", f"{one.seat} and {other.seat} both call {one.number}")


# The causes, put back in


def _keyed(key: str) -> Plant:
    """Entries are kept by the call, or by the number as it came."""

    def change(decision: list[Event], state: Dispatch, asked: AbandonCall) -> list[Event]:
        call = state.calls[asked.call]
        name = call.id if key == "call" else call.callback or call.id
        before = state.callbacks[name].calls if name in state.callbacks else []
        return [CallbackQueued(name, [*before, call.id], one.callback) if isinstance(one, CallbackQueued) else one
                for one in decision]  # fmt: skip

    return deciding(AbandonCall, change)


def _first_ring_only(decision: list[Event], state: Dispatch, asked: AbandonCall) -> list[Event]:
    del state, asked
    return [one for one in decision if not isinstance(one, CallbackQueued) or len(one.calls) == 1]


def _tried_is_reached(decision: list[Event], state: Dispatch, asked: AttemptCallback) -> list[Event]:
    owed = state.callbacks[asked.number]
    tried = any(isinstance(one, CallbackAttempted) for one in decision)
    return [CallbackReached(owed.number, asked.seat, list(owed.calls))] if tried and not owed.exhausted else decision


def _closes_itself(decision: list[Event], state: Dispatch, asked: AttemptCallback) -> list[Event]:
    calls = list(state.callbacks[asked.number].calls)
    over = any(isinstance(one, CallbackExhausted) for one in decision)
    return [*decision, CallbackClosed(asked.number, "", "three attempts", calls)] if over else decision


def _never_tried_again(state: Dispatch, happened: CallbackQueued, at: Instant, true: Callable[..., None]) -> None:
    before = state.callbacks.get(happened.number)
    exhausted = before is not None and before.exhausted
    true(state, happened, at)
    state.callbacks[happened.number].exhausted = exhausted


def _for_anybody(said: Rejection | list[Event], state: Dispatch, asked: ClaimCallback) -> Rejection | list[Event]:
    del state, asked
    return [] if isinstance(said, Rejection) and said.code == "callback_taken" else said


def _newest_first(build: Build) -> Build:
    return replace(build, callbacks=lambda state, now: sorted(build.callbacks(state, now), key=lambda one: -one.since))


CASE = Case(
    "dallas_storm",
    "Dallas, March 2017",
    "360 to 442 callers were on hold, for 38 minutes in the mean; every hang-up needed a callback by hand.",
    f"{GHOSTS} ghost calls in {STORM_S // 60} minutes, 60 % of them from numbers that rang before, in whatever form "
    f"carriers write a number and some withheld, among real calls; {SEATS} robots at the phones, no more. They answer "
    "what rings, and call back from the queue while one of them stays free.",
    {
        "answered_in_time": f"90 % of the real calls are answered within {TARGET_MS // SECOND} s",
        "one_entry_per_number": "at every moment each number has one entry, and each hang-up stands in one",
        "no_number_uncalled": "whoever hung up was reached, or tried three times and closed by name; none is left",
        "oldest_first": "nobody is called before somebody who has waited much longer",
        "one_seat_calls": "no number is called by two seats at once",
        "no_call_lost": "whoever rang, and whoever hung up, is in the journal once, as it was told",
    },
    run,
    {
        "callbacks_by_call": Mutant("the queue is kept by call, not by number", _keyed("call")),
        "numbers_as_written": Mutant("numbers are compared as carriers write them", _keyed("number")),
        "repeats_forgotten": Mutant("who rings again is owed nothing for it", deciding(AbandonCall, _first_ring_only)),
        "tried_is_reached": Mutant("a try counts as reached", deciding(AttemptCallback, _tried_is_reached)),
        "closes_itself": Mutant("after three tries the machine closes it", deciding(AttemptCallback, _closes_itself)),
        "never_tried_again": Mutant(
            "who was given up and rings again stays given up", applying(CallbackQueued, _never_tried_again)
        ),
        "rings_on": Mutant("who hung up rings on", deciding(AbandonCall, lambda *_: [])),
        "newest_first": Mutant("who hung up last is called first", _newest_first),
        "claimed_by_all": Mutant("a claim keeps nobody else away", answering(ClaimCallback, _for_anybody)),
    },
)
