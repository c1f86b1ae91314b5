"""Answers as they are told over HTTP. `fallback` says why the city was not asked, "" when it was."""

from __future__ import annotations

from typing import Any

import msgspec

from redstick.dispatch.place import Place
from redstick.dispatch.plans.faults import Fault, Finding
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.plans.resolving import Chosen, Way
from redstick.dispatch.recommendation.exchange import Exchange
from redstick.dispatch.recommendation.reasons import Unfilled, Verdict

NOT_AVAILABLE = "not_available"


class PlaceFound(msgspec.Struct, frozen=True):
    """One candidate: what the geocoder says of it, and `place` and `zones` as a command takes them if it is chosen."""

    found: dict[str, Any]
    place: Place
    zones: dict[str, str] = {}


class PlacesFound(msgspec.Struct, frozen=True):
    """What a text names. `kind`: unique, ambiguous, partial, not_found, conflict; not_available without a geocoder.

    `place` is what may be written down without choosing: with a position only where the answer is unique.
    """

    kind: str
    text: str
    reasons: list[str]
    place: Place
    zones: dict[str, str] = {}
    candidates: list[PlaceFound] = []
    city: str = ""
    fallback: str = ""


class PlanSaid(msgspec.Struct, frozen=True):
    """Which rules answered, in which version and why; `zones_as_recorded` when the incident's own zones were taken."""

    title: str
    version: str
    way: Way
    rules: list[Chosen]
    unanswered: list[int] = []
    zones_as_recorded: bool = False


class PlannedResponse(msgspec.Struct, frozen=True):
    """What the plan sends: the fields of `SetNeeds`, and beside them why, and what else the rules say."""

    incident: str
    requirements: list[Requirement]
    plan: str
    rule: str
    said: PlanSaid
    zones: dict[str, str] = {}
    talkgroup: str = ""
    notify: list[str] = []
    cautions: list[str] = []
    city: str = ""
    fallback: str = ""


class Recommendation(msgspec.Struct, frozen=True):
    """Who should go. Chosen and refused together are the roster; `record` is ready for `RecordRecommendation`.

    `straight` times are those of the straight line, longer by a detour; not `calibrated` ones are free-flow guesses.
    `requirements` are what was asked for: what the incident lacks, or what the plan says where no needs are recorded.
    """

    incident: str
    now: int
    roster: int
    chosen: list[Verdict]
    refused: list[Verdict]
    unfilled: list[Unfilled]
    requirements: list[Requirement]
    said: PlanSaid
    roads: str
    calibrated: bool
    straight: bool
    digest: str
    record: str
    city: str = ""
    fallback: str = ""


class Exchanges(msgspec.Struct, frozen=True):
    """Exchanges that would pay, the largest gain first; `roads` names what their times were reckoned by."""

    incident: str
    exchanges: list[Exchange]
    roads: str
    straight: bool = False
    city: str = ""
    fallback: str = ""


class Drive(msgspec.Struct, frozen=True):
    """A quickest drive: its line as points (1e-7 degrees), how long it takes and how far it is, rounded up.

    `travel_time_s` is None where no road leads, and `why` says so (closure, disconnected). `straight`: the line is as
    the crow flies and the time a guess from that. `calibrated`: the time is fitted to real drives.
    """

    unit: str
    incident: str
    line: list[tuple[int, int]]
    travel_time_s: int | None
    distance_m: int | None
    why: str = ""
    roads: str = ""
    calibrated: bool = False
    straight: bool = False
    city: str = ""
    fallback: str = ""


class RoadFound(msgspec.Struct, frozen=True):
    """A segment of the roads: its id and name, its line (1e-7 degrees), how far the asked point lies from it."""

    segment: str
    name: str
    line: list[tuple[int, int]]
    distance_m: int


class RoadsFound(msgspec.Struct, frozen=True):
    """The nearest segment to each asked point, each segment once."""

    found: list[RoadFound]
    city: str = ""


class PlanFindings(msgspec.Struct, frozen=True):
    """What is wrong with the text of a plan: `faults` keep it from being read, else `findings` are the linter's."""

    faults: list[Fault] = []
    findings: list[Finding] = []
