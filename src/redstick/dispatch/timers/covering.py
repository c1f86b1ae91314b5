"""A seat that does not come back is signed off; an unwatched group that nobody acknowledges goes to the supervisors."""

from collections.abc import Iterable

from redstick.dispatch.rules.coverage import CoverageLost, CoverageRestored, EscalateCoverage
from redstick.dispatch.rules.seats import DropSeat, SeatFound, SeatLost, SeatSignedOn
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant
from redstick.published.dispatch import SeatRelieved, SeatSignedOff

GRACE_MS = 60_000  # a console that restarts is back by then
ESCALATE_MS = 60_000  # an unwatched group is worse than a late unit


def when_seat_lost_then_drop(happened: SeatLost, now: Instant) -> Iterable[Start | Stop]:
    """Once its grace is over."""
    return [Start(_of_seat(happened.seat), now + GRACE_MS, DropSeat(happened.seat))]


def when_seat_is_there_then_keep(
    happened: SeatFound | SeatSignedOn | SeatSignedOff | SeatRelieved, now: Instant
) -> Iterable[Start | Stop]:
    """It is back, or someone has said what became of it."""
    del now
    return [Stop(_of_seat(happened.seat))]


def when_coverage_lost_then_escalate(happened: CoverageLost, now: Instant) -> Iterable[Start | Stop]:
    """Unless someone says by name that it is known."""
    return [Start(_of_group(happened.group), now + ESCALATE_MS, EscalateCoverage(happened.group))]


def when_coverage_restored_then_rest(happened: CoverageRestored, now: Instant) -> Iterable[Start | Stop]:
    """Somebody watches."""
    del now
    return [Stop(_of_group(happened.group))]


def _of_seat(seat: str) -> str:
    return f"dispatch/seat/{seat}"


def _of_group(group: str) -> str:
    return f"dispatch/coverage/{group}"


TIMERS: TimerRules = {
    SeatLost: when_seat_lost_then_drop,
    SeatFound: when_seat_is_there_then_keep,
    SeatSignedOn: when_seat_is_there_then_keep,
    SeatSignedOff: when_seat_is_there_then_keep,
    SeatRelieved: when_seat_is_there_then_keep,
    CoverageLost: when_coverage_lost_then_escalate,
    CoverageRestored: when_coverage_restored_then_rest,
}
