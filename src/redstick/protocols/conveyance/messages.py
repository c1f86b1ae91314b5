"""The messages on the WebSocket: each an object with one name, which says what it is."""

from typing import Literal

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.json_shape import fitted
from redstick.protocols.json_tree import read_json

SUBPROTOCOL = "emergency-ent1.0"
MOST_REQUEST_BYTES = 65_536  # a subscription of so many bytes must be taken (STA-024 section 2.1.1)

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND = 200, 400, 403, 404
TOO_MANY = 429


class Message(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    """What all of them have in common: how they are written."""


class Subscribe(Message, frozen=True, kw_only=True):
    """Ask to be told: of every incident (`new`) or of one (`single`). With `subscription_id` it prolongs that one.

    `expires` and `min_rate` are seconds: for how long, and after how much silence an empty message is sent. `max_rate`
    is the shortest time between two messages, in seconds. `qual_filter` narrows what is told (see `filters`).
    """

    request_id: str
    request_type: Literal["eido"] = "eido"
    request_sub_type: Literal["new", "single"] = "new"
    incident_id: str | None = None
    subscription_id: str | None = None
    expires: int | None = None
    min_rate: int | None = None
    max_rate: int | None = None
    qual_filter: str | None = None


class SubscribeResponse(Message, frozen=True, kw_only=True):
    """Whether we will; with which bounds."""

    request_id: str
    status_code: int
    status_text: str
    subscription_id: str | None = None
    expires: int | None = None
    min_rate: int | None = None
    max_rate: int | None = None


class Event(Message, frozen=True, kw_only=True):
    """A notification: EIDOs, or none to say that there are none or that the link lives."""

    subscription_id: str
    transaction_id: str
    notification: tuple[msgspec.Raw, ...] = ()


class EventResponse(Message, frozen=True, kw_only=True):
    """The subscriber has it."""

    transaction_id: str
    status_code: int = OK
    status_text: str = ""


class Unsubscribe(Message, frozen=True, kw_only=True):
    """Ask to be told no more."""

    request_id: str
    subscription_id: str


class UnsubscribeResponse(Message, frozen=True, kw_only=True):
    """Done, or there was none."""

    request_id: str
    subscription_id: str
    status_code: int
    status_text: str


class Terminate(Message, frozen=True, kw_only=True):
    """We end a subscription, and say why."""

    request_id: str
    subscription_id: str
    reason: str | None = None


class TerminateResponse(Message, frozen=True, kw_only=True):
    """The subscriber knows."""

    request_id: str
    subscription_id: str
    status_code: int = OK
    status_text: str = ""


KINDS: dict[str, type[Message]] = {
    "subscribe": Subscribe,
    "subscribeResponse": SubscribeResponse,
    "event": Event,
    "eventResponse": EventResponse,
    "unsubscribe": Unsubscribe,
    "unsubscribeResponse": UnsubscribeResponse,
    "terminate": Terminate,
    "terminateResponse": TerminateResponse,
}
NAMES = {kind: name for name, kind in KINDS.items()}
FROM_SUBSCRIBERS = {"subscribe", "eventResponse", "unsubscribe", "terminateResponse"}
_encoder = msgspec.json.Encoder()


def write_message(message: Message) -> bytes:
    """The bytes of a message."""
    return _encoder.encode({NAMES[type(message)]: message})


def read_request(data: bytes) -> Message:
    """What a subscriber says. Raises Malformed, naming the place."""
    value = read_json(data, MOST_REQUEST_BYTES)
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in FROM_SUBSCRIBERS:
        raise Malformed(Fault("$", f"an object with one of {', '.join(sorted(FROM_SUBSCRIBERS))}"))
    [(name, inner)] = value.items()
    try:
        return fitted(inner, KINDS[name])
    except Malformed as malformed:
        faults = (Fault(fault.place.replace("$", f"$.{name}", 1), fault.expected) for fault in malformed.faults)
        raise Malformed(*faults) from malformed
