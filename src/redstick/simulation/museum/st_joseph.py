"""St Joseph County, 2017 to 2018: the same street and number in several towns, and delays of a length nobody knew.

A county of three towns that share street names. Callers say a number and a street, and often no town; the real geocoder
answers, the taker asks which town. Dispatch is slow now and then, and every delay must be known from our own export.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from redstick.dispatch.alerting.paths import Path as AlertPath
from redstick.dispatch.alerting.paths import PathKind
from redstick.dispatch.place import Place
from redstick.dispatch.rules.alerts import AlertRaised, RaiseAlerts
from redstick.dispatch.rules.assignments import AssignUnits, CorrectTime, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.state import Dispatch
from redstick.geo.city import Addresses
from redstick.geo.geocoder import Ambiguous, Candidate, Geocoder, Unique
from redstick.geo.geocoder import Result as Answer
from redstick.geo.geocoder import build as build_index
from redstick.geo.roads import Roads
from redstick.kernel.domain import Domain
from redstick.kernel.executor import Executor
from redstick.kernel.ledgers import FOREVER
from redstick.kernel.ports import Readable
from redstick.kernel.values import Event, Instant, Outcome, Request
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import HOUR, SECOND, Centre, dice
from redstick.simulation.museum.export import Rows
from redstick.simulation.museum.planting import deciding
from redstick.simulation.museum.record import Line, of, unsound

TOWNS = ("Mishawaka", "Osceola", "Granger", "Lakeville", "New Carlisle", "Walkerton", "Roseland", "Elkhart")
STREETS = ("Oak St", "Main St", "River Rd", "Jefferson Blvd", "Elm Ave")
CALLS, NUMBERS = 60, range(101, 141)
WEST, SOUTH, APART = -862_500_000, 416_000_000, 900_000  # towns lie about seven kilometres apart
STAMPS = {"ENR": "en_route", "ONS": "on_scene"}


class County:
    """Three towns with the same five streets, as roads and address points, and the geocoder over them."""

    def __init__(self, random: Random, folder: Path) -> None:
        self.towns = random.sample(TOWNS, 3)
        self.at = {
            (town, street, number): (WEST + t * APART + (number - 100) * 900, SOUTH + t * APART // 3 + s * 9_000)
            for t, town in enumerate(self.towns) for s, street in enumerate(STREETS) for number in NUMBERS
        }  # fmt: skip
        build_index(self._roads(), self._addresses(), [], folder / "index.sqlite")
        self.geocoder = Geocoder.open(folder / "index.sqlite")

    def _addresses(self) -> Addresses:
        x, y = (np.array([place[i] for place in self.at.values()], np.int32) for i in (0, 1))
        number = np.array([number for _, _, number in self.at], np.int32)
        street = np.array([STREETS.index(street) for _, street, _ in self.at], np.int32)
        town = np.array([self.towns.index(town) for town, _, _ in self.at], np.int32)
        none = [""] * len(self.at)
        unknown = np.full(len(self.at), -1, np.int32)
        return Addresses(x, y, number, none, none, street, list(STREETS), town, self.towns, unknown, [])

    def _roads(self) -> Roads:
        """One segment for each street of each town."""
        ends = [(self.at[town, street, 101], self.at[town, street, 140]) for town in self.towns for street in STREETS]
        m = len(ends)
        xy = np.array([point for pair in ends for point in pair], np.int32)
        town = np.repeat(np.arange(3, dtype=np.int32), len(STREETS))
        unknown, tail = np.full(m, -1, np.int32), np.arange(0, 2 * m, 2, dtype=np.int32)
        return Roads(
            node_x=xy[:, 0].copy(), node_y=xy[:, 1].copy(), tail=tail, head=tail + 1,
            segment_id=[f"s{i}" for i in range(m)], name=np.tile(np.arange(len(STREETS), dtype=np.int32), 3),
            names=list(STREETS), aliases=[], road_class=np.full(m, 6, np.int8), direction=np.zeros(m, np.int8),
            speed_kmh=np.zeros(m, np.int32), length_m=np.full(m, 300.0), level=np.zeros(m, np.int8),
            left_from=np.full(m, 101, np.int32), left_to=np.full(m, 139, np.int32),
            right_from=np.full(m, 102, np.int32), right_to=np.full(m, 140, np.int32), left_area=town,
            right_area=town, areas=self.towns, left_postcode=unknown, right_postcode=unknown, postcodes=[],
            start=np.arange(0, 2 * m + 1, 2, dtype=np.int32), xy=xy, attribution="made up",
        )  # fmt: skip


class Floor:
    """Who answers and dispatches, and what truly happened when: `truth` by incident, a time by name, None for never."""

    def __init__(self, build: Build, seed: int, county: County) -> None:
        self.build, self.county = build, county
        self.random, self.centre = dice(seed, "st_joseph"), Centre(build, seed)
        self.truth: dict[str, dict[str, Instant]] = {}
        self.where: dict[str, tuple[str, str, int]] = {}
        self.problems: list[Problem] = []
        for number in range(CALLS):
            unit = f"E{number}"
            page = EnrollRecipient(f"crew {unit}", unit, [AlertPath(PathKind.PAGER, unit)])
            self.centre.all_of([EnrollUnit(unit, "ENGINE", "fire", "S1"), ReportStatus(unit, "AQ"), page])
            self.centre.after(number * 60, self._call, f"i{number}", unit)

    def _call(self, name: str, unit: str) -> None:
        place = self.random.choice(list(self.county.at))
        self.where[name] = place
        self.centre.ask(ReceiveCall(f"c{name}", "911", "5745550100"))
        self.truth[name] = {"received": self.centre.now}
        slow = self.random.random() < 0.2
        answer_s = self.random.uniform(30, 240) if slow else self.random.uniform(2, 15)
        self.centre.after(answer_s, self._answer, name, unit)

    def _answer(self, name: str, unit: str) -> None:
        self.centre.ask(AnswerCall(f"c{name}", "s1"))
        self.truth[name]["answered"] = self.centre.now
        place = self._asked(*self.where[name])
        self.centre.ask(OpenIncident(name, kind="FIRE", place=place, call=f"c{name}"))
        self.centre.ask(EndCall(f"c{name}"))
        slow = self.random.random() < 0.3
        waits_s = self.random.uniform(200, 1_500) if slow else self.random.uniform(20, 90)
        self.centre.after(waits_s, self._send, name, unit)

    def _asked(self, town: str, street: str, number: int) -> Place:
        """What the caller says is looked up; where it means several places, the caller is asked which."""
        x, y = self.county.at[town, street, number]
        with_town = self.random.random() < 0.35
        text = f"{number} {street}, {town}" if with_town else f"{number} {street}"
        near = (y / 1e7, x / 1e7) if self.random.random() < 0.5 else None
        answer = self.build.geocode(self.county.geocoder, text, near)
        if with_town:
            taken = answer.candidates[0] if isinstance(answer, Unique) else None
            if taken is None or (taken.area, taken.x, taken.y) != (town, x, y):
                self.problems.append(Problem("town_tells_apart", f"{text!r}: {answer.kind}, {taken}"))
            return self.build.geocoded(text, answer, "caller", taken)
        self.problems += _listed(self.county, text, street, number, answer)
        if isinstance(answer, Unique):
            return self.build.geocoded(text, answer, "caller", None)
        chosen = next((one for one in answer.candidates if one.area == town), None)
        return self.build.geocoded(text, answer, "caller", chosen)

    def _send(self, name: str, unit: str) -> None:
        self.centre.ask(AssignUnits(name, [unit]))
        self.truth[name]["dispatched"] = self.centre.now
        drives_s = self.random.uniform(30, 200)
        arrives_s = drives_s + self.random.uniform(100, 1_200)
        if self.random.random() < 0.9:
            self.centre.after(drives_s, self._says, name, unit, "ENR")
        if self.random.random() < 0.85:
            self.centre.after(arrives_s, self._says, name, unit, "ONS")
        self.centre.after(arrives_s + 1_500, self._clear, name, unit)

    def _says(self, name: str, unit: str, status: str) -> None:
        """Told at once, or by radio minutes later with the true time, or told wrong and corrected."""
        now, random = self.centre.now, self.random
        self.truth[name][STAMPS[status]] = now
        how = random.random()
        if how < 0.15:
            self.centre.after(random.uniform(30, 240), self._tell, ReportStatus(unit, status, name), now)
        elif how < 0.25:
            self.truth[name][STAMPS[status]] = now - 20 * SECOND
            self._tell(ReportStatus(unit, status, name), now)
            self._tell(CorrectTime(name, unit, STAMPS[status], now - 20 * SECOND, "by radio"), None)
        else:
            self._tell(ReportStatus(unit, status, name), None)

    def _tell(self, command: ReportStatus | CorrectTime, at: Instant | None) -> None:
        self.centre.ask(command, "radio", at)

    def _clear(self, name: str, unit: str) -> None:
        self.centre.ask(ReleaseUnit(name, unit))
        self.centre.ask(CloseIncident(name, "01"))


def _listed(county: County, text: str, street: str, number: int, answer: Answer) -> Iterator[Problem]:
    """Without a town, every town that has the address is a candidate, at its own place, and none is taken."""
    if isinstance(answer, Unique):
        yield Problem("never_taken_silently", f"{text!r} was taken for {answer.candidates[0].area}")
    found = {(one.area, one.x, one.y) for one in answer.candidates}
    should = {(town, *county.at[town, street, number]) for town in county.towns}
    if not isinstance(answer, Unique) and not should <= found:
        yield Problem("every_town_is_listed", f"{text!r} lists {sorted(found)}")


def run(seed: int, build: Build) -> Result:
    """An hour of calls, and the night in which everything leaves the live state; see `CASE`."""
    with TemporaryDirectory() as folder:
        county = County(dice(seed, "county"), Path(folder))
        floor = Floor(build, seed, county)
        floor.centre.live(5 * HOUR)
        county.geocoder.close()
        journal = floor.centre.journal
        rows = build.exported(journal, build.domain, Path(folder) / "export")
    stored, lines = floor.centre.stored(), floor.centre.lines()
    facts: dict[str, int | str] = {
        "calls": CALLS, "delayed_over_three_minutes": _delayed(floor), "lines": len(stored),
        "rows_exported": sum(map(len, rows.values())), "head": stored[-1][:64].decode(),
    }  # fmt: skip
    problems = [*unsound(stored), *floor.centre.untrue("nothing_lost"), *floor.problems, *_misplaced(floor, lines)]
    return judged([*problems, *_unreconstructed(floor, rows)], facts)


def _delayed(floor: Floor) -> int:
    return sum(one.get("dispatched", 0) - one["received"] > 180 * SECOND for one in floor.truth.values())


def _misplaced(floor: Floor, lines: list[Line]) -> Iterator[Problem]:
    """Each incident, and what its crew reads, is in the caller's town."""
    opened = {line.payload["incident"]: line.payload["place"] for line in of(lines, "incident_opened")}
    texts = {line.payload["incident"]: line.payload["text"] for line in of(lines, "alert_raised")}
    for name, (town, street, number) in floor.where.items():
        place, at = opened.get(name, {}), floor.county.at[town, street, number]
        if (place.get("municipality"), place.get("x"), place.get("y")) != (town, *at):
            yield Problem("sent_to_the_right_town", f"{name}: {place}, the caller is in {town} at {at}")
        if town not in texts.get(name, ""):
            yield Problem("sent_to_the_right_town", f"{name}: the crew reads {texts.get(name)!r}")


