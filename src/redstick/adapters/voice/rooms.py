"""Who hears whom: rooms of legs, what a leg hears on hold, and the 20 ms clock that all of them share.

Where one speaks, what he said goes to the others as it came, in their law; only two at once are added.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redstick.adapters.voice.digits import Pressed
from redstick.adapters.voice.g711 import Law, mixed
from redstick.adapters.voice.rtp import Stream
from redstick.comms.ports import Role, Sound, Speech, seat_leg

SEAT = seat_leg("")  # how the ids of standing legs begin: a coach is heard by these alone


@dataclass
class Place:
    """Where one leg is. `held` is what it hears on hold; in no room it hears what plays for it."""

    room: str = ""
    role: Role = Role.SPEAKER
    held: bool = False
    echo: bool = False
    playing: Sound | Speech | None = None


class Rooms:
    """`streams` gives every leg that has a voice now; a leg may be put somewhere before it has one."""

    def __init__(
        self, streams: Callable[[], Iterator[tuple[str, Stream]]], pressed: Callable[[str, Pressed], None]
    ) -> None:
        self._streams, self._pressed = streams, pressed
        self._places: dict[str, Place] = {}
        self._rooms: dict[str, dict[str, None]] = {}  # legs of each room, in the order in which they came

    def of(self, leg: str) -> Place:
        """Where a leg is."""
        return self._places.setdefault(leg, Place())

    def join(self, room: str, leg: str, role: Role) -> None:
        """Into a room, out of any other."""
        place = self.of(leg)
        if place.room != room:
            self.leave(leg)
            self._rooms.setdefault(room, {})[leg] = None
        place.room, place.role, place.echo = room, role, False

    def leave(self, leg: str) -> bool:
        """Out of its room; whether it was in one."""
        place = self.of(leg)
        legs = self._rooms.get(place.room)
        if legs is None:
            return False
        del legs[leg]
        if not legs:
            del self._rooms[place.room]
        place.room, place.held = "", False
        return True

    def forget(self, leg: str) -> None:
        """The leg is over."""
        self.leave(leg)
        del self._places[leg]

    def pace(self, now_ms: float) -> None:
        """20 ms have gone: everybody is given what he hears now."""
        streams = dict(self._streams())
        said: dict[str, tuple[bytes, Law]] = {}
        for leg, stream in streams.items():
            payload = stream.pull()
            if payload is not None:
                said[leg] = payload, stream.law
            for key in stream.digits.take(now_ms):
                self._pressed(leg, key)
        for leg, stream in streams.items():
            self._tell(leg, stream, said)

    def _tell(self, leg: str, stream: Stream, said: dict[str, tuple[bytes, Law]]) -> None:
        place = self.of(leg)
        others = [one for one in self._rooms.get(place.room, ()) if one != leg]
        if place.echo:
            parts = [said[leg]] if leg in said else []
        elif place.held or not others:
            stream.say_next()
            return
        else:
            parts = [said[one] for one in others if one in said and self._is_heard(one, leg)]
        if not parts:
            stream.say_nothing()
        elif len(parts) == 1:
            stream.say(*parts[0])
        else:
            stream.say(mixed(parts, stream.law), stream.law)

    def _is_heard(self, speaker: str, by: str) -> bool:
        place = self.of(speaker)
        if place.held:
            return False
        return place.role is Role.SPEAKER or (place.role is Role.COACH and by.startswith(SEAT))
