"""Every incident as an EIDO for those who are told, made once for each audience at each change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.exchange.changes import changed_incidents
from redstick.dispatch.exchange.eido import eido_of
from redstick.dispatch.exchange.ids import incident_urn
from redstick.dispatch.exchange.profile import Profile
from redstick.dispatch.exchange.seen_by import AUDIENCES, for_audience
from redstick.dispatch.reads.seats import IncidentsView
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.protocols.conveyance.subscriptions import CLOSED_FOR_MS, Known
from redstick.protocols.eido.codec import encode

SLACK = 100  # incidents that have left and are forgotten later, so that forgetting costs little
Told = Callable[[str, Known], None]


class EidoFeed:
    """EIDOs of the incidents of a city, by audience. Give its `note` to whatever tells facts behind the fold.

    `states` gives committed state. Incidents that are closed for longer than a subscriber may ask for are forgotten.
    """

    view = IncidentsView.name  # who may read this view for an audience may be told its EIDOs
    audiences = AUDIENCES

    def __init__(self, states: Callable[[], Mapping[str, Any]], profile: Profile) -> None:
        self._states, self._profile = states, profile
        self._at: dict[str, Instant] = {}
        self._made: dict[str, dict[str, Known]] = {}  # by incident and audience
        self._listeners: dict[Told, None] = {}

    def note(self, facts: Iterable[Fact]) -> None:
        """Facts were committed: listeners are told each incident that they changed, once, for each audience."""
        state = self._dispatch()
        changed: dict[str, Instant] = {}
        for fact in facts:
            changed |= dict.fromkeys(changed_incidents(state, fact), fact.envelope.recorded_at)
        for name, at in changed.items():
            self._at[name] = at
            self._made.pop(name, None)
            for listener in list(self._listeners):
                for audience, known in self._known(name).items():
                    listener(audience, known)
        if len(self._at) > 2 * len(state.incidents) + SLACK:
            self._at = {name: at for name, at in self._at.items() if name in state.incidents}
            self._made = {name: made for name, made in self._made.items() if name in state.incidents}

    def known(self, audience: str, now: Instant) -> list[Known]:
        """Open incidents, and those that were closed a short while ago."""
        state = self._dispatch()
        told = [name for name, one in state.incidents.items() if _recent(one.closed_at, now)]
        return [self._known(name)[audience] for name in told]

    def find(self, audience: str, urn: str) -> Known | None:
        """An incident by its tracking id; None when it is not live."""
        for name in self._dispatch().incidents:
            if incident_urn(name, self._profile.element) == urn:
                return self._known(name)[audience]
        return None

    def listen(self, listener: Told) -> None:
        """Be told changes: the audience, and the incident as it may see it."""
        self._listeners[listener] = None

    def forget(self, listener: Told) -> None:
        """Be told no more."""
        self._listeners.pop(listener, None)

    def _known(self, name: str) -> dict[str, Known]:
        """An incident as each audience may see it, made when it is first wanted after a change."""
        found = self._made.get(name)
        if found is None:
            incident = self._dispatch().incidents[name]
            eido = eido_of(self._dispatch(), name, self._at.get(name, incident.opened_at), self._profile)
            seen = {audience: for_audience(eido, audience) for audience in self.audiences}
            raw = {audience: msgspec.Raw(encode(one)) for audience, one in seen.items()}
            found = {audience: Known(eido.id, one, incident.closed_at) for audience, one in raw.items()}
            self._made[name] = found
        return found

    def _dispatch(self) -> Dispatch:
        state: Dispatch = self._states()["dispatch"]
        return state


def _recent(closed_at: Instant | None, now: Instant) -> bool:
    return closed_at is None or now - closed_at <= CLOSED_FOR_MS
