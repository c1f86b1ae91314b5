"""Which phones can be reached, as the registrar of an engine tells it, and who tried a wrong password."""

from collections.abc import Callable, Mapping
from typing import Any

from redstick.comms.signalling import Registered, RegistrationRefused, Unregistered
from redstick.kernel.values import Command
from redstick.phones.rules.places import RefuseRegistration, ReportDevice


class Handsets:
    """A phone is reachable while one contact of it or more is. `ask` asks as the house, in the order of things."""

    def __init__(self, ask: Callable[[Command], None], states: Callable[[], Mapping[str, Any]]) -> None:
        self._ask, self._states = ask, states
        self._contacts: dict[str, set[str]] = {}

    def start(self) -> None:
        """Whoever registered with an engine that is gone is not reached before they register again."""
        for device in self._states()["phones"].reachable:
            if device not in self._contacts:
                self._ask(ReportDevice(device, reachable=False))

    def hear(self, event: Registered | Unregistered | RegistrationRefused) -> None:
        """A renewal says nothing new, and is asked only where the journal does not know the phone for reachable."""
        match event:
            case Registered(user=device, contact=contact):
                self._contacts.setdefault(device, set()).add(contact)
                if device not in self._states()["phones"].reachable:
                    self._ask(ReportDevice(device, reachable=True))
            case Unregistered(user=device, contact=contact):
                held = self._contacts.get(device, set())
                held.discard(contact)
                if not held:
                    self._contacts.pop(device, None)
                    self._ask(ReportDevice(device, reachable=False))
            case RegistrationRefused(user=device, source=source, limited=limited):
                self._ask(RefuseRegistration(device, source, limited))
