"""The dereference factory (STA-024 section 2.5): an EIDO by reference, for a while, for who was meant to have it.

A reference is minted for an incident and, if wanted, for one holder; it gives the incident's EIDO as it is when it is
asked for. It is no permission: whoever uses it passes authority all the same. Times are milliseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

MOST_REFERENCES = 10_000
USUAL_LIFE_S, MOST_LIFE_S = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Minted:
    """One reference: to which incident, until when, for whom ("" for whoever may see it)."""

    name: str
    urn: str
    until: int
    holder: str = ""


class References:
    """All references that are alive. `new_name` gives names that nobody guesses."""

    def __init__(self, new_name: Callable[[], str]) -> None:
        self._new_name = new_name
        self._alive: dict[str, Minted] = {}

    def mint(self, urn: str, now: int, life_s: int = USUAL_LIFE_S, holder: str = "") -> Minted | None:
        """A new reference; None when there are too many."""
        self._alive = {name: one for name, one in self._alive.items() if one.until > now}
        if len(self._alive) >= MOST_REFERENCES:
            return None
        minted = Minted(self._new_name(), urn, now + 1000 * min(max(life_s, 1), MOST_LIFE_S), holder)
        self._alive[minted.name] = minted
        return minted

    def find(self, name: str, now: int, asker: str) -> Minted | None:
        """The reference of a name; None when there is none, not any more, or it is another's."""
        found = self._alive.get(name)
        if found is None or found.until <= now or found.holder not in {"", asker}:
            return None
        return found
