"""The phones alone, on a journal in memory, with a small city hall; every state is checked."""

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.system import NothingChanged
from redstick.kernel.values import Request
from redstick.phones import domain
from redstick.phones.invariants import broken
from redstick.phones.numbering import Extension
from redstick.phones.plan.rules import Action, DialPlan, DialRule
from redstick.phones.routing.deciding import route
from redstick.phones.rules.lines import AdoptPlan, KeepTrunk, ProposePlan
from redstick.phones.rules.people import AssignNumber, EnrollUser
from redstick.phones.rules.places import AddDevice, KeepSite, ReportDevice
from redstick.phones.state import Device, Site, Trunk, User

NOON = 1_768_413_600_000  # Wednesday, 2026-01-14 12:00 in Chicago
HALL = Site("hall", "222 Saint Louis St", "Baton Rouge", "3", "310", ("+12255550190", "+12255550191"),
            ("desk@city.example",), ("chief@city.example",), validated=True)  # fmt: skip
PLAN = DialPlan(
    (
        DialRule("911", "911", Action.EMERGENCY),
        DialRule("911 by habit", "9911", Action.EMERGENCY),
        DialRule("premium", "91900NXXXXXX", Action.DENY),
        DialRule("long distance", "91NXXNXXXXXX", Action.OUTSIDE, ("t1", "t2"), strip=1, prepend="+"),
        DialRule("local", "9NXXXXXX", Action.OUTSIDE, ("t1",), strip=1, prepend="+1225"),
    ),
    prefix="9",
    main_number="+12255550100",
)
PEOPLE = {
    "2100": ("ann", "Ann Able", "per_ann"),
    "2101": ("bob", "Bob Best", "per_bob"),
    "2102": ("cee", "Cee Clark", ""),
}


class Switchboard:
    """Commands one by one, a second apart."""

    def __init__(self):
        self.driver, self.count, self.now = SynchronousDriver(Executor([domain]), MemoryJournal()), 0, NOON

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["phones"]

    def ask(self, command):
        """The outcome of one command."""
        self.count, self.now = self.count + 1, self.now + 1_000
        outcomes = self.driver.run([Request(f"c{self.count}", command, "tester")], self.now)
        assert list(broken(self.state)) == []
        return next(one for one in outcomes if one.request == f"c{self.count}")

    def events(self, command):
        """The events of a command that must be accepted."""
        outcome = self.ask(command)
        assert outcome.accepted, outcome.rejection
        return [event for event in outcome.events if not isinstance(event, NothingChanged)]

    def refused(self, command):
        """The code of a refusal."""
        return self.ask(command).rejection.code

    def route(self, caller, dialled, now=None, device=""):
        """What would happen."""
        return route(self.state, caller, dialled, self.now if now is None else now, device)

    def adopt(self, plan):
        """Have a plan count."""
        [proposed] = self.events(ProposePlan(plan))
        self.events(AdoptPlan(proposed.version))

    def wait(self, ms):
        """Let time pass, and whatever is due happen."""
        self.now += ms
        self.driver.run([], self.now)
        assert list(broken(self.state)) == []


def city_hall():
    """Three people with a desk phone each, all reachable; two trunks; a plan; one site."""
    board = Switchboard()
    board.events(KeepSite(HALL))
    for number, (user, name, person) in PEOPLE.items():
        board.events(EnrollUser(User(user, name, "Clerk", f"{user}@city.example", person)))
        direct = ("+12255552100",) if number == "2100" else ()
        board.events(AssignNumber(number, Extension(name, user, "hall"), direct))
        board.events(AddDevice(Device(f"{number}-1", number)))
        board.events(ReportDevice(f"{number}-1", reachable=True))
    for trunk in ("t1", "t2"):
        board.events(KeepTrunk(Trunk(trunk, "Carrier", 2)))
    board.adopt(PLAN)
    return board
