"""The city today, for the mayor and for everybody: what came in, how fast it was answered, what was done.

Each figure carries its definition and its proof: between which lines of the journal it was counted, and the hash of the
last. What is told is delayed and coarse as the city's disclosure says, and a kind that is rare is not told at all.
"""

from collections import Counter
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from redstick.dispatch.exchange.public import Disclosure, disclosed
from redstick.dispatch.lookback.answers import METHOD, Figure, HourToday, Kind, Proof, Spread, Today
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.load import HOUR_MS, spreads
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant

RARE = 5  # fewer of a kind could point at one household
OTHER = "other"


def today(state: Dispatch, kept: Kept, now: Instant, zone: str, policy: Disclosure) -> Today:
    """What may be told of today; KeyError (ZoneInfoNotFoundError) for a time zone that there is not."""
    as_of = (now - policy.delay_ms) // policy.step_ms * policy.step_ms
    begun = midnight(as_of, zone)
    mark = kept.behind(as_of - 1)
    proof = Proof(kept.before(begun), mark.position, mark.hash.hex())
    measured = spreads(kept, begun, as_of)
    opened = [one for one in kept.between(begun, as_of) if not {one.kind, one.group} & set(policy.withheld)]
    told = [disclosed(one, now, policy) for one in opened]
    return Today(
        now=now,
        as_of=as_of,
        begun=begun,
        time_zone=zone,
        delay_ms=policy.delay_ms,
        figures=[*_counted(state, kept, begun, as_of, proof), *_measured(measured, proof)],
        spreads=measured,
        kinds=_kinds(Counter(one.kind or OTHER for one in opened)),
        hours=_hours(kept, begun, as_of),
        incidents=[one for one in told if one is not None],
    )


def midnight(at: Instant, zone: str) -> Instant:
    """When the local day of `at` began."""
    here = ZoneInfo(zone)
    day = datetime.fromtimestamp(at / 1000, UTC).astimezone(here).date()
    return round(datetime.combine(day, time(), here).timestamp() * 1000)


def _counted(state: Dispatch, kept: Kept, begun: Instant, as_of: Instant, proof: Proof) -> list[Figure]:
    calls = list(kept.received(begun, as_of))
    opened = list(kept.between(begun, as_of))
    closed = [one for one in kept.incidents.values() if begun <= (one.closed_at or 0) < as_of and not one.replaced_by]
    sent = sum(
        begun <= part.stamps.get("dispatched", 0) < as_of
        for one in kept.incidents.values()
        for part in (*one.earlier, *one.assignments.values())
    )
    hung_up = sum(call.id in kept.hung_up for call in calls)
    on_duty = sum(unit.on_duty for unit in state.units.values())
    return [
        Figure("calls", "Calls received", len(calls), "calls", None,
               "Calls, texts and alarms that were presented to a call taker since midnight.", proof),
        Figure("hung_up", "Callers who hung up before an answer", hung_up, "calls", len(calls),
               "Calls of today that ended before anybody answered; each is called back.", proof),
        Figure("incidents", "Incidents opened", len(opened), "incidents", None,
               "Incidents opened since midnight; several calls about one thing are one incident.", proof),
        Figure("closed", "Incidents closed", len(closed), "incidents", None,
               "Incidents closed since midnight, whenever they were opened.", proof),
        Figure("dispatches", "Units sent", sent, "units", None,
               "Times that a unit was dispatched to an incident since midnight.", proof),
        Figure("on_duty", "Units on duty", on_duty, "units", len(state.units),
               "Units whose last reported status says that they are at work, now.", proof),
    ]  # fmt: skip


def _measured(measured: list[Spread], proof: Proof) -> list[Figure]:
    figures = []
    for one in measured:
        if one.interval == "travel":
            continue  # its thresholds are of first engines and ALS units alone
        words = f"{one.title}: nine in ten were not slower ({METHOD}). A time that is missing counts in neither."
        figures.append(
            Figure(f"{one.interval}_p90", f"{one.title}, 90th percentile", one.p90_s, "s", one.n_used, words, proof)
        )
        figures += [
            Figure(
                standard.id, f"Within {standard.within_s} s ({standard.name}, {standard.edition})",
                None if standard.share is None else round(standard.share * 100, 1), "%", one.n_used,
                f"{one.title}, {standard.scope}: the standard asks {standard.percent} % within {standard.within_s} s.",
                proof,
            )
            for standard in one.standards
        ]  # fmt: skip
    return figures


def _kinds(counts: Counter[str]) -> list[Kind]:
    told = [
        Kind(kind, n)
        for kind, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        if n >= RARE and kind != OTHER
    ]
    rest = sum(counts.values()) - sum(kind.n for kind in told)
    return [*told, Kind(OTHER, rest)] if rest else told


def _hours(kept: Kept, begun: Instant, as_of: Instant) -> list[HourToday]:
    counts = Counter((call.received_at - begun) // HOUR_MS for call in kept.received(begun, as_of))
    return [HourToday(at, counts[(at - begun) // HOUR_MS]) for at in range(begun, as_of, HOUR_MS)]
