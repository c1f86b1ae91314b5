"""What may betray a wrong address, and what a person found when looking at it (dispatch reference, section 9)."""

from enum import StrEnum

import msgspec

from redstick.kernel.values import Instant


class Signal(StrEnum):
    """Why an incident is suspected."""

    ON_SCENE_ELSEWHERE = "on_scene_elsewhere"  # a unit was on scene beyond the uncertainty of the dispatched point
    MOVED_AFTER_DISPATCH = "moved_after_dispatch"  # the address was edited once units were on their way
    SENT_ELSEWHERE = "sent_elsewhere"  # a second unit or agency was sent to another place for the same thing
    NO_ARRIVAL = "no_arrival"  # long travel, no arrival, then another unit was sent
    SAME_NUMBER = "same_number"  # the same number opened a second incident
    COSTLY_OVERRIDE = "costly_override"  # the recommendation was overridden with large regret
    READ_BACK_DIFFERS = "read_back_differs"  # the caller's address was not the one written down


class Verdict(StrEnum):
    """What a reviewer found."""

    CONFIRMED = "confirmed"  # the address was wrong
    DISMISSED = "dismissed"  # it was right, or what looked wrong had another reason
    UNDECIDED = "undecided"  # it cannot be known any more


class Review(msgspec.Struct, frozen=True):
    """One suspicion, looked at by a named person."""

    verdict: Verdict
    by: str
    at: Instant
    note: str = ""
