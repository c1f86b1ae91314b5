"""Sending units: `d #12 m4 e2`, `d #12 rec`; with times and reasons as the recommendation has them."""

from __future__ import annotations

from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader, brief, facts_of_unit
from redstick.dispatch.bar.reading import Candidate, GoingWanted
from redstick.dispatch.computing.answers import Recommendation
from redstick.dispatch.recommendation.reasons import Reason, Verdict, minutes
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.exchanges import BorrowUnit, ChoosePrimary, SwapUnits
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.recommendations import RecordOverride, RecordRecommendation
from redstick.dispatch.rules.stacking import EndPreassignment, PreassignUnit, StackIncident, UnstackIncident
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.status_table import NAMES

TAKE_IT = ("rec", "recommended")


def read_dispatch(r: Reader, rest: Words) -> None:
    """`d #12 m4 e2`, `d #12 m4 despite crew is on its way`, `d #12 rec`."""
    incident, rest = r.incident(rest)
    if incident is None:
        return
    if rest.first in TAKE_IT and not rest.after(1):
        _recommended(r, incident)
        return
    units, despite = _named(r, rest)
    if not units:
        if not r.problems:
            r.problem("no_units", "say which units, or rec for those that are recommended")
            _offer(r, incident)
        return
    going = _going(r, incident)
    verdicts = {} if going is None else {one.unit: one for one in (*going.chosen, *going.refused)}
    expected = {one.id: said for one in units if (said := _travel_s(verdicts.get(one.id))) is not None}
    effect = [_goes(r, one, verdicts.get(one.id), units) for one in units]
    if going is None:
        effect.append("Times are not known: the city was not asked")
    r.ask(AssignUnits(incident.id, [one.id for one in units], True, despite, expected), *effect)


def _offer(r: Reader, incident: Incident) -> None:
    """Who is recommended, to take as they are or one by one."""
    going = _going(r, incident)
    before = r.line.line.rstrip()
    if going is None or not going.chosen:
        return
    every = " ".join(one.unit for one in going.chosen)
    r.candidates.append(Candidate("unit", "rec", f"all that are recommended: {every}", f"{before} rec"))
    for one in going.chosen:
        r.candidates.append(
            Candidate("unit", one.unit, f"{one.unit}: {one.words}", f"{before} {one.unit}", f"unit/{one.unit}")
        )


def _named(r: Reader, rest: Words) -> tuple[list[Unit], str]:
    """Units, one behind the other, and why they go all the same."""
    units: list[Unit] = []
    while rest:
        if rest.first == "despite":
            return (units, reason) if (reason := r.reason(rest.after(1), "despite crew is on its way")) else ([], "")
        unit, rest = r.unit(rest)
        if unit is None:
            return [], ""
        units.append(unit)
    return units, ""


def _recommended(r: Reader, incident: Incident) -> None:
    going = _going(r, incident)
    if going is None:
        r.problem("recommendation_unavailable", "nobody can be recommended now: name the units")
        return
    if not going.chosen:
        r.problem("nobody_recommended", "; ".join(one.words for one in going.unfilled) or "nobody needs to go")
        return
    units = [r.state.units[one.unit] for one in going.chosen if one.unit in r.state.units]
    for one in going.chosen:
        r.part("unit", "rec", f"{one.unit}: {one.words}")
    r.rests += [facts_of_unit(unit) for unit in units]
    verdicts = {one.unit: one for one in going.chosen}
    expected = {one.unit: said for one in going.chosen if (said := _travel_s(one)) is not None}
    r.ask(
        RecordRecommendation(incident.id, r.new_id("rec"), going.record),
        f"Keeps the recommendation with its reasons ({going.roster} units looked at)",
    )
    effect = [_goes(r, unit, verdicts.get(unit.id), units) for unit in units]
    effect += [f"Not filled: {one.words}" for one in going.unfilled]
    r.ask(AssignUnits(incident.id, [unit.id for unit in units], expected_s=expected), *effect)


