"""Needs: what an incident still lacks, per agency and per requirement.

A need is pending until units fill it or a named person waives it with a reason; an engine sent does not clear the
missing medic. A unit fills a need while its assignment is open, and for good once it has arrived (on scene, or any step
behind that); one that was let go before it arrived has not done its part, and the need is pending again. An incident
without a recorded plan has one unnamed need, that someone must look, which any unit fills: so nothing is unseen.
Closing an incident, with its disposition and by whoever does it, ends what was pending; reopening it begins anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.filling import Filling, aid_of, matched
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from redstick.dispatch.rules.assignments import Assignment
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

PENDING, HOLD, STACKED = "pending", "hold", "stacked"  # the ways to wait, each told of by itself when it takes too long
UNNAMED = "someone"  # the need of an incident without a recorded plan
ARRIVED = frozenset({"on_scene", "patient_contact", "transport", "at_hospital"})  # a skipped step leaves its time empty
MAX_NEEDS = 200  # of one incident, all alarms together
COUNTS = range(1, 1_001)  # units of one need: each is a place to fill, and a slip of the keyboard asks for millions


class Waiver(msgspec.Struct, frozen=True):
    """So many of a need were given up: by whom, and why."""

    count: int
    by: str
    reason: str
    at: Instant


class Need(msgspec.Struct):
    """One requirement of an incident. `since` is when it was first needed; `plan` and `rule` say where it stands.

    `carried_from` is the incident that it was a need of until a merge, "" for none.
    """

    requirement: Requirement
    since: Instant
    plan: str = ""
    rule: str = ""
    waivers: list[Waiver] = msgspec.field(default_factory=list)
    carried_from: str = ""


@event("dispatch.needs_set", subjects=("incident",))
class NeedsSet(Event, frozen=True):
    """What an incident needs, by a plan's version and its rule, in the plan's order, instead of what it needed before.

    A need of the same id keeps its waivers. `dropped` names those that are no more. `fillers` says for which needs the
    units stand that are there already, `priority` how urgent the incident is.
    """

    incident: str
    requirements: list[Requirement]
    plan: str = ""
    rule: str = ""
    dropped: list[str] = []
    fillers: list[Filling] = []
    priority: int = 3


@event("dispatch.needs_added", subjects=("incident",))
class NeedsAdded(Event, frozen=True):
    """More is needed than before: a further alarm, or what someone asked for by name, or what a merge brought along.

    Then `carried_from` names the replaced incident, and `since` says of each need since when it waits.
    """

    incident: str
    requirements: list[Requirement]
    plan: str = ""
    rule: str = ""
    fillers: list[Filling] = []
    carried_from: str = ""
    since: dict[str, Instant] = {}


@event("dispatch.need_waived", subjects=("incident",))
class NeedWaived(Event, frozen=True):
    """A named person gave up so many of a need, and said why. `completes` says that nothing else is lacking."""

    incident: str
    need: str
    count: int
    by: str
    reason: str
    completes: bool = False


@event("dispatch.need_reinstated", subjects=("incident",))
class NeedReinstated(Event, frozen=True):
    """What was waived is needed after all."""

    incident: str
    need: str
    by: str
    reason: str


@command("dispatch.set_needs")
class SetNeeds(Command, frozen=True):
    """Record what an incident needs, as a plan says; again, when its kind or place has changed."""

    incident: str
    requirements: list[Requirement]
    plan: str = ""
    rule: str = ""


@command("dispatch.add_needs")
class AddNeeds(Command, frozen=True):
    """Record that more is needed."""

    incident: str
    requirements: list[Requirement]
    plan: str = ""
    rule: str = ""


@command("dispatch.waive_need")
class WaiveNeed(Command, frozen=True):
    """Give up what is missing of a need, by name and with a reason; `count` of it, 0 for all that is missing."""

    incident: str
    need: str
    by: str
    reason: str
    count: int = 0


@command("dispatch.reinstate_need")
class ReinstateNeed(Command, frozen=True):
    """Take back every waiver of a need."""

    incident: str
    need: str
    by: str
    reason: str


def decide_set_needs(state: Dispatch, asked: SetNeeds, now: Instant) -> Decision:
    """Saying again what is known changes nothing.

    Rejections: `incident_unknown`, `incident_closed`, `no_needs`, `need_malformed`, `need_named_twice`,
    `too_many_needs`.
    """
    del now
    incident = state.incidents.get(asked.incident)
    refusal = _refuse_requirements(asked.incident, incident, asked.requirements, {})
    if refusal is not None or incident is None:
        return refusal or Rejection("incident_unknown", {"incident": asked.incident})
    known = [(need.requirement, need.plan, need.rule) for need in incident.needs]
    if known == [(requirement, asked.plan, asked.rule) for requirement in asked.requirements]:
        return []
    wanted = {requirement.id for requirement in asked.requirements}
    dropped = [need.requirement.id for need in needs_of(incident) if need.requirement.id not in wanted]
    kept = [part for part in standing(incident) if part.need in wanted]
    loose = [part.unit for part in standing(incident) if part.ended_at is None and part.need not in wanted]
    slots = _slots(asked.requirements, lambda name: len({part.unit for part in kept if part.need == name}))
    fillers = matched(slots, [state.units[name] for name in loose], aid_of(state, incident))
    return [NeedsSet(incident.id, asked.requirements, asked.plan, asked.rule, dropped, fillers, incident.priority)]


def decide_add_needs(state: Dispatch, asked: AddNeeds, now: Instant) -> Decision:
    """Rejections: those of `SetNeeds`, and `need_known` for an id that the incident has already."""
    del now
    incident = state.incidents.get(asked.incident)
    known = {need.requirement.id: need for need in incident.needs} if incident is not None else {}
    refusal = _refuse_requirements(asked.incident, incident, asked.requirements, known)
    if refusal is not None or incident is None:
        return refusal or Rejection("incident_unknown", {"incident": asked.incident})
    loose = [part.unit for part in standing(incident) if part.ended_at is None and part.need not in known]
    slots = _slots(asked.requirements, lambda _: 0)
    fillers = matched(slots, [state.units[name] for name in loose], aid_of(state, incident))
    return [NeedsAdded(incident.id, asked.requirements, asked.plan, asked.rule, fillers)]


def _refuse_requirements(
    name: str, incident: Incident | None, wanted: Sequence[Requirement], known: dict[str, Need]
) -> Rejection | None:
    if incident is None or incident.closed_at is not None:
        return Rejection("incident_unknown" if incident is None else "incident_closed", {"incident": name})
    if not wanted:
        return Rejection("no_needs", {"incident": name})
    for requirement in wanted:
        if not requirement.id.strip() or requirement.id == UNNAMED or requirement.count not in COUNTS:
            return Rejection("need_malformed", {"need": requirement.id, "count": requirement.count})
        if requirement.id in known:
            return Rejection("need_known", {"need": requirement.id, "incident": name})
    if len({requirement.id for requirement in wanted}) != len(wanted):
        return Rejection("need_named_twice", {"needs": [requirement.id for requirement in wanted]})
    if len(known) + len(wanted) > MAX_NEEDS:
        return Rejection("too_many_needs", {"most": MAX_NEEDS})
    return None


def apply_needs_set(state: Dispatch, happened: NeedsSet, at: Instant) -> None:
    """The plan's needs stand; those of the incident as such are as old as the incident's wait."""
    del at
    incident = state.incidents[happened.incident]
    waivers = {need.requirement.id: need.waivers for need in incident.needs}
    since = {need.requirement.id: need.since for need in incident.needs}
    incident.needs = [
        Need(one, since.get(one.id, waits_since(incident)), happened.plan, happened.rule, waivers.get(one.id, []))
        for one in happened.requirements
    ]
    for part in (*incident.earlier, *incident.assignments.values()):
        if part.need in happened.dropped:
            part.need = part.fit = ""
    _stand(incident, happened.fillers)


def apply_needs_added(state: Dispatch, happened: NeedsAdded, at: Instant) -> None:
    """They stand beside the others; their wait begins now, but for what waited elsewhere."""
    incident = state.incidents[happened.incident]
    incident.needs += [
        Need(one, happened.since.get(one.id, at), happened.plan, happened.rule, carried_from=happened.carried_from)
        for one in happened.requirements
    ]
    _stand(incident, happened.fillers)


def _stand(incident: Incident, fillers: Iterable[Filling]) -> None:
    for filling in fillers:
        assignment = incident.assignments[filling.unit]
        assignment.need, assignment.fit = filling.need, filling.fit
        assignment.lent_by, assignment.lent_to, assignment.ground = filling.lent_by, filling.lent_to, filling.ground
    settle(incident)


def settle(incident: Incident) -> None:
    """What was told of a wait that is over is forgotten: should it begin again, it is told again."""
    for about in [about for about in incident.overdue if not waiting(incident, about)]:
        del incident.overdue[about]


def decide_waive_need(state: Dispatch, asked: WaiveNeed, now: Instant) -> Decision:
    """No more than is missing.

    Rejections: `incident_unknown`, `incident_closed`, `need_unknown`, `need_not_missing` (says how many are),
    `name_and_reason_needed`.
    """
    del now
    found = _need(state, asked.incident, asked.need)
    if isinstance(found, Rejection):
        return found
    incident, need = found
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"need": asked.need})
    lacking = missing(incident, need)
    if not lacking or not 0 <= asked.count <= lacking:
        return Rejection("need_not_missing", {"need": asked.need, "missing": lacking})
    count = asked.count or lacking
    completes = count == lacking and len(pending(incident)) == 1
    return [NeedWaived(incident.id, asked.need, count, asked.by, asked.reason, completes)]


def apply_need_waived(state: Dispatch, happened: NeedWaived, at: Instant) -> None:
    """So many fewer are missing; who said so is kept with the need."""
    incident = state.incidents[happened.incident]
    incident.needs = needs_of(incident)
    waiver = Waiver(happened.count, happened.by, happened.reason, at)
    _named(incident, happened.need).waivers.append(waiver)
    settle(incident)


def decide_reinstate_need(state: Dispatch, asked: ReinstateNeed, now: Instant) -> Decision:
    """Rejections: those of `WaiveNeed`, with `need_not_waived` for `need_not_missing`."""
    del now
    found = _need(state, asked.incident, asked.need)
    if isinstance(found, Rejection):
        return found
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"need": asked.need})
    if not found[1].waivers:
        return Rejection("need_not_waived", {"need": asked.need})
    return [NeedReinstated(asked.incident, asked.need, asked.by, asked.reason)]


def apply_need_reinstated(state: Dispatch, happened: NeedReinstated, at: Instant) -> None:
    """Needed again; who had waived it is in the journal."""
    del at
    _named(state.incidents[happened.incident], happened.need).waivers = []


def _need(state: Dispatch, name: str, need: str) -> tuple[Incident, Need] | Rejection:
    incident = state.incidents.get(name)
    if incident is None or incident.closed_at is not None:
        return Rejection("incident_unknown" if incident is None else "incident_closed", {"incident": name})
    known = needs_of(incident)
    found = next((one for one in known if one.requirement.id == need), None)
    if found is None:
        return Rejection("need_unknown", {"need": need, "known": [one.requirement.id for one in known]})
    return incident, found


def _named(incident: Incident, need: str) -> Need:
    return next(one for one in incident.needs if one.requirement.id == need)


# What is missing


def waits_since(incident: Incident) -> Instant:
    """When an incident began to need someone: when it was opened, or opened again."""
    return incident.opened_at if incident.needed_since is None else incident.needed_since


def needs_of(incident: Incident) -> list[Need]:
    """What an incident needs, in the plan's order; the unnamed need where no plan was recorded."""
    return incident.needs or [Need(Requirement(UNNAMED), waits_since(incident))]


