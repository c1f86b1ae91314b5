"""A recommendation is made, kept, and overridden."""

from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.recommendation.question import Candidate, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules import incidents, recommendations, units
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Command

MOORINGS = {"north": (-912_000_000, 304_100_000), "south": (-912_000_000, 304_000_000)}
QUAY = Place("1 Quay", -912_000_000, 304_020_000)
SHARED = ("rec-fireboat", "rec-tender")


def recommendation_story(now: int) -> list[tuple[Command, int | None]]:
    """(command, how late it is written down), each half a minute after the one before; it begins at `now`."""
    fleet = [
        units.EnrollUnit("FB1", "fireboat", "harbor", "south", ["monitor"], 4),
        units.EnrollUnit("FB2", "fireboat", "harbor", "north", ["monitor"], 4),
    ]
    ready = [units.ReportStatus(name, "AQ") for name in ("FB1", "FB2")]
    told = [
        incidents.OpenIncident("q1", "H-9", "Boat fire", "harbor", 1, QUAY),
        recommendations.RecordRecommendation("q1", SHARED[0], _record(now, "q1")),
        recommendations.RecordRecommendation("q1", SHARED[1], _record(now, "elsewhere")),  # refused
        recommendations.RecordOverride("q1", SHARED[0], ["FB2"], "FB1 is aground"),
    ]
    return [(command, None) for command in [*fleet, *ready, *told]]


def _record(now: int, incident: str) -> str:
    """The nearest fireboat, without roads."""
    roster = tuple(
        Candidate(name, "fireboat", ("monitor",), "harbor", mooring, staffing=4, status=Status.AQ)
        for name, mooring in (("FB1", "south"), ("FB2", "north"))
    )
    need = Requirement("boat", ("fireboat",), substitutes=(Substitute(("tender",), penalty_s=120),))
    question = Question((QUAY.x, QUAY.y), now, (need,), roster, MOORINGS, incident=incident, kind="Boat fire")
    return written(question, recommend(question, None))
