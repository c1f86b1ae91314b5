"""One alert to one recipient, chased path by path until there is proof, or until a person has voiced it."""

from enum import StrEnum

import msgspec

from redstick.dispatch.alerting.paths import Attempt, Path, Step
from redstick.kernel.values import Instant


class Purpose(StrEnum):
    """What an alert says."""

    DISPATCH = "dispatch"
    CANCEL = "cancel"
    FACTS = "facts"  # to who was told to come: what has become known since

    @property
    def contradicts(self) -> tuple["Purpose", ...]:
        """What is chased no more when this is raised: newer facts say all that older ones did."""
        return {
            Purpose.DISPATCH: (Purpose.CANCEL,),
            Purpose.CANCEL: (Purpose.DISPATCH, Purpose.FACTS),
            Purpose.FACTS: (Purpose.FACTS,),
        }[self]


class Standing(StrEnum):
    """Where the chase stands. The last four end it."""

    TRYING = "trying"  # a path is waited for
    TO_VOICE = "to_voice"  # every path was silent: a person must take it by name
    ALERTED = "alerted"
    VOICED = "voiced"
    WITHHELD = "withheld"  # off duty
    ENDED = "ended"  # it has no object any more: the assignment is over


CHASED = (Standing.TRYING, Standing.TO_VOICE)


class Alert(msgspec.Struct):
    """What a recipient is to be told, and how far that has come. `sequence` is the assignment's own."""

    id: str
    unit: str
    recipient: str
    purpose: Purpose
    sequence: int
    text: str
    raised_at: Instant
    paths: list[Path] = msgspec.field(default_factory=list)
    attempts: list[Attempt] = msgspec.field(default_factory=list)
    standing: Standing = Standing.TRYING
    taken_by: str = ""
    reminders: int = 0
    settled_at: Instant | None = None
    evidence: str = ""

    @property
    def chased(self) -> bool:
        """True until there is proof, or nobody to tell."""
        return self.standing in CHASED

    @property
    def declined(self) -> bool:
        """True when the recipient has it and says no."""
        return any(attempt.step is Step.DECLINED for attempt in self.attempts)

    def attempt(self, key: str) -> Attempt | None:
        """The attempt of a key."""
        return next((one for one in self.attempts if one.key == key), None)
