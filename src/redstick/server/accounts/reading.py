"""Before anything is shown: whether this person may see this view, and its record where law asks one."""

from collections.abc import Callable

from redstick.kernel.authority.authority import Authority, Reading
from redstick.kernel.authority.records import ReadRefused, RecordReadAllowed, RecordReadRefused
from redstick.kernel.authority.repeats import Repeats
from redstick.kernel.authority.state import Access
from redstick.kernel.values import Instant, Rejection
from redstick.server.accounts.signing_in import Journal

NOT_RECORDED = Rejection("not_recorded")


class ReadGate:
    """What every read passes. `access` gives the committed state; `journal` asks in the name of the house."""

    def __init__(self, access: Callable[[], Access], journal: Journal) -> None:
        self._access, self._journal = access, journal
        self._authority = Authority()
        self._repeats: Repeats[ReadRefused] = Repeats()

    async def admit(
        self, person: str, view: str, audience: str | None, now: Instant, purpose: str | None = None
    ) -> Reading:
        """Whether `view` may be shown to `person` as drawn for `audience`; without one, for the widest there is.

        A read for a purpose, or in an emergency, is durable in the journal when this returns. Who keeps showing (a seat
        on a stream) asks again whenever `stale` says so. Rejections: those of `Authority`, and `not_recorded`.
        """
        while True:
            access = self._access()
            wanted = audience or self._authority.widest_audience(access, person, view, purpose) or _narrowest(access)
            reading = self._authority.may_read(access, person, view, wanted, purpose)
            if isinstance(reading.record, ReadRefused):
                await self._write(self._repeats.note(reading.record, now))
                return reading
            if reading.record is None:
                return reading
            outcome = await self._journal(RecordReadAllowed(reading.record))
            if not outcome.accepted:
                return Reading(NOT_RECORDED, wanted, reading.revision, None)
            if not self.stale(reading):
                return reading

    def stale(self, reading: Reading) -> bool:
        """Whether people or policy have changed since the answer: whoever shows something then asks again."""
        return reading.revision != self._access().revision

    async def tidy(self, now: Instant) -> None:
        """Journal the refusals that were counted; every minute or so."""
        await self._write(self._repeats.due(now))

    async def _write(self, refusals: list[ReadRefused]) -> None:
        for refused in refusals:
            await self._journal(RecordReadRefused(refused))


def _narrowest(access: Access) -> str:
    """The audience that a refusal is told and recorded for, when the person may see the view as drawn for none."""
    return access.policy.audiences[-1] if access.policy is not None and access.policy.audiences else ""
