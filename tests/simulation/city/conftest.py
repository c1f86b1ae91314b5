"""Cities that live on the small parish, and what happened in them."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from redstick.dispatch.rules.calls import CallReceived
from redstick.simulation import city
from redstick.simulation.desk import JournaledDesk

FRIDAY = round(datetime(2026, 11, 20, 16, 0, tzinfo=ZoneInfo("America/Chicago")).timestamp() * 1000)
MINUTE, HOUR = 60_000, 3_600_000
SMALL = city.Ways(staffing=city.Staffing(call_takers=3), habits=city.Habits(calls_a_day=300))


class Recording(JournaledDesk):
    """A desk that remembers who asked what when, what was refused, and every event."""

    def ask(self, now, actor, commands, told=lambda _: None):
        """Ask, and write it down."""
        self.asked += [(now, actor, command) for command in commands]

        def remember(outcomes):
            refused = [(c, o.rejection.code) for c, o in zip(commands, outcomes, strict=True) if not o.accepted]
            self.refused += refused
            told(outcomes)

        super().ask(now, actor, commands, remember)


class Lived:
    """A city, its desk and its driver."""

    def __init__(self, begin, seed=7, scenario="ordinary", *, ways=SMALL, hours=0.0, start=FRIDAY):
        self.deaf = False  # robots hear of nothing that is committed
        self.events, self.timed, self.contacts, self.desk, self.life = [], [], {}, None, None

        def make(hear):
            def heard(events):
                self.events += events
                if not self.deaf:
                    hear(events)
                self._remember(events)

            self.desk = Recording.on(city.in_memory(lambda _: None, seed).driver, seed, heard)
            self.desk.asked, self.desk.refused = [], []
            return self.desk

        self.life = begin(seed, scenario, start=start, desk=make, ways=ways)
        self.began_at = start
        self.live(hours)

    def _remember(self, events):
        """With their moments; and who is on each call that came in."""
        if self.life is None:
            return
        self.timed += [(self.life.now, event) for event in events]
        for event in events:
            if isinstance(event, CallReceived):
                self.contacts[event.call] = self.life.telephone.contact_of(event.call)

    def live(self, hours):
        """Let so many hours pass."""
        self.life.advance(self.life.now + round(hours * HOUR))
        return self

    def of(self, kind):
        """Every event of a kind, in its order."""
        return [event for event in self.events if isinstance(event, kind)]

    def counts(self):
        """How many events of each kind there were."""
        return Counter(type(event).__name__ for event in self.events)

    @property
    def state(self):
        """The committed fold."""
        return self.life.state

    @property
    def head(self):
        """Where the journal ends: one hash over everything that happened."""
        return self.desk.driver.executor.durable


@pytest.fixture(scope="session")
def begin(parish, router):
    """Begins a city on the small parish: `begin(seed, scenario, start=…, desk=…, ways=…)`."""

    def begin(seed, scenario, **options):
        return city.begin(parish, seed, scenario, router=router, **options)

    return begin


@pytest.fixture(scope="session")
def lived(begin):
    """Makes a `Lived`."""

    def lived(*args, **options):
        return Lived(begin, *args, **options)

    return lived


@pytest.fixture(scope="session")
def evening(lived):
    """Five hours of a Friday, from four in the afternoon."""
    return lived(11, hours=5)