def _unreconstructed(floor: Floor, rows: Rows) -> Iterator[Problem]:
    """Every time, and so every latency, is in the export as it was, to the millisecond; what never was is not there."""
    believed = {
        name: [row for row in table if row["recorded_to"] == FOREVER and row["valid_to"] == FOREVER]
        for name, table in rows.items()
    }
    calls = {row["call"]: row for row in believed.get("calls", [])}
    times: dict[str, dict[str, Instant]] = {}
    for row in believed.get("assignment_times", []):
        times.setdefault(row["incident"], {})[row["stamp"]] = row["true_at"]
    for name, truth in floor.truth.items():
        call, stamps = calls.get(f"c{name}", {}), times.get(name, {})
        found = {"received": call.get("received_at"), "answered": call.get("answered_at")}
        found |= {stamp: stamps.get(stamp) for stamp in ("dispatched", "en_route", "on_scene")}
        for stamp, at in found.items():
            if at != truth.get(stamp):
                yield Problem("latencies_are_ours", f"{name}: {stamp} was {truth.get(stamp)}, the export says {at}")


# The causes, put back in


def _first_is_taken(build: Build) -> Build:
    """Street and number are enough: the first candidate is taken for the place."""

    def asked(geocoder: Geocoder, text: str, near: tuple[float, float] | None) -> Answer:
        answer = build.geocode(geocoder, text, near)
        return Unique(answer.text, answer.candidates[:1]) if answer.candidates else answer

    return replace(build, geocode=asked)


