"""On scene and on the road: accountability, benchmarks, talkgroups, traffic stops, move-ups, crews, shifts, times."""

from __future__ import annotations

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader, brief
from redstick.dispatch.rules.accountability import EVERY_S, AnswerRoll, EndAccountability, OpenRoll, StartAccountability
from redstick.dispatch.rules.assignments import STAMPS, CorrectTime
from redstick.dispatch.rules.command_board import Benchmark, MarkBenchmark, TakeBackBenchmark
from redstick.dispatch.rules.crews import DisbandCrew, FormCrew
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.moveups import DeclineMoveUp, OrderMoveUp
from redstick.dispatch.rules.shifts import BeginShift, EndShift
from redstick.dispatch.rules.stops import AskStatus, ConfirmStatus, EndStop, MakeStop
from redstick.dispatch.rules.talkgroups import AssignTalkgroup, ReleaseTalkgroup
from redstick.dispatch.rules.units import Unit

STATES = frozenset(
    {"al", "ak", "az", "ar", "ca", "co", "ct", "dc", "de", "fl", "ga", "hi", "id", "il", "in", "ia", "ks", "ky"}
    | {"la", "me", "md", "ma", "mi", "mn", "ms", "mo", "mt", "ne", "nv", "nh", "nj", "nm", "ny", "nc", "nd", "oh"}
    | {"ok", "or", "pa", "ri", "sc", "sd", "tn", "tx", "ut", "vt", "va", "wa", "wv", "wi", "wy"}
)
MOST_MIN = 120


def number_of(words: Words, most: int) -> int | None:
    """A whole number that stands first, at most `most`; None where none stands there."""
    said = words.first
    found = int(said) if said.isascii() and said.isdigit() and len(said) <= 6 else None
    return None if found is None or found > most else found


def read_par(r: Reader, rest: Words) -> None:
    """`par #12`, `par #12 every 10`, `par #12 roll`, `par #12 e1 4`, `par #12 end`."""
    incident, rest = r.incident(rest)
    if incident is None:
        return
    if not rest:
        effect = f"Accounts for everyone at {brief(incident)}, every {EVERY_S // 60} min"
        r.ask(StartAccountability(incident.id), effect)
    elif rest.first == "every":
        minutes = number_of(rest.after(1), MOST_MIN)
        if not minutes:
            r.problem("interval_unknown", "say every how many minutes", rest.text)
            return
        effect = f"Accounts for everyone at {brief(incident)}, every {minutes} min"
        r.ask(StartAccountability(incident.id, minutes * 60), effect)
    elif rest.first == "roll" and not rest.after(1):
        r.ask(OpenRoll(incident.id), f"Calls the roll at {brief(incident)} now")
    elif rest.first == "end" and not rest.after(1):
        r.ask(EndAccountability(incident.id, r.asked.person), f"Accounts for nobody at {brief(incident)} any more")
    else:
        _roll_answer(r, incident, rest)


def _roll_answer(r: Reader, incident: Incident, rest: Words) -> None:
    unit, rest = r.unit(rest)
    persons = number_of(rest, 999)
    if unit is None:
        return
    if persons is None or rest.after(1):
        r.problem("persons_needed", "say how many people are there", rest.text)
        return
    r.part("persons", rest.text, f"{persons} people")
    answered = AnswerRoll(incident.id, unit.id, persons, r.asked.person)
    r.ask(answered, f"{unit.id} has {persons} people, all accounted for")


