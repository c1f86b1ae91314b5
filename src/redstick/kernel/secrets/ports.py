"""What secrets need from the world."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from redstick.kernel.values import Rejection


class DataKey(NamedTuple):
    """What one subject's fields are sealed with in one period of one retention class."""

    retention_class: str
    period: str
    id: str
    subject: str
    secret: bytes


class KeyRing(Protocol):
    """Where data keys are kept, wrapped by the key of their class and period; outside the journal and its backups.

    What was destroyed here does not come back, unless a backup of the ring is restored: whoever restores one destroys
    again what the journal says was destroyed (see `erasure`). Everything raises Unavailable when the world does not
    answer, and Corruption, with the place, for a key that is not what was written.
    """

    def key_for(self, retention_class: str, period: str, subject: str) -> DataKey:
        """The data key of a subject; made, and durable, when there is none yet."""

    def find(self, retention_class: str, period: str, key_id: str) -> DataKey | None:
        """A data key by its id; None when it was destroyed or never made."""

    def periods_of(self, subject: str) -> list[tuple[str, str]]:
        """(class, period) of every data key of a subject, sorted."""

    def destroy(self, retention_class: str, period: str, spared: Sequence[str]) -> list[str]:
        """Destroy the key of a class and period, and with it every data key but those of the `spared` subjects.

        The spared ones are first wrapped by a key of their own. Gives those that there were, sorted. Doing it again
        changes nothing.
        """

    def destroy_subject(self, retention_class: str, period: str, subject: str) -> None:
        """Destroy one subject's data key. Doing it again changes nothing."""


class Permits(Protocol):
    """The authority's word on who may see a sealed field."""

    def __call__(self, audience: str, field: str, purpose: str) -> Rejection | None:
        """Why a field may not be opened for an audience and a purpose; None when it may."""