def _going(r: Reader, incident: Incident) -> Recommendation | None:
    """Who should go; the choice and its reasons are what is rested on, not the seconds."""
    r.wants.append(GoingWanted(incident.id))
    answer = r.answers.going.get(incident.id)
    if not isinstance(answer, Recommendation):
        return None
    return answer


def _travel_s(verdict: Verdict | None) -> int | None:
    return None if verdict is None else verdict.travel_s


def _goes(r: Reader, unit: Unit, verdict: Verdict | None, sent: list[Unit]) -> str:
    """What sending a unit comes to: its time and why it, or why not; and what stays behind."""
    said = f"{unit.id}: is {NAMES[unit.status]}"
    if verdict is not None:
        chosen = "recommended" if verdict.reason is Reason.CHOSEN else "not recommended"
        drive = f", {minutes(verdict.travel_s)} to drive" if verdict.travel_s is not None else ""
        said = f"{unit.id}: {verdict.words}{drive}; {chosen}; is {NAMES[unit.status]}"
        r.rests.append(["verdict", unit.id, verdict.reason, verdict.requirement])
    left = _left_behind(r, unit, sent)
    return f"{said}; {left}" if left else said


def _left_behind(r: Reader, unit: Unit, sent: list[Unit]) -> str:
    """Whether its station keeps a free unit of its kind."""
    if not unit.station:
        return ""
    gone = {one.id for one in sent}
    stay = [
        one.id
        for one in r.state.units.values()
        if one.station == unit.station and one.id not in gone and one.available and one.kind == unit.kind
    ]
    r.rests.append(["stay", unit.station, unit.kind, stay])
    return "" if stay else f"leaves {unit.station} without a free {unit.kind or 'unit'}"


def read_swap(r: Reader, rest: Words) -> None:
    """`swap #12 m4 m7`: 7 goes instead of 4."""
    incident, rest = r.incident(rest)
    leaves, rest = r.unit(rest) if incident is not None else (None, rest)
    comes, rest = r.unit(rest) if leaves is not None else (None, rest)
    if incident is None or leaves is None or comes is None:
        return
    despite = _despite(r, rest)
    if despite is not None:
        effect = f"{comes.id} goes to {brief(incident)} instead of {leaves.id}, which is called back with receipts"
        r.ask(SwapUnits(incident.id, leaves.id, comes.id, True, despite), effect)


def read_borrow(r: Reader, rest: Words) -> None:
    """`borrow m4 #12 from #14 nearest medic`."""
    unit, rest = r.unit(rest)
    incident, rest = r.incident(rest) if unit is not None else (None, rest)
    rest = rest.after(1) if rest.first == "from" else rest
    other = r.numbered(rest) if incident is not None else None
    if unit is None or incident is None or other is None:
        return
    reason = r.reason(rest.after(1), f"borrow {unit.id} #12 from #14 nearest medic")
    if reason:
        r.ask(BorrowUnit(incident.id, unit.id, other.id, reason),
              f"{unit.id} leaves {brief(other)} and goes to {brief(incident)}")  # fmt: skip


def read_primary(r: Reader, unit: Unit, rest: Words) -> None:
    """`m4 primary #12`."""
    incident = r.numbered(rest)
    if incident is not None and r.over(rest.after(1)):
        r.ask(ChoosePrimary(unit.id, incident.id), f"{brief(incident)} is what {unit.id} works on first")


def read_stack(r: Reader, rest: Words) -> None:
    """`stack #12 m4`: it waits for a unit that is busy."""
    incident, unit, rest = _one_and_one(r, rest)
    if incident is not None and unit is not None and r.over(rest):
        r.ask(StackIncident(incident.id, unit.id), f"{brief(incident)} waits for {unit.id}, and stays pending")


