"""The lamps of the phones: whether messages wait, told to each phone of a box as it changes (RFC 3842)."""

from collections.abc import Callable

from redstick.comms.ports import MediaPort
from redstick.kernel.fold import Fact
from redstick.phones.lookups import devices_of
from redstick.phones.rules.messages import VoicemailDropped, VoicemailHeard, VoicemailLeft
from redstick.phones.state import Phones

MESSAGES = "message-summary"


class Lamps:
    """`phones` is the committed state, `realm` the domain of the phones' addresses."""

    def __init__(self, engine: MediaPort, phones: Callable[[], Phones], realm: str) -> None:
        self._engine, self._phones, self._realm = engine, phones, realm

    def note(self, fact: Fact) -> None:
        """What was committed."""
        if isinstance(fact.event, VoicemailLeft | VoicemailHeard | VoicemailDropped):
            for device in devices_of(self._phones(), fact.event.number):
                self.tell(device.id)

    def tell(self, device: str) -> None:
        """A phone, which may have just registered or asked."""
        state = self._phones()
        known = state.devices.get(device)
        if known is not None:
            self._engine.inform(MESSAGES, device, summary(state, known.number, device, self._realm))


def summary(state: Phones, number: str, device: str, realm: str) -> bytes:
    """How many messages of a box nobody has heard, and how many somebody has."""
    messages = [one for one in state.voicemails.values() if one.number == number]
    heard = sum(one.heard_at is not None for one in messages)
    new = len(messages) - heard
    lines = (
        f"Messages-Waiting: {'yes' if new else 'no'}",
        f"Message-Account: sip:{device}@{realm}",
        f"Voice-Message: {new}/{heard} (0/0)",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
