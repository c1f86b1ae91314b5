"""What others may read of dispatch: which seat has a call, whether its caller waits, and that a seat is gone."""

from redstick.kernel.values import Event, event


@event("dispatch.call_answered", subjects=("call",))
class CallAnswered(Event, frozen=True):
    """A seat took the call."""

    call: str
    seat: str


@event("dispatch.call_held", subjects=("call",))
class CallHeld(Event, frozen=True):
    """The caller waits on the line."""

    call: str


@event("dispatch.call_resumed", subjects=("call",))
class CallResumed(Event, frozen=True):
    """A seat speaks with the caller again, or for the first time after a transfer."""

    call: str
    seat: str


@event("dispatch.call_left", subjects=("call",))
class CallLeft(Event, frozen=True):
    """The seat that has the call is gone while it is spoken: any seat may take it."""

    call: str
    seat: str


@event("dispatch.seat_signed_off", subjects=("seat",))
class SeatSignedOff(Event, frozen=True):
    """Nobody watches from it any more: they `left`, or `vanished`."""

    seat: str
    person: str
    how: str = "left"
    despite: str = ""


@event("dispatch.seat_relieved", subjects=("seat", "relief"))
class SeatRelieved(Event, frozen=True):
    """`person` at the seat `relief` took over what `seat` watched; they were briefed of all behind `position`."""

    seat: str
    relief: str
    person: str
    groups: list[str]
    position: int