def standing(incident: Incident) -> list[Assignment]:
    """The assignments that count since the incident was last opened: open ones, and those whose unit had arrived."""
    parts = [*incident.earlier, *incident.assignments.values()]
    counted = [part for part in parts if part.sequence >= incident.filled_from]
    return [part for part in counted if part.ended_at is None or ARRIVED & part.stamps.keys()]


def fillers(incident: Incident, need: Need) -> list[Assignment]:
    """The assignments that fill a need; the unnamed one is filled by any."""
    return _of_need(standing(incident), need)


def _of_need(parts: Sequence[Assignment], need: Need) -> list[Assignment]:
    every = need.requirement.id == UNNAMED
    return [part for part in parts if every or part.need == need.requirement.id]


def missing(incident: Incident, need: Need) -> int:
    """How many units of a need are neither there nor waived; a unit that came twice counts once."""
    return _missing(standing(incident), need)


def _missing(parts: Sequence[Assignment], need: Need) -> int:
    filled = len({part.unit for part in _of_need(parts, need)})
    return max(0, need.requirement.count - filled - sum(waiver.count for waiver in need.waivers))


def pending(incident: Incident) -> list[tuple[Need, int]]:
    """What an incident still lacks, with how many; nothing once it is closed."""
    if incident.closed_at is not None:
        return []
    parts = standing(incident)
    found = [(need, _missing(parts, need)) for need in needs_of(incident)]
    return [(need, lacking) for need, lacking in found if lacking]