def read_unstack(r: Reader, rest: Words) -> None:
    """`unstack #12 m4 another is free`."""
    incident, unit, rest = _one_and_one(r, rest)
    if incident is None or unit is None:
        return
    reason = r.reason(rest, "unstack #12 m4 another is free")
    if reason:
        r.ask(UnstackIncident(incident.id, unit.id, reason), f"{brief(incident)} waits for {unit.id} no more")


def read_reserve(r: Reader, rest: Words) -> None:
    """`reserve #12 m4`."""
    incident, unit, rest = _one_and_one(r, rest)
    if incident is not None and unit is not None and r.over(rest):
        r.ask(PreassignUnit(incident.id, unit.id), f"{unit.id} is kept for {brief(incident)}")


def read_unreserve(r: Reader, unit: Unit, rest: Words) -> None:
    """`m4 unreserve not needed`."""
    reason = r.reason(rest, f"{unit.id} unreserve not needed")
    if reason:
        r.ask(EndPreassignment(unit.id, reason), f"{unit.id} is kept for nothing any more")


def read_override(r: Reader, rest: Words) -> None:
    """`override #12 m4 e2 because the bridge is up`: other units than the last recommendation, and why."""
    incident, rest = r.incident(rest)
    if incident is None:
        return
    units: list[Unit] = []
    while rest and rest.first != "because":
        unit, rest = r.unit(rest)
        if unit is None:
            return
        units.append(unit)
    kept = list(incident.recommendations)
    reason = r.reason(rest.after(1), "override #12 m4 because the bridge is up")
    if not kept:
        r.problem("no_recommendation", f"nothing was recommended for {brief(incident)}")
    elif reason:
        names = [one.id for one in units]
        effect = f"Writes down that {', '.join(names)} went instead of the recommended, and why"
        r.ask(RecordOverride(incident.id, kept[-1], names, reason), effect)


def _one_and_one(r: Reader, rest: Words) -> tuple[Incident | None, Unit | None, Words]:
    incident, rest = r.incident(rest)
    unit, rest = r.unit(rest) if incident is not None else (None, rest)
    return incident, unit, rest


def _despite(r: Reader, rest: Words) -> str | None:
    if not rest:
        return ""
    if rest.first != "despite":
        r.problem("not_understood", f"“{rest.text[:60]}” is not understood", rest.text)
        return None
    return r.reason(rest.after(1), "despite crew is on its way") or None


FORMS = (
    Form.of_line("dispatch", ("d", "dispatch"), ("d #12 m4 e2", "d #12 m4 despite it is returning", "d #12 rec"),
                 "Sends units, or those that are recommended.", (AssignUnits, RecordRecommendation), read_dispatch),
    Form.of_line("swap", ("swap",), ("swap #12 m4 m7",), "7 goes instead of 4.", (SwapUnits,), read_swap),
    Form.of_line("borrow", ("borrow",), ("borrow m4 #12 from #14 nearest medic",),
                 "Takes a unit from one incident for another, with a reason.", (BorrowUnit,), read_borrow),
    Form.of_unit("primary", ("primary",), ("m4 primary #12",), "Which of its incidents a unit works on first.",
                 (ChoosePrimary,), read_primary),
    Form.of_line("stack", ("stack",), ("stack #12 m4",), "The incident waits for a busy unit, and stays pending.",
                 (StackIncident,), read_stack),
    Form.of_line("unstack", ("unstack",), ("unstack #12 m4 another is free",), "It waits for it no more.",
                 (UnstackIncident,), read_unstack),
    Form.of_line("reserve", ("reserve",), ("reserve #12 m4",), "Keeps a unit for an incident.", (PreassignUnit,),
                 read_reserve),
    Form.of_unit("unreserve", ("unreserve",), ("m4 unreserve not needed",), "Keeps it no more.",
                 (EndPreassignment,), read_unreserve),
    Form.of_line("override", ("override",), ("override #12 m4 e2 because the bridge is up",),
                 "Writes down why others went than were recommended.", (RecordOverride,), read_override),
)  # fmt: skip
