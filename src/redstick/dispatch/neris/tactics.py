"""The marks of the command board as NERIS tactic timestamps. Names are those of the official client's models."""

from redstick.dispatch.rules.command_board import Benchmark, reached
from redstick.dispatch.rules.incidents import Incident
from redstick.kernel.values import Instant

B = Benchmark
FIELDS = {
    B.COMMAND_ESTABLISHED: "command_established",
    B.SIZE_UP_COMPLETED: "completed_sizeup",
    B.WATER_ON_FIRE: "water_on_fire",
    B.PRIMARY_SEARCH_BEGUN: "primary_search_begin",
    B.PRIMARY_SEARCH_COMPLETED: "primary_search_complete",
    B.FIRE_KNOCKED_DOWN: "fire_knocked_down",
    B.FIRE_UNDER_CONTROL: "fire_under_control",
    B.SUPPRESSION_COMPLETED: "suppression_complete",
    B.EXTRICATION_COMPLETED: "extrication_complete",
}


def tactic_times(incident: Incident) -> dict[str, Instant]:
    """Field by field, when a tactic's benchmark was reached (ms since the epoch); what was not reached is left out."""
    found = {field: reached(incident, benchmark) for benchmark, field in FIELDS.items()}
    return {field: at for field, at in found.items() if at is not None}
