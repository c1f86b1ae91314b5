"""What the interface needs of the house: somewhere to ask, committed state, views, who is signed in."""

from collections.abc import Awaitable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from redstick.kernel.authority.authority import Reading
from redstick.kernel.executor import Lane
from redstick.kernel.house import House
from redstick.kernel.values import Command, Instant, Outcome, Rejection, Request
from redstick.server.accounts.signing_in import SignedIn
from redstick.server.board import Board
from redstick.server.city_desk import CityDesk
from redstick.server.lookback import Lookback
from redstick.server.map.desk import MapDesk
from redstick.server.past import Past
from redstick.server.savings import SavingsDesk
from redstick.server.tracks import Tracks


class Drawn(Protocol):
    """What seats look at: a board for each audience."""

    @property
    def boards(self) -> Mapping[str, Board]:
        """By the name of the audience."""


class Operations(Protocol):
    """A live city, as the server knows it."""

    @property
    def house(self) -> House:
        """What may be asked."""

    @property
    def views(self) -> Mapping[str, "Drawn"]:
        """What may be seen, by name."""

    @property
    def desk(self) -> CityDesk | None:
        """What computes beside the server; None where nothing does."""

    @property
    def lookback(self) -> Lookback | None:
        """Whoever looks back; None where nobody does."""

    @property
    def savings(self) -> SavingsDesk | None:
        """Whoever reads bills and draws what is saved; None where nobody does."""

    @property
    def map(self) -> MapDesk | None:
        """Whoever cuts the map; None where there is no city."""

    def complete(self, person: str, command: Command, purpose: str | None) -> Awaitable[Command | Rejection]:
        """The command with what is computed outside before it is decided."""

    @property
    def past(self) -> Past:
        """What the journal says of the past."""

    def position(self) -> int:
        """Up to which position of the journal everything is durable."""

    @property
    def tracks(self) -> Tracks:
        """Where vehicles are, in memory."""

    def ask(self, request: Request, lane: Lane) -> Awaitable[Outcome]:
        """The outcome of a request, once it is durable."""

    def settled(self, patience_s: float) -> Awaitable[None]:
        """Return once everything that was asked is decided and durable, or after that long."""

    def now(self) -> Instant:
        """Time as the journal knows it: never falls."""

    def states(self) -> Mapping[str, Any]:
        """Committed state, by domain."""

    def person_of(self, token: str) -> str | None:
        """Who holds a session's token; None when nobody does, or not any more."""

    @property
    def idle_ms(self) -> int:
        """How long a session lasts unused."""

    def sign_in(
        self, name: str, password: str, address: str, instead_of: str | None
    ) -> Awaitable[SignedIn | Rejection]:
        """Begin a session."""

    def names(self) -> Awaitable[dict[str, str]]:
        """The name that each person signs in with; raises Unavailable."""

    def sign_out(self, token: str) -> Awaitable[None]:
        """End a session."""

    def admit(self, person: str, view: str, audience: str | None, purpose: str | None) -> Awaitable[Reading]:
        """Whether a person may be shown a view; recorded where law asks."""

    def draw(self, boards: Iterable[tuple[str, str]]) -> Awaitable[None]:
        """Draw what these boards owe, by view and audience, so that whoever asks sees at least what they were told.

        Returns in the very turn in which all of it is drawn: they then hold for one position of the journal.
        """

    def stream(self, person: str, seat: str) -> AbstractContextManager[None]:
        """A stream of a person is open, at this seat; at every seat of theirs where it names none."""

    def stale(self, reading: Reading) -> bool:
        """Whether people or policy have changed since that answer."""
