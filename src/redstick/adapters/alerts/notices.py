"""Notices of the phones by e-mail: the words that they have, under their id; what a message says stands in none."""

from redstick.adapters.alerts.email import EmailPath
from redstick.dispatch.alerting.paths import PathKind, Step
from redstick.dispatch.ports import Outgoing
from redstick.phones.ports import Told
from redstick.phones.state import Notice


class EmailNotices:
    """Fills `phones.ports.NoticePath` by a path of e-mail. Whoever has no address is told on the seat alone."""

    def __init__(self, email: EmailPath) -> None:
        self._email = email

    async def hand_over(self, notice: Notice) -> Told:
        """A letter to each, under an id of its own. Raises Unavailable where one must be asked again."""
        said = []
        for address in (one for one in notice.to if "@" in one):
            letter = Outgoing(f"{notice.id} {address}", "", notice.id, PathKind.EMAIL, address, notice.text)
            said.append(await self._email.hand_over(letter))
        delivered = bool(said) and all(one.step is not Step.FAILED for one in said)
        return Told(delivered, "; ".join(one.evidence for one in said) or "nobody has an address")