def read_benchmark(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 mark water on fire`, `#12 unmark water on fire hydrant failed`."""
    found = _benchmark(r, rest)
    if found is not None:
        r.ask(MarkBenchmark(incident.id, found[0], r.asked.person), f"{brief(incident)}: {_spaced(found[0])}")


def read_unmark(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 unmark water on fire hydrant failed`."""
    found = _benchmark(r, rest)
    reason = r.reason(found[1], "#12 unmark water on fire hydrant failed") if found is not None else ""
    if found is not None and reason:
        taken = TakeBackBenchmark(incident.id, found[0], r.asked.person, reason)
        r.ask(taken, f"{brief(incident)}: not so: {_spaced(found[0])}")


def _benchmark(r: Reader, rest: Words) -> tuple[Benchmark, Words] | None:
    for count in range(min(4, len(rest.words)), 0, -1):
        said = "".join(word.low for word in rest.upto(count).words)
        named = [one for one in Benchmark if one.value.casefold() == said]
        if named:
            r.part("benchmark", rest.upto(count).text, _spaced(named[0]))
            return named[0], rest.after(count)
    r.problem("benchmark_unknown", f"it is one of: {', '.join(_spaced(one) for one in Benchmark)}", rest.text)
    return None


def _spaced(benchmark: Benchmark) -> str:
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in benchmark.value).strip()


def read_talkgroup(r: Reader, incident: Incident, rest: Words) -> None:
    """`#12 tg`, `#12 tg tac1`."""
    named = _talkgroup(r, rest) if rest else ""
    if named is not None:
        effect = f"{brief(incident)} speaks on {named or 'the next free talkgroup'}"
        r.ask(AssignTalkgroup(incident.id, named), effect)


def read_free_talkgroup(r: Reader, rest: Words) -> None:
    """`free tac1`."""
    named = _talkgroup(r, rest)
    if named is not None:
        r.ask(ReleaseTalkgroup(named), f"{named} is free again")


def _talkgroup(r: Reader, rest: Words) -> str | None:
    found = [name for name in r.state.talkgroups if name.casefold() == rest.text.casefold()]
    if len(found) == 1:
        known = r.state.talkgroups[found[0]]
        r.part("talkgroup", rest.text, f"{known.id}, {'in use' if known.incident else 'free'}")
        r.rests.append(["talkgroup", known.id, known.incident])
        return found[0]
    r.problem("talkgroup_unknown", f"there are: {', '.join(sorted(r.state.talkgroups)) or 'none'}", rest.text)
    return None


def read_stop(r: Reader, rest: Words) -> None:
    """`ts 1adam12 I-10 eb mm 155 abc123 la`: a place, then a plate and its state, if there are any."""
    unit, rest = r.unit(rest)
    if unit is None:
        return
    words = list(rest.words)
    state = words.pop().text.upper() if len(words) > 2 and words[-1].low in STATES else ""
    plate = ""
    if len(words) > 1 and (state or _looks_like_a_plate(words[-1].text)):
        plate = words.pop().text.upper()
    place = rest.upto(len(words)).text
    if not place:
        r.problem("place_needed", "say where", rest.text)
        return
    r.part("place", place, place)
    if plate:
        r.part("plate", plate, f"{plate} {state}".strip())
    effect = f"{unit.id} stops {plate or 'a vehicle'} at {place}; its status is asked for until it ends"
    r.ask(MakeStop(unit.id, place, f"{plate} {state}".strip()), effect)


def _looks_like_a_plate(word: str) -> bool:
    letters = any(sign.isalpha() for sign in word)
    return letters and any(sign.isdigit() for sign in word) and 5 <= len(word) <= 8 and word.isalnum()


def read_check(r: Reader, rest: Words) -> None:
    """`check 1adam12`: asks for its status; `check 1adam12 ok`."""
    unit, rest = r.unit(rest)
    if unit is None:
        return
    if rest.first == "ok" and not rest.after(1):
        r.ask(ConfirmStatus(unit.id, r.asked.person), f"{unit.id} is well")
    elif not rest:
        r.ask(AskStatus(unit.id), f"Asks {unit.id} whether all is well")
    else:
        r.problem("not_understood", "say ok, or nothing to ask", rest.text)


def read_end_stop(r: Reader, unit: Unit, rest: Words) -> None:
    """`1adam12 endstop warning given`."""
    how = r.reason(rest, f"{unit.id} endstop warning given")
    if how:
        r.ask(EndStop(unit.id, how), f"The stop of {unit.id} ends: {how[:60]}")


def read_moveup(r: Reader, rest: Words) -> None:
    """`mv m7 st3`, `mv m7 st3 three medics are out`, `mv m7 no crew needs rest`."""
    unit, rest = r.unit(rest)
    if unit is None:
        return
    if rest.first == "no":
        reason = r.reason(rest.after(1), f"mv {unit.id} no crew needs rest")
        if reason:
            r.ask(DeclineMoveUp(unit.id, r.asked.person, reason), f"{unit.id} is not moved: {reason[:60]}")
        return
    known = {one.station for one in r.state.units.values() if one.station}
    known |= {one.post for one in r.state.moveups.values()}
    for count in range(min(4, len(rest.words)), 0, -1):
        said = rest.upto(count).text
        post = [name for name in known if name.casefold() == said.casefold()]
        if post:
            r.part("post", said, post[0])
            _order(r, unit, post[0], rest.after(count).text)
            return
    r.problem("post_unknown", f"there are: {', '.join(sorted(known)) or 'none'}", rest.text)


def _order(r: Reader, unit: Unit, post: str, reason: str) -> None:
    known = r.state.moveups.get(unit.id)
    suggested = known is not None and known.declined_at is None and known.post == post
    if not suggested and not reason:
        r.problem("reason_needed", f"nobody suggested it: say why, behind it: mv {unit.id} {post} three medics are out")
        return
    worth = ""
    if suggested and known is not None:
        saved = (known.late_milli - known.late_if_moved_milli) / 1000
        worth = f"; suggested: {saved:.2f} calls an hour are reached in time that would not be"
    left = [o.id for o in r.state.units.values() if o.station == unit.station and o.available and o.id != unit.id]
    r.rests.append(["left", unit.station, left])
    opens = "" if left or not unit.station else f"; leaves {unit.station} without a free unit"
    r.ask(OrderMoveUp(unit.id, post, r.asked.person, reason), f"{unit.id} moves up to {post}{worth}{opens}")


def read_crew(r: Reader, rest: Words) -> None:
    """`crew k1 e1 t1`, `crew k1 apart`."""
    name, rest = rest.upto(1).text, rest.after(1)
    if not name or not rest:
        r.problem("crew_needed", "say the crew, and its units or apart", name)
        return
    r.part("crew", name, f"crew {name}")
    if rest.first == "apart" and not rest.after(1):
        r.ask(DisbandCrew(name), f"The apparatus of {name} have crews of their own again")
        return
    units: list[str] = []
    while rest:
        unit, rest = r.unit(rest)
        if unit is None:
            return
        units.append(unit.id)
    r.ask(FormCrew(name, units), f"One crew, {name}, runs {', '.join(units)}")


def read_shift(r: Reader, rest: Words) -> None:
    """`shift a1 m4 vehicle 4107 Ann, Bob`, `shift a1 end`."""
    name, rest = rest.upto(1).text, rest.after(1)
    if rest.first == "end" and not rest.after(1):
        r.part("shift", name, f"shift {name}")
        r.ask(EndShift(name), f"Shift {name} ends")
        return
    unit, rest = r.unit(rest)
    if unit is None:
        return
    vehicle = rest.after(1).upto(1).text if rest.first == "vehicle" else ""
    people = [one.strip() for one in (rest.after(2).text if vehicle else "").split(",") if one.strip()]
    if not vehicle or not people:
        r.problem("shift_incomplete", f"say it so: shift {name} {unit.id} vehicle 4107 Ann, Bob", rest.text)
        return
    r.part("shift", name, f"{unit.id} on {vehicle}: {', '.join(people)}")
    r.ask(BeginShift(name, unit.id, vehicle, people), f"{unit.id} runs on {vehicle} with {', '.join(people)}")


def read_time(r: Reader, rest: Words) -> None:
    """`time #12 m4 on_scene 5 typed late`: that was five minutes ago."""
    incident, rest = r.incident(rest)
    unit, rest = r.unit(rest) if incident is not None else (None, rest)
    if incident is None or unit is None:
        return
    assignment = incident.assignments.get(unit.id)
    stamp, minutes = rest.first, number_of(rest.after(1), 24 * 60)
    if stamp not in STAMPS or minutes is None:
        r.problem("time_unclear", f"say which time ({', '.join(STAMPS)}) and how many minutes ago", rest.text)
        return
    reason = r.reason(rest.after(2), f"time #12 {unit.id} {stamp} 5 typed late")
    if reason:
        r.rests.append(["stamp", None if assignment is None else assignment.stamps.get(stamp)])
        true_at = r.asked.now - minutes * 60_000
        effect = f"{unit.id} was {stamp.replace('_', ' ')} {minutes} min ago; both times are kept"
        r.ask(CorrectTime(incident.id, unit.id, stamp, true_at, reason), effect)


FORMS = (
    Form.of_line("par", ("par",), ("par #12", "par #12 every 10", "par #12 roll", "par #12 e1 4", "par #12 end"),
                 "Accounts for everyone on scene: begins, calls the roll, takes an answer, ends.",
                 (StartAccountability, OpenRoll, AnswerRoll, EndAccountability), read_par),
    Form.of_incident("mark", ("mark",), ("#12 mark water on fire",), "A benchmark is reached.", (MarkBenchmark,),
                     read_benchmark),
    Form.of_incident("unmark", ("unmark",), ("#12 unmark water on fire hydrant failed",), "It was not, and why.",
                     (TakeBackBenchmark,), read_unmark),
    Form.of_incident("talkgroup", ("tg",), ("#12 tg", "#12 tg tac1"), "Gives it a talkgroup.", (AssignTalkgroup,),
                     read_talkgroup),
    Form.of_line("free talkgroup", ("free",), ("free tac1",), "The talkgroup is free again.", (ReleaseTalkgroup,),
                 read_free_talkgroup),
    Form.of_line("traffic stop", ("ts",), ("ts 1adam12 I-10 eb mm 155 abc123 la",),
                 "A traffic stop, with its status checks.", (MakeStop,), read_stop),
    Form.of_line("check", ("check",), ("check 1adam12", "check 1adam12 ok"),
                 "Asks a unit on a stop for its status; it is well.", (AskStatus, ConfirmStatus), read_check),
    Form.of_unit("end stop", ("endstop",), ("1adam12 endstop warning given",), "The stop is over, and how.",
                 (EndStop,), read_end_stop),
    Form.of_line("move up", ("mv",), ("mv m7 st3", "mv m7 st3 three medics are out", "mv m7 no crew needs rest"),
                 "Moves an idle unit to a post; a reason is needed where nobody suggested it. `no` declines.",
                 (OrderMoveUp, DeclineMoveUp), read_moveup),
    Form.of_line("crew", ("crew",), ("crew k1 e1 t1", "crew k1 apart"), "One crew runs several apparatus.",
                 (FormCrew, DisbandCrew), read_crew),
    Form.of_line("shift", ("shift",), ("shift a1 m4 vehicle 4107 Ann, Bob", "shift a1 end"),
                 "Who runs a unit on what, from now on.", (BeginShift, EndShift), read_shift),
    Form.of_line("time", ("time",), ("time #12 m4 on_scene 5 typed late",),
                 "Corrects a time to so many minutes ago; both are kept.", (CorrectTime,), read_time),
)  # fmt: skip