def _nearest_is_taken(build: Build) -> Build:
    """Where the caller's phone is known, the nearest candidate is taken for the place."""

    def asked(geocoder: Geocoder, text: str, near: tuple[float, float] | None) -> Answer:
        answer = build.geocode(geocoder, text, near)
        return Unique(answer.text, answer.candidates[:1]) if near and answer.candidates else answer

    return replace(build, geocode=asked)


def _one_town_listed(build: Build) -> Build:
    def asked(geocoder: Geocoder, text: str, near: tuple[float, float] | None) -> Answer:
        answer = build.geocode(geocoder, text, near)
        return answer if isinstance(answer, Unique) else Ambiguous(answer.text, answer.candidates[:1], answer.reasons)

    return replace(build, geocode=asked)


def _town_ignored(build: Build) -> Build:
    """What stands behind the comma is not read."""
    return replace(build, geocode=lambda geocoder, text, near: build.geocode(geocoder, text.partition(",")[0], near))


def _town_dropped(build: Build) -> Build:
    def placed(text: str, answer: Answer, source: str, choice: Candidate | None) -> Place:
        return msgspec.structs.replace(build.geocoded(text, answer, source, choice), municipality="")

    return replace(build, geocoded=placed)


def _town_unsaid(decision: list[Event], state: Dispatch, asked: RaiseAlerts) -> list[Event]:
    town = state.incidents[asked.incident].place.municipality
    return [
        msgspec.structs.replace(one, text=one.text.replace(town, "")) if isinstance(one, AlertRaised) and town else one
        for one in decision
    ]


