"""What the bar answers with, and what it is asked with. Plain values; the seat is shown them as they are."""

from __future__ import annotations

import msgspec

from redstick.dispatch.bar.history import History
from redstick.dispatch.computing.answers import PlacesFound, PlannedResponse, Recommendation
from redstick.dispatch.rules.incidents import Incident
from redstick.kernel.values import Command, Instant, Rejection

NEW = "(new)"  # stands in a reading for an id that the act will give


class Part(msgspec.Struct, frozen=True):
    """One part of the line: `part` says what it is (incident, unit, status, place), `meaning` what is meant."""

    part: str
    text: str
    meaning: str


class Choice(msgspec.Struct, frozen=True):
    """One of several readings: `line` is what to type so that only it is meant."""

    line: str
    meaning: str


class Candidate(msgspec.Struct, frozen=True):
    """Something that may be meant, or was found. `line` is the whole line if it is taken, "" where there is none.

    `meaning` can be read by itself; `text` is the short name of it.

    `key` is the row that it is (`incident/…`, `unit/…`, `call/…`), "" for none.
    """

    part: str
    text: str
    meaning: str
    line: str = ""
    key: str = ""


class Fault(msgspec.Struct, frozen=True):
    """Why Enter does nothing: a stable code, in words, and the part of the line that it is about."""

    code: str
    words: str
    text: str = ""


class Asked(msgspec.Struct, frozen=True):
    """Who types, where and when. `selected` is a row's key, or the id of an incident, unit or call.

    `act` is the id of the act, "" while it is only read; `position` where the journal stands.
    """

    person: str
    seat: str
    now: Instant
    selected: str = ""
    act: str = ""
    position: int = 0


class PlaceWanted(msgspec.Struct, frozen=True):
    """Asks where a text lies."""

    text: str


class GoingWanted(msgspec.Struct, frozen=True):
    """Asks who should go to an incident."""

    incident: str


class NeedsWanted(msgspec.Struct, frozen=True):
    """Asks what the plan sends to this incident, which need not be open yet."""

    incident: Incident

    @property
    def key(self) -> str:
        """What the answer depends on."""
        one = self.incident
        return f"{one.id}|{one.kind}|{one.group}|{one.priority}|{one.place.text}|{one.place.x},{one.place.y}"


class HistoryWanted(msgspec.Struct, frozen=True):
    """Asks what a seat has done at the bar."""

    seat: str


Want = PlaceWanted | GoingWanted | NeedsWanted | HistoryWanted


class Answers(msgspec.Struct):
    """What the city said, by what was asked; what is not there was not asked yet, or nobody could answer."""

    places: dict[str, PlacesFound] = {}
    going: dict[str, Recommendation | Rejection] = {}
    needs: dict[str, PlannedResponse | Rejection] = {}
    history: History | None = None


class Reading(msgspec.Struct, frozen=True):
    """One line as it was understood. `commands` are what Enter asks, in order; none while there are `problems`.

    `form` names the form that was read. `plan` is the digest of what Enter will do and of what that rests on, "" where
    it does nothing. `wants` are questions that would make the reading better.
    """

    form: str
    understood: list[Part]
    readings: list[Choice]
    effect: list[str]
    problems: list[Fault]
    candidates: list[Candidate]
    commands: list[Command]
    plan: str = ""
    wants: list[Want] = []
