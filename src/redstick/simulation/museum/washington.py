"""Washington, 2019 to 2025: wrong addresses that the centre did not count.

A month in which some addresses are wrong, lived by the real rules. Which ones is known here and nowhere in the record;
the list of suspects is made from the record alone, a reviewer looks at every one, and what is published is held against
the truth.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import msgspec

from redstick.dispatch.discovery.evidence import Case as Evidence
from redstick.dispatch.discovery.evidence import gather
from redstick.dispatch.discovery.signals import Signal, Verdict
from redstick.dispatch.discovery.suspects import Account, Suspicion
from redstick.dispatch.rules.incidents import IncidentMoved, MoveIncident
from redstick.dispatch.rules.locations import AddressDiffered, ReadBackAddress
from redstick.dispatch.rules.reviews import ReviewSuspect, SuspectReviewed
from redstick.dispatch.rules.units import ReportStatus, StatusReported
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Event, Rejection
from redstick.simulation.misplaced import EAST, NORTH, Misplacing, Month
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.planting import Plant, answering, deciding, without
from redstick.simulation.museum.record import Line, of, read, unsound

INCIDENTS, WRONG = 840, 0.12
RECALL, PRECISION = 0.65, 0.3  # agreed: of all errors, and of all suspects; a tenth of the errors leave no trace at all
SEEN_M = 400  # a unit that stood so far from where it was sent leaves a trace, whatever its position is worth
TRACED = ("edited", "called_again", "redispatched", "read_back")  # ways to come to light that the record always shows


def run(seed: int, build: Build) -> Result:
    """The month, the list, the reviews, and what is published; see `CASE`."""
    misplacing = Misplacing(seed, build.domain, WRONG)
    month = misplacing.live(INCIDENTS)
    found = build.suspicions(gather(month.facts))
    suspects = {one.incident for one in found}
    right = suspects & set(month.wrong)
    problems = [*_judged(month, suspects, right), *_untraced(month, suspects, read(misplacing.stored()))]
    problems += _reviewed(misplacing, month, found)
    cases = gather(month.facts)
    after = build.suspicions(cases)
    problems += _published(build.published(cases, after), suspects, right)
    facts: dict[str, int | str] = {
        "incidents": month.incidents, "errors": len(month.wrong), "suspects": len(suspects), "confirmed": len(right),
        "recall_percent": 100 * len(right) // max(1, len(month.wrong)),
        "precision_percent": 100 * len(right) // max(1, len(suspects)), "head": misplacing.stored()[-1][:64].decode(),
    }  # fmt: skip
    return judged([*unsound(misplacing.stored()), *problems], facts)


def _judged(month: Month, suspects: set[str], right: set[str]) -> Iterator[Problem]:
    if len(right) < RECALL * len(month.wrong):
        yield Problem("recall_as_agreed", f"{len(right)} of {len(month.wrong)} errors are on the list")
    if len(right) < PRECISION * len(suspects):
        yield Problem("precision_as_agreed", f"{len(right)} of {len(suspects)} suspects are errors")


def _untraced(month: Month, suspects: set[str], lines: list[Line]) -> Iterator[Problem]:
    """An error of which the record has a trace is on the list; traces are read off the record here."""
    seen = _seen_elsewhere(month, lines)
    for incident, how in month.wrong.items():
        if (how in TRACED or incident in seen) and incident not in suspects:
            yield Problem("no_trace_overlooked", f"{incident} came to light ({how}) and is no suspect")


def _seen_elsewhere(month: Month, lines: list[Line]) -> set[str]:
    """Incidents at which a unit stood far from where it was sent, by its own word on the radio."""
    found: set[str] = set()
    for line in of(lines, "incident_opened"):
        incident, place = line.payload["incident"], line.payload["place"]
        x, y = month.said.get(incident, (place["x"], place["y"]))
        if math.hypot((x - place["x"]) / EAST, (y - place["y"]) / NORTH) > SEEN_M:
            found.add(incident)
    return found


def _reviewed(misplacing: Misplacing, month: Month, found: Iterable[Suspicion]) -> list[Problem]:
    """Every suspicion is looked at, by name; without a name it is not."""
    problems = []
    for number, one in enumerate(found):
        if number == 0 and misplacing.review(one.incident, one.signal, Verdict.DISMISSED, " ").accepted:
            problems.append(Problem("reviewed_by_name", f"{one.incident} was dismissed by nobody"))
        verdict = Verdict.CONFIRMED if one.incident in month.wrong else Verdict.DISMISSED
        if not misplacing.review(one.incident, one.signal, verdict).accepted:
            problems.append(Problem("reviewed_by_name", f"{one.incident} cannot be reviewed"))
    return problems


def _published(account: Mapping[str, Account], suspects: set[str], right: set[str]) -> Iterator[Problem]:
    """How many were suspected, reviewed and confirmed is what it truly is; none leaves the list by being reviewed."""
    truly = (len(suspects), len(suspects), len(right))
    every = account.get("all", Account())
    if (every.suspects, every.reviewed, every.confirmed) != truly:
        yield Problem("published_as_it_is", f"published {every}; truly {truly}")


# The causes, put back in


def _only(*signals: Signal) -> Plant:
    def plant(build: Build) -> Build:
        def some(cases: Mapping[str, Evidence]) -> list[Suspicion]:
            return [one for one in build.suspicions(cases) if one.signal in signals]

        return replace(build, suspicions=some)

    return plant


def _everything(build: Build) -> Build:
    def every(cases: Mapping[str, Evidence]) -> list[Suspicion]:
        return [Suspicion(case.incident, case.opened_at, Signal.SAME_NUMBER, "perhaps") for case in cases.values()]

    return replace(build, suspicions=every)


def _few(build: Build) -> Build:
    """What is published counts what a reporter has asked about."""

    def published(cases: Mapping[str, Evidence], found: Iterable[Suspicion]) -> dict[str, Account]:
        every = build.published(cases, found)
        return {**every, "all": Account(every["all"].suspects, every["all"].reviewed, min(4, every["all"].confirmed))}

    return replace(build, published=published)


def _settled_leave(build: Build) -> Build:
    def unreviewed(cases: Mapping[str, Evidence]) -> list[Suspicion]:
        return [one for one in build.suspicions(cases) if not cases[one.incident].reviews]

    return replace(build, suspicions=unreviewed)


def _by_nobody(said: Rejection | list[Event], state: Dispatch, asked: ReviewSuspect) -> Rejection | list[Event]:
    del state
    nameless = isinstance(said, Rejection) and not asked.by.strip()
    return [SuspectReviewed(asked.incident, asked.signal, asked.verdict, "nobody")] if nameless else said


def _unplaced(decision: list[Event], state: Dispatch, asked: ReportStatus) -> list[Event]:
    """Where a unit was when it said so is not kept."""
    del state, asked
    return [
        msgspec.structs.replace(one, x=None, y=None) if isinstance(one, StatusReported) else one for one in decision
    ]


CASE = Case(
    "washington",
    "Washington (Office of Unified Communications), 2019 to 2025",
    "Wrong addresses were under-reported: the agency counted 4 where a volunteer found more than 32 in radio logs.",
    f"{INCIDENTS} incidents of a month, {WRONG:.0%} of them with a wrong address that comes to light in one of six "
    "ways or not at all, among incidents that only look odd. The list of suspects is made from the record, a reviewer "
    "looks at each, and the account is published.",
    {
        "recall_as_agreed": f"at least {RECALL:.0%} of all errors are on the list, those without a trace included",
        "precision_as_agreed": f"at least {PRECISION:.0%} of the suspects are errors",
        "no_trace_overlooked": "no error of which the record has a trace is missing",
        "reviewed_by_name": "each suspect is reviewed by name, and by nobody else",
        "published_as_it_is": "suspects, reviewed and confirmed are published as they truly are; none leaves the list",
    },
    run,
    {
        "edits_only": Mutant("only edited addresses are suspects", _only(Signal.MOVED_AFTER_DISPATCH)),
        "all_but_edits": Mutant(
            "edited addresses are no suspects",
            _only(*(one for one in Signal if one is not Signal.MOVED_AFTER_DISPATCH)),
        ),
        "callers_unheard": Mutant(
            "what callers say again is no signal",
            _only(*(one for one in Signal if one not in {Signal.SAME_NUMBER, Signal.READ_BACK_DIFFERS})),
        ),
        "everybody_is_suspect": Mutant("every incident is a suspect", _everything),
        "four_confirmed": Mutant("what is published stops at four", _few),
        "reviewed_and_gone": Mutant("what was reviewed leaves the list", _settled_leave),
        "dismissed_by_nobody": Mutant("a review needs no name", answering(ReviewSuspect, _by_nobody)),
        "edits_overwrite": Mutant("an edit of the address leaves no trace", without(MoveIncident, IncidentMoved)),
        "read_back_unkept": Mutant("what the caller says is not kept", without(ReadBackAddress, AddressDiffered)),
        "on_scene_unplaced": Mutant("where a unit stood is not kept", deciding(ReportStatus, _unplaced)),
    },
)
