"""Phones that watch an extension by a subscription: they are told what is so of it, at once and as it changes."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from redstick.comms.ports import MediaPort
from redstick.kernel.fold import Fact
from redstick.kernel.values import Event


class Package(NamedTuple):
    """What can be watched: after which facts it may be another, what it is, and how it is written (RFC 6665)."""

    name: str
    changes: tuple[type[Event], ...]
    state_of: Callable[[Mapping[str, Any], str], str]
    document: Callable[[str, str, int, str], bytes]  # of a number, what is said of it, a count, the realm


class Watching:
    """Tells an engine of the extensions that somebody watches, as they change. `realm` is that of the phones."""

    def __init__(
        self, engine: MediaPort, states: Callable[[], Mapping[str, Any]], realm: str, package: Package
    ) -> None:
        self._engine, self._states, self._realm, self._package = engine, states, realm, package
        self._told: dict[str, str] = {}  # by number, what was told last
        self._version = 0

    def watch(self, number: str) -> None:
        """Somebody wants to know of a number, from now on."""
        said = self._package.state_of(self._states(), number)
        if self._tell(number, said):
            self._told[number] = said

    def note(self, facts: list[Fact]) -> None:
        """What was committed: numbers that are watched no more are told to nobody, and forgotten."""
        if not self._told or not any(isinstance(fact.event, self._package.changes) for fact in facts):
            return
        for number, before in list(self._told.items()):
            now = self._package.state_of(self._states(), number)
            if now != before:
                self._told[number] = now
                if not self._tell(number, now):
                    del self._told[number]

    def _tell(self, number: str, said: str) -> bool:
        self._version += 1
        document = self._package.document(number, said, self._version, self._realm)
        return self._engine.inform(self._package.name, number, document)
