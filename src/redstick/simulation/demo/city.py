"""The demo as its server knows it: a clock to set, seats to take, and what a caller says to whoever answered."""

from redstick.kernel.values import Rejection
from redstick.server.accounts.signing_in import SignedIn
from redstick.server.demo import Caller, DemoTold, Pace, PaceChange, ScenarioOffered, SeatOffered
from redstick.server.operations import LiveOperations
from redstick.server.processes import give_back
from redstick.simulation.city.arrivals.contacts import Speech
from redstick.simulation.city.life import Life
from redstick.simulation.city.scenarios import SCENARIOS, Scenario
from redstick.simulation.demo.living import LivingCity
from redstick.simulation.demo.people import ROBOT
from redstick.simulation.demo.seats import OFFERS, Offer
from redstick.simulation.demo.sitting import Sitting

SILENCE = "Nobody speaks. There may be breathing, a television, a road."
TESTING = "This is a test of the line."


class DemoCity:
    """A city that lives and can be visited: fills the server's `Demo`. `start`, then `run` until cancelled, `close`."""

    def __init__(
        self, name: str, time_zone: str, seed: int, scenario: Scenario, operations: LiveOperations, living: LivingCity,
        sitting: Sitting, life: Life,
    ) -> None:  # fmt: skip
        self.operations = operations
        self._name, self._time_zone, self._seed, self._scenario = name, time_zone, seed, scenario
        self.living, self.sitting, self._life = living, sitting, life

    async def start(self) -> None:
        """Come up; raises what the journal raises."""
        self.sitting.attend()
        await self.operations.start()
        give_back()

    async def run(self) -> None:
        """Live until cancelled."""
        await self.living.run()

    async def close(self) -> None:
        """Go down in order."""
        await self.sitting.close()
        await self.operations.close()

    # What the interface needs

    def told(self) -> DemoTold:
        """Seats, scenarios, the clock."""
        scenarios = [
            ScenarioOffered(one.name, one.title, one.sentence, running=one is self._scenario)
            for one in SCENARIOS.values()
        ]
        seats = [self._offered(offer) for offer in OFFERS]
        return DemoTold(
            self._name, self._seed, self._scenario.name, scenarios, seats, self.living.pace(), self._time_zone
        )

    def caller(self, call: str) -> Caller | None:
        """What whoever calls says: once the call is answered, and as they say it, right or wrong."""
        known = self._life.state.calls.get(call)
        contact = self._life.telephone.contact_of(call)
        if known is None or contact is None or known.answered_at is None:
            return None
        if contact.speech is not Speech.TELLS:
            return Caller(call, SILENCE if contact.speech is Speech.SILENT else TESTING, "", "")
        return Caller(call, contact.said, contact.told.text, contact.nature.kind if contact.nature else "")

    async def change(self, wanted: PaceChange) -> Pace | Rejection:
        """Set the clock."""
        return self.living.change(wanted)

    async def take_seat(self, seat: str, token: str, address: str) -> SignedIn | Rejection:
        """Let a visitor sit down."""
        return await self.sitting.take(seat, token, address)

    async def leave_seat(self, seat: str, token: str) -> Rejection | None:
        """Let a robot go on."""
        return await self.sitting.leave(seat, token)

    def _offered(self, offer: Offer) -> SeatOffered:
        holder = self.sitting.holder(offer.seat)
        return SeatOffered(
            offer.seat, offer.path, offer.title, offer.sentence, offer.first_act, offer.role,
            holder, holder.startswith(ROBOT),
        )  # fmt: skip
