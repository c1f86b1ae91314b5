"""An unverified address is dispatched all the same, and asks by itself to be looked into."""

from collections.abc import Iterable

from redstick.dispatch.rules.follow_ups import RaiseFollowUp
from redstick.dispatch.rules.incidents import IncidentMoved, IncidentOpened
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command


def when_place_unverified_then_follow_up(
    state: Dispatch, happened: IncidentOpened | IncidentMoved, envelope: Envelope
) -> Iterable[Command]:
    """Nothing is asked for a place that the geofile knows, or that has no words to look up."""
    del state, envelope
    unverified = bool(happened.place.text.strip()) and not happened.place.in_geofile
    return [RaiseFollowUp(happened.incident)] if unverified else []


REACTIONS = [
    Reaction("follow_up_opened", IncidentOpened, when_place_unverified_then_follow_up),
    Reaction("follow_up_moved", IncidentMoved, when_place_unverified_then_follow_up),
]
