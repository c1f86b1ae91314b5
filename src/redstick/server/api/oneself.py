"""Who watches from a seat, or speaks for an extension, is who asks: the person of the session, wherever they sit."""

from redstick.dispatch.rules.seats import RelieveSeat, SignOn
from redstick.kernel.values import Command, Rejection
from redstick.phones.rules.boxes import AskMyPin, SetMyPin
from redstick.phones.rules.messages import DropVoicemail, HearVoicemail, SendText, SetGreeting
from redstick.phones.rules.notices import AcknowledgeNotice
from redstick.phones.rules.settings import SetMyForwarding, SetMyPresence
from redstick.phones.rules.softphones import PlaceMySoftphone

OfBoxes = HearVoicemail | DropVoicemail | SetGreeting | SetMyPin | AskMyPin
OfPhones = SetMyPresence | SetMyForwarding | PlaceMySoftphone | OfBoxes | SendText | AcknowledgeNotice
Named = SignOn | RelieveSeat | OfPhones


def named(command: Command, person: str) -> Rejection | None:
    """Why a person may not ask this; None for what names nobody, or them. Rejections: `not_yourself`."""
    if isinstance(command, Named) and command.person != person:
        return Rejection("not_yourself", {"said": command.person[:80], "signed_in": person})
    return None
