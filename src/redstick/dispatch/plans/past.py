"""What a response plan would have answered to the calls of a history."""

from __future__ import annotations

from redstick.dispatch.history.model import MISSING_E7, MISSING_MS, STAMPS, History
from redstick.dispatch.plans.places import PlaceZones
from redstick.dispatch.plans.resolving import Answer, PlanIndex, Question, Within

# Columns of a history that name a zone; a plan speaks of them as layers where the city has no such layer itself.
ZONE_COLUMNS = ("area", "station_area", "battalion")


class PastAnswers:
    """A plan for calls of the past: by the zones of a city where it has them, and by those that the record names.

    No flag is declared: the record does not know the weather.
    """

    def __init__(self, index: PlanIndex, zones: PlaceZones | None) -> None:
        self._index, self._zones = index, zones
        self._layers = set(zones.names()) if zones is not None else set()

    def __call__(self, history: History, row: int, alarm: int) -> Answer:
        """What is sent to the call of a row at an alarm level."""
        return self._index.answer(self.question(history, row, alarm))

    def question(self, history: History, row: int, alarm: int) -> Question:
        """A row as a question: the time is the first that is known of it."""
        words = history.categories
        times = (int(history.stamps[name][row]) for name in STAMPS)
        at = min((time for time in times if time != MISSING_MS), default=0)
        x, y = int(history.longitude_e7[row]), int(history.latitude_e7[row])
        zones = self._zones.at(x, y, at) if self._zones is not None and x != MISSING_E7 else ()
        said = tuple(
            Within(layer, text)
            for layer in ZONE_COLUMNS
            if layer not in self._layers and (text := words[layer].text(row))
        )
        return Question(
            words["call_type"].text(row),
            at,
            group=words["call_group"].text(row),
            alarm=alarm,
            address=words["address"].text(row),
            zones=(*zones, *said),
        )
