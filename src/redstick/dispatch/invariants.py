"""What always holds in dispatch, whatever happened: checked by the simulator, usable in production."""

from collections import Counter
from collections.abc import Iterator

from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.relations import INVERSE
from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.calls import CallState
from redstick.dispatch.rules.case_numbers import series
from redstick.dispatch.rules.coverage import unseen
from redstick.dispatch.rules.needs import fillers, standing
from redstick.dispatch.state import Dispatch


def broken(state: Dispatch) -> Iterator[str]:
    """Each invariant that does not hold, in words with the ids it concerns; nothing when all is well."""
    yield from units_and_assignments_agree(state)
    yield from closed_incidents_hold_nobody(state)
    yield from calls_and_incidents_agree(state)
    yield from no_callback_is_forgotten(state)
    yield from what_was_replaced_says_where_it_went(state)
    yield from links_are_seen_from_both_sides(state)
    yield from a_crew_is_counted_once(state)
    yield from people_ride_on_one_unit(state)
    yield from no_need_is_unseen(state)
    yield from needs_are_filled_by_assigned_units(state)
    yield from what_is_promised_can_be_kept(state)
    yield from a_talkgroup_serves_one_incident(state)
    yield from recommendations_count_a_crew_once(state)
    yield from what_counts_was_seen(state)
    yield from alerted_means_proof(state)
    yield from card_numbers_have_one_owner(state)
    yield from case_numbers_stand_once(state)


def units_and_assignments_agree(state: Dispatch) -> Iterator[str]:
    """What a unit says it works on, and what the incidents say, is the same; so exactly one is primary."""
    held: dict[str, set[str]] = {}
    for incident in state.incidents.values():
        for assignment in open_assignments(incident):
            held.setdefault(assignment.unit, set()).add(incident.id)
    for unit in state.units.values():
        if len(set(unit.work)) != len(unit.work):
            yield f"unit {unit.id} lists an incident twice: {unit.work}"
        if set(unit.work) != held.get(unit.id, set()):
            yield f"unit {unit.id} works on {sorted(unit.work)}, the incidents say {sorted(held.get(unit.id, set()))}"


def closed_incidents_hold_nobody(state: Dispatch) -> Iterator[str]:
    """No unit is still assigned to a closed incident, and a closed incident says how it ended."""
    for incident in state.incidents.values():
        if incident.closed_at is None:
            continue
        still = [assignment.unit for assignment in open_assignments(incident)]
        if still:
            yield f"incident {incident.id} is closed and still holds {still}"
        if not incident.disposition:
            yield f"incident {incident.id} is closed without a disposition"


def calls_and_incidents_agree(state: Dispatch) -> Iterator[str]:
    """A call speaks of at most one incident, and that incident knows it."""
    spoken = [(call, incident.id) for incident in state.incidents.values() for call in incident.calls]
    if len({call for call, _ in spoken}) != len(spoken):
        yield "a call speaks of two incidents"
    said = {(call.id, call.incident) for call in state.calls.values() if call.incident}
    if said != set(spoken):
        yield f"calls and incidents disagree: {sorted(said ^ set(spoken))}"


def no_callback_is_forgotten(state: Dispatch) -> Iterator[str]:
    """Every call that waits for a callback stands in one entry of the queue, in the state that the entry is in."""
    waiting = {CallState.CALLBACK_QUEUED, CallState.CALLBACK_EXHAUSTED}
    owed = Counter(call for entry in state.callbacks.values() for call in entry.calls)
    for call in state.calls.values():
        if (call.state in waiting) != (owed[call.id] == 1):
            yield f"call {call.id} is {call.state} and stands in {owed[call.id]} entries of the callback queue"
    for entry in state.callbacks.values():
        expected = CallState.CALLBACK_EXHAUSTED if entry.exhausted else CallState.CALLBACK_QUEUED
        wrong = [name for name in entry.calls if name not in state.calls or state.calls[name].state is not expected]
        if wrong or not entry.calls:
            yield f"the callback of {entry.number} is {expected}, its calls {wrong} are not"