def waiting(incident: Incident, about: str) -> list[Need]:
    """The needs that wait in this way: for anybody, on hold, or queued on a unit. Each pending one waits somehow."""
    found = pending(incident)
    if about == HOLD:
        return [need for need, _ in found] if incident.held is not None else []
    queued = [one.need for one in incident.stacked]
    if about == STACKED:
        return [need for need, _ in found if "" in queued or need.requirement.id in queued]
    if incident.held is not None or "" in queued:
        return []
    return [need for need, lacking in found if lacking > queued.count(need.requirement.id)]


def open_slots(incident: Incident) -> list[Requirement]:
    """The requirements of what is pending, each as often as a unit is missing; none where no plan was recorded."""
    found = pending(incident)
    return [need.requirement for need, lacking in found for _ in range(lacking) if need.requirement.id != UNNAMED]


def _slots(wanted: Sequence[Requirement], filled: Callable[[str], int]) -> list[Requirement]:
    return [one for one in wanted for _ in range(max(0, one.count - filled(one.id)))]


DECIDERS: Deciders = {
    SetNeeds: decide_set_needs,
    AddNeeds: decide_add_needs,
    WaiveNeed: decide_waive_need,
    ReinstateNeed: decide_reinstate_need,
}
APPLIERS: Appliers = {
    NeedsSet: apply_needs_set,
    NeedsAdded: apply_needs_added,
    NeedWaived: apply_need_waived,
    NeedReinstated: apply_need_reinstated,
}
