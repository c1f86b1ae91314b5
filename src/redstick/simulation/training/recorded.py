"""The calls of a shift that was recorded, to be lived through again: the same numbers, places and words, as they came.

What a caller will say is what came of their call then: the kind and the place of its incident, and its first note.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from redstick.bootstrap import LIVE
from redstick.dispatch.rules.calls import CallAttached, CallReceived
from redstick.dispatch.rules.incidents import IncidentMoved, IncidentOpened, IncidentRetyped, NoteAdded
from redstick.kernel.executor import Executor
from redstick.simulation.city.arrivals.contacts import Contact, Happening, Speech
from redstick.simulation.natures import BY_KIND, UNKNOWN

PATIENCE_MS = 75_000


@dataclass(frozen=True)
class RecordedCalls:
    """Contacts in the order of their moments. They come as a scenario's would, and no hour brings more."""

    contacts: Sequence[Contact]

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> Self:
        """The calls of a journal; raises Corruption where its lines are not those of one journal."""
        received: dict[str, tuple[int, CallReceived]] = {}
        spoke_of: dict[str, str] = {}
        opened: dict[str, IncidentOpened] = {}
        places: dict[str, IncidentMoved] = {}
        kinds: dict[str, str] = {}
        notes: dict[str, str] = {}
        for fact in Executor(LIVE).follow(lines):
            match fact.event:
                case CallReceived(call=call):
                    received[call] = (fact.envelope.recorded_at, fact.event)
                case CallAttached(call=call, incident=incident):
                    spoke_of.setdefault(call, incident)
                case IncidentOpened(incident=incident, kind=kind):
                    opened[incident], kinds[incident] = fact.event, kind
                case IncidentRetyped(incident=incident, kind=kind):
                    kinds[incident] = kind
                case IncidentMoved(incident=incident):
                    places[incident] = fact.event
                case NoteAdded(incident=incident, text=text):
                    notes.setdefault(incident, text)
                case _:
                    pass
        contacts = []
        for call, (at, event) in received.items():
            incident = spoke_of.get(call, "")
            if incident not in opened:
                contacts.append(Contact(at, event.callback, Speech.SILENT, event.place, PATIENCE_MS))
                continue
            told = opened[incident].place
            really = places[incident].place if incident in places else told
            nature = BY_KIND.get(kinds[incident], UNKNOWN)
            happening = Happening(incident, at, nature, really)
            said = notes.get(incident, "")
            contacts.append(
                Contact(at, event.callback, Speech.TELLS, event.place, PATIENCE_MS, happening, nature, told, said)
            )
        return cls(sorted(contacts, key=lambda one: (one.at, one.callback)))

    def bursts(self) -> list[Contact]:
        """All of them."""
        return list(self.contacts)

    def hour(self, which: int) -> list[Contact]:
        """None beside those."""
        del which
        return []