def what_was_replaced_says_where_it_went(state: Dispatch) -> Iterator[str]:
    """A replaced incident is closed and holds nothing; it and the one that goes on name each other."""
    for incident in state.incidents.values():
        if incident.replaced_by:
            if incident.closed_at is None or incident.calls:
                yield f"incident {incident.id} was replaced and still holds calls {incident.calls}, or is open"
            into = state.incidents.get(incident.replaced_by)
            if into is not None and incident.id not in into.replaces:
                yield f"incident {incident.id} was replaced by {into.id}, which does not know it"
        for name in incident.replaces:
            replaced = state.incidents.get(name)
            if replaced is not None and replaced.replaced_by != incident.id:
                yield f"incident {incident.id} replaces {name}, which says {replaced.replaced_by!r}"


def links_are_seen_from_both_sides(state: Dispatch) -> Iterator[str]:
    """What one incident is to another, the other is in turn to it."""
    for incident in state.incidents.values():
        for name, relation in incident.links.items():
            other = state.incidents.get(name)
            if other is not None and other.links.get(incident.id) is not INVERSE[relation]:
                yield f"incident {name} is {relation} of {incident.id}, and says {other.links.get(incident.id)}"


def a_crew_is_counted_once(state: Dispatch) -> Iterator[str]:
    """Of the apparatus that one crew serves, one at most has work; crews and units name each other."""
    for crew in state.crews.values():
        out = [name for name in crew.units if state.units[name].work]
        if len(out) > 1:
            yield f"crew {crew.id} is on {out} at once"
    served = {(name, crew.id) for crew in state.crews.values() for name in crew.units}
    said = {(unit.id, unit.crew) for unit in state.units.values() if unit.crew}
    if served != said:
        yield f"crews and units disagree: {sorted(served ^ said)}"


def people_ride_on_one_unit(state: Dispatch) -> Iterator[str]:
    """A unit has one shift and a person rides on one unit; shifts and units name each other."""
    riding = [name for shift in state.shifts.values() for name in shift.responders]
    twice = sorted({name for name in riding if riding.count(name) > 1})
    if twice:
        yield f"on two units at once: {twice}"
    run = sorted((shift.unit, shift.id) for shift in state.shifts.values())
    said = sorted((unit.id, unit.shift) for unit in state.units.values() if unit.shift)
    if run != said:
        yield f"shifts and units disagree: {run} and {said}"


def recommendations_count_a_crew_once(state: Dispatch) -> Iterator[str]:
    """No recommendation sends one crew on two units, or more units than a requirement asks for."""
    for incident in state.incidents.values():
        for kept in incident.recommendations.values():
            chosen = [offer for offer in kept.offers if offer.chosen]
            if len({offer.crew for offer in chosen}) != len(chosen):
                yield f"recommendation {kept.id} of incident {incident.id} counts a crew twice"
            sent = Counter(offer.requirement for offer in chosen)
            if any(sent[name] > count for name, count in kept.counts.items()):
                yield f"recommendation {kept.id} of incident {incident.id} sends more than is asked for"


def alerted_means_proof(state: Dispatch) -> Iterator[str]:
    """An alert counts as alerted only with a receipt that proves it, or the unit's own word; a chased one has a way."""
    for incident in state.incidents.values():
        for alert in incident.alerts.values():
            proven = any(attempt.proven for attempt in alert.attempts) or alert.evidence.startswith("status ")
            if alert.standing is Standing.ALERTED and not proven:
                yield f"alert {alert.id} counts as alerted without proof"
            if alert.standing is Standing.TRYING and not alert.attempts:
                yield f"alert {alert.id} waits for no path"


def card_numbers_have_one_owner(state: Dispatch) -> Iterator[str]:
    """Blocks of paper cards follow one another without overlap, and the next number is behind all of them."""
    last = 0
    for block in state.paper.blocks:
        if block.first <= last or block.last < block.first:
            yield f"cards {block.first} to {block.last} of {block.seat} overlap those before"
        last = block.last
    if state.paper.next <= last:
        yield f"card {state.paper.next} is next and belongs to a block"


