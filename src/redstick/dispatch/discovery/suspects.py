"""The list of suspects: incidents whose address may have been wrong, each with the signals that say so.

Pure: the same evidence gives the same list. A suspect is a question to a reviewer, never a verdict. The margins are
ours, set on made-up months with planted errors (`redstick bench discovery`); a city sets its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import msgspec

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.discovery.evidence import Case, Sent
from redstick.dispatch.discovery.signals import Signal, Verdict
from redstick.dispatch.place import Place, plain
from redstick.kernel.values import Instant

MINUTE = 60_000


class Margins(msgspec.Struct, frozen=True):
    """From where on a signal is one. Distances in metres come on top of what positions may be off by."""

    on_scene_m: int = 150
    moved_m: int = 50
    travel_ms: int = 10 * MINUTE
    again_ms: int = 30 * MINUTE
    regret_s: int = 180


class Suspicion(msgspec.Struct, frozen=True):
    """One signal of one incident, with the fact in words."""

    incident: str
    at: Instant
    signal: Signal
    words: str


class Account(msgspec.Struct):
    """What came of the suspicions of one signal, or of all."""

    suspects: int = 0
    reviewed: int = 0
    confirmed: int = 0


DEFAULT_MARGINS = Margins()


def suspicions(cases: Mapping[str, Case], margins: Margins = DEFAULT_MARGINS) -> list[Suspicion]:
    """Every suspicion, by time of opening and then by signal."""
    repeats = _repeats(cases.values(), margins)
    found = []
    for case in cases.values():
        told = [*_of_case(case, margins), *_of_linked(case, cases, margins)]
        if case.incident in repeats:
            told.append((Signal.SAME_NUMBER, repeats[case.incident]))
        found += [Suspicion(case.incident, case.opened_at, signal, words) for signal, words in dict(told).items()]
    return sorted(found, key=lambda one: (one.at, one.incident, one.signal))


def published(cases: Mapping[str, Case], found: Iterable[Suspicion]) -> dict[str, Account]:
    """How many were suspected, reviewed and confirmed: by signal, and `all` by incident."""
    accounts: dict[str, Account] = {"all": Account()}
    incidents: dict[str, list[Verdict | None]] = {}
    for one in found:
        account = accounts.setdefault(one.signal, Account())
        review = cases[one.incident].reviews.get(one.signal)
        _count(account, [review.verdict if review else None])
        incidents.setdefault(one.incident, []).append(review.verdict if review else None)
    for verdicts in incidents.values():
        _count(accounts["all"], verdicts)
    return accounts


def _count(account: Account, verdicts: list[Verdict | None]) -> None:
    account.suspects += 1
    account.reviewed += any(verdict is not None for verdict in verdicts)
    account.confirmed += Verdict.CONFIRMED in verdicts


def _of_case(case: Case, margins: Margins) -> Iterator[tuple[Signal, str]]:
    yield from _on_scene_elsewhere(case, margins)
    yield from _moved_after_dispatch(case, margins)
    yield from _sent_elsewhere(case, margins)
    yield from _no_arrival(case, margins)
    if case.regret_s >= margins.regret_s:
        yield Signal.COSTLY_OVERRIDE, f"others were sent than recommended, {case.regret_s} s further away"
    if case.heard:
        text, heard = case.heard[-1]
        yield Signal.READ_BACK_DIFFERS, f"written {text!r}, the caller said {heard!r}"


def _on_scene_elsewhere(case: Case, margins: Margins) -> Iterator[tuple[Signal, str]]:
    """Where units last said that they were on scene, against the point that they were sent to."""
    for part in case.sent:
        if part.x is None or part.y is None or part.place.x is None or part.place.y is None:
            continue
        away_m = distance_m(part.place.x, part.place.y, part.x, part.y)
        if away_m > part.place.reach_m + margins.on_scene_m:
            yield Signal.ON_SCENE_ELSEWHERE, f"{part.unit} was on scene {away_m:.0f} m from where it was sent"
            return


def _moved_after_dispatch(case: Case, margins: Margins) -> Iterator[tuple[Signal, str]]:
    """The address was edited once somebody had been sent, to somewhere else than it was."""
    if not case.sent:
        return
    for (_, before), (at, after) in pairwise(case.places):
        apart = _elsewhere(before, after, margins) if at > case.sent[0].at else ""
        if apart:
            yield Signal.MOVED_AFTER_DISPATCH, f"{(at - case.sent[0].at) / 1000:.0f} s after dispatch: {apart}"
            return


def _sent_elsewhere(case: Case, margins: Margins) -> Iterator[tuple[Signal, str]]:
    """A unit was sent to another place than the first one of the same incident."""
    for part in case.sent[1:]:
        apart = _elsewhere(case.sent[0].place, part.place, margins)
        if apart:
            yield Signal.SENT_ELSEWHERE, f"{case.sent[0].unit} and {part.unit}: {apart}"
            return


def _of_linked(case: Case, cases: Mapping[str, Case], margins: Margins) -> Iterator[tuple[Signal, str]]:
    """Units were sent to two places for what turned out to be one thing."""
    for name in (*case.linked, case.replaced_by):
        other = cases.get(name)
        if other is None or not case.sent or not other.sent:
            continue
        apart = _elsewhere(case.sent[0].place, other.sent[0].place, margins)
        if apart:
            yield Signal.SENT_ELSEWHERE, f"with {name}: {apart}"
            return


def _no_arrival(case: Case, margins: Margins) -> Iterator[tuple[Signal, str]]:
    """A unit drove for long, did not arrive, and another was sent."""
    for part in case.sent:
        if part.ended_at is None or part.on_scene_at is not None:
            continue
        drove_ms = part.ended_at - (part.en_route_at or part.at)
        if drove_ms >= margins.travel_ms and _followed(case.sent, part, margins):
            yield Signal.NO_ARRIVAL, f"{part.unit} drove {drove_ms / MINUTE:.0f} min and did not arrive"
            return


def _followed(sent: list[Sent], left: Sent, margins: Margins) -> bool:
    """Whether another unit was sent while it drove, late, or soon after."""
    if left.ended_at is None:
        return False
    since, until = left.at + margins.travel_ms, left.ended_at + margins.again_ms
    return any(other is not left and since <= other.at <= until for other in sent)


def _repeats(cases: Iterable[Case], margins: Margins) -> dict[str, str]:
    """Incidents whose caller's number soon opened another one that was not found to be the same."""
    last: dict[str, Case] = {}
    found: dict[str, str] = {}
    for case in cases:
        for number in case.numbers:
            first = last.get(number)
            apart = first is not None and first.incident != case.replaced_by and case.incident != first.replaced_by
            if first is not None and apart and case.opened_at - first.opened_at <= margins.again_ms:
                later = f"{(case.opened_at - first.opened_at) / MINUTE:.0f} min later"
                found.setdefault(first.incident, f"the same number opened {case.incident} {later}")
            last[number] = case
    return found


def _elsewhere(before: Place, after: Place, margins: Margins) -> str:
    """In words, why two places are not the same; "" where they may be."""
    if before.x is not None and before.y is not None and after.x is not None and after.y is not None:
        apart_m = distance_m(before.x, before.y, after.x, after.y)
        beyond = apart_m > max(before.reach_m, after.reach_m) + margins.moved_m
        return f"{before.text!r} became {after.text!r}, {apart_m:.0f} m away" if beyond else ""
    return "" if plain(before.text) == plain(after.text) else f"{before.text!r} became {after.text!r}"