class _EntryTimes(Executor):
    """What is told late counts as having happened late."""

    def _decide_one(self, request: Request, *, internal: bool = False) -> Outcome:
        return super()._decide_one(replace(request, at=None), internal=internal)


def _in_minutes(build: Build) -> Build:
    """Times are exported in whole minutes, as the vendor's report had them."""

    def rounded(journal: Readable, domain: Domain, folder: Path) -> Rows:
        rows = build.exported(journal, domain, folder)
        for row in (row for table in rows.values() for row in table):
            for name in ("received_at", "answered_at", "true_at"):
                if row.get(name) is not None:
                    row[name] -= row[name] % 60_000
        return rows

    return replace(build, exported=rounded)


def _live_only(build: Build) -> Build:
    """The export is of what is on the boards."""

    def some(journal: Readable, domain: Domain, folder: Path) -> Rows:
        rows = build.exported(journal, domain, folder)
        gone = {row["incident"] for row in rows["incidents"] if row["closed_at"] is not None}
        return {name: [row for row in table if row.get("incident") not in gone] for name, table in rows.items()}

    return replace(build, exported=some)


def _uncorrected(decision: list[Event], state: Dispatch, asked: CorrectTime) -> list[Event]:
    """A correction is taken and changes nothing."""
    del decision, state, asked
    return []


CASE = Case(
    "st_joseph",
    "St Joseph County, 2017 to 2018",
    "Thousands of dispatches were delayed; the same street and number in several municipalities could not be told "
    "apart; how long the delays were was unknown, because the vendor held the data.",
    f"{CALLS} calls in a county of three towns that share {len(STREETS)} streets with the same numbers; two in three "
    "callers say no town, some of their phones say where they are. A fifth are answered late, a third dispatched late; "
    "times are told late, told wrong and corrected, or never told. Everything has left the live state before the "
    "export is made.",
    {
        "never_taken_silently": "an address that is in several towns is never taken without asking",
        "every_town_is_listed": "its candidates are every town that has it, each at its own place",
        "town_tells_apart": "with the town said, the address is that town's",
        "sent_to_the_right_town": "incident and alert are in the caller's town",
        "latencies_are_ours": "every time is in our export as it truly was, to the millisecond, and no other",
        "nothing_lost": "what was told of a command is what the journal says",
    },
    run,
    {
        "first_is_taken": Mutant("street and number are enough", _first_is_taken),
        "nearest_is_taken": Mutant("the phone's position decides", _nearest_is_taken),
        "one_town_listed": Mutant("one candidate is shown", _one_town_listed),
        "town_ignored": Mutant("the town that is said is not read", _town_ignored),
        "town_dropped": Mutant("the incident does not keep the town", _town_dropped),
        "town_unsaid": Mutant("the crew does not read the town", deciding(RaiseAlerts, _town_unsaid)),
        "told_late_is_late": Mutant(
            "what is told late counts as late", lambda build: replace(build, executor=_EntryTimes)
        ),
        "export_in_minutes": Mutant("times are exported in minutes", _in_minutes),
        "export_of_the_open": Mutant("what is closed is not exported", _live_only),
        "uncorrected": Mutant("a correction changes nothing", deciding(CorrectTime, _uncorrected)),
    },
)