def what_counts_was_seen(state: Dispatch) -> Iterator[str]:
    """The plan that counts exists, is not retired, has no error; it was seen, or is marked as activated unseen."""
    if not state.plan_activations:
        return
    latest = state.plan_activations[-1]
    active = state.plans.get(latest.version)
    if active is None:
        yield f"plan {latest.version} counts and is not there"
        return
    if active.retired_at is not None:
        yield f"plan {active.id} counts and is retired"
    if active.errors:
        yield f"plan {active.id} counts and has {active.errors} errors"
    if not latest.unseen and not any(replay.reviewed_at is not None for replay in active.replays.values()):
        yield f"plan {active.id} counts, nobody has seen a replay of it, and it is not marked so"


def no_need_is_unseen(state: Dispatch) -> Iterator[str]:
    """A pending need is seen by a signed-on seat, or an alarm stands for its group.

    It holds once what reactions owe has been asked: between an event and the check that follows it lies one line.
    """
    for group, needs in unseen(state.incidents.values(), state.groups, state.seats.values()).items():
        if state.groups[group].alarm is None:
            yield f"nobody watches {group} and no alarm stands for {needs}"


def needs_are_filled_by_assigned_units(state: Dispatch) -> Iterator[str]:
    """Needs of an incident have ids of their own; who stands for one is a unit, and stands for one that it has."""
    for incident in state.incidents.values():
        names = [need.requirement.id for need in incident.needs]
        if len(set(names)) != len(names):
            yield f"incident {incident.id} has a need twice: {names}"
        for part in standing(incident):
            if part.need and part.need not in names:
                yield f"unit {part.unit} stands for {part.need}, which incident {incident.id} does not need"
        for need in incident.needs:
            strange = sorted({part.unit for part in fillers(incident, need)} - state.units.keys())
            if strange:
                yield f"need {need.requirement.id} of incident {incident.id} is filled by {strange}, which are no units"


def what_is_promised_can_be_kept(state: Dispatch) -> Iterator[str]:
    """A unit is reserved for one open incident that it does not work on yet; nothing closed is stacked or held."""
    for name, reserved in state.reservations.items():
        incident = state.incidents.get(reserved.incident)
        if name not in state.units or incident is None or incident.closed_at is not None:
            yield f"unit {name} is reserved for {reserved.incident}, which is not open"
        elif reserved.incident in state.units[name].work:
            yield f"unit {name} is reserved for {reserved.incident} and works on it already"
    for incident in state.incidents.values():
        if incident.closed_at is not None and (incident.stacked or incident.held):
            yield f"incident {incident.id} is closed and still waits"


def a_talkgroup_serves_one_incident(state: Dispatch) -> Iterator[str]:
    """No incident has two talkgroups, and none that is closed has one."""
    serving = [talkgroup.incident for talkgroup in state.talkgroups.values() if talkgroup.incident]
    for name in sorted({name for name in serving if serving.count(name) > 1}):
        yield f"incident {name} has more than one talkgroup"
    for talkgroup in state.talkgroups.values():
        incident = state.incidents.get(talkgroup.incident)
        if talkgroup.incident and (incident is None or incident.closed_at is not None):
            yield f"talkgroup {talkgroup.id} serves {talkgroup.incident}, which is not open"


def case_numbers_stand_once(state: Dispatch) -> Iterator[str]:
    """A case number of an agency and year stands at one incident, and none is ahead of the last that was issued."""
    seen: set[str] = set()
    for incident in state.incidents.values():
        for case in incident.cases:
            if case.text in seen:
                yield f"case number {case.text} stands twice"
            if case.sequence > state.last_cases.get(series(case.agency, case.year), 0):
                yield f"case number {case.text} of incident {incident.id} was never issued"
            seen.add(case.text)
