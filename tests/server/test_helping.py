"""No plan and no trunk leads a 911 call to silence: somebody elsewhere speaks with its caller, or the floor has it."""

import asyncio
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.comms.switchboard import City
from tests.phones.switchboard import HALL, PLAN
from tests.server.test_exchange import NoSounds

from redstick.comms import live as comms
from redstick.comms.ports import Answered, Offer, Over, Progress, Sound
from redstick.comms.rules.placing import PlaceLeg
from redstick.dispatch import live as dispatch
from redstick.dispatch.rules.calls import CallState
from redstick.kernel.system import NothingChanged
from redstick.kernel.values import Outcome, Rejection, Request
from redstick.phones import live as phones
from redstick.phones.invariants import broken as broken_phones
from redstick.phones.numbering import Extension
from redstick.phones.plan.rules import Action, DialPlan, DialRule
from redstick.phones.rules.calls import AnswerPhoneCall, EmergencyDialled
from redstick.phones.rules.lines import AdoptPlan, KeepTrunk, ProposePlan, ReportTrunk
from redstick.phones.rules.people import AssignNumber
from redstick.phones.rules.places import AddDevice, KeepSite
from redstick.phones.state import Device, Trunk
from redstick.published.comms import Arrival, LineKind
from redstick.server.phoning import finding
from redstick.server.phoning.exchange import Exchange
from redstick.server.phoning.serving import Studio
from redstick.server.voice import Voice

FORMS = ("911", "9911", "112", "sos", "9-911", "+911")
LEG = "leg"


class Engine:
    """Trunks behave as `ways` say, by their address; what becomes of each leg is told."""

    def __init__(self, ways):
        self.ways, self.alive, self.rooms, self.accepted = ways, {LEG}, {}, False
        self.answered, self.asked, self.gone = set(), [], []

    def listen(self, hear):
        """Whom to tell."""
        self.hear = hear

    def snapshot(self):
        """What is alive."""
        return tuple(self.alive)

    async def originate(self, leg, target, caller, headers=(), key="", parts=(), *, text=False):
        """Called."""
        way = self.ways[target.partition("@")[2]]
        self.asked.append((target, caller, dict(headers), parts))
        if way == "unplaceable":
            return False
        self.alive.add(leg)
        soon = asyncio.get_running_loop().call_soon
        if way in ("answer", "lost"):
            self.answered.add(leg)
            soon(self.hear, Progress(leg, 180))
            soon(self.hear, Answered(leg, "PCMU"))
        if way == "ring":
            soon(self.hear, Progress(leg, 183))
        if way.isdecimal():
            soon(self.over, leg, "them", f"{way} no")
        return True

    def over(self, leg, who, cause):
        """It is over, once."""
        if leg in self.alive:
            self.alive.discard(leg)
            self.rooms.pop(leg, None)
            self.gone.append((leg, cause))
            self.hear(Over(leg, who, cause))

    async def accept(self, leg):
        """Answered."""
        self.accepted = True
        return "PCMU" if leg in self.alive else None

    def join(self, room, leg):
        """Together with whoever is there; a way that loses its calls loses this one now."""
        self.rooms[leg] = room
        lost = [one for one in self.rooms if one != LEG and "lost" in self.ways.values()]
        for one in lost:
            asyncio.get_running_loop().call_soon(self.over, one, "nobody", "lost")
        return True

    def hang_up(self, leg, cause):
        """Ended by us."""
        self.over(leg, "us", cause)
        return True

    def reject(self, leg, code, reason):
        """Refused by us."""
        self.over(leg, "us", f"{code} {reason}")
        return True

    def __getattr__(self, name):
        return lambda *given: True


class Town(City):
    """Voice and exchange on the real domains, with that engine; `forbidden` commands are refused by the policy."""

    DOMAINS = (dispatch, comms, phones)

    def __init__(self, plan, ways, forbidden=()):
        super().__init__()
        self.engine, self.forbidden, self.facts = Engine(ways), forbidden, []
        self.driver.listen(self.facts.extend)
        self.events(KeepSite(HALL))
        self.events(AssignNumber("2101", Extension("Desk", site="hall")))
        self.events(AddDevice(Device("2101", "2101")))
        for number, address in enumerate(ways, start=1):
            self.events(KeepTrunk(Trunk(f"t{number}", "Carrier", 1, address=address)))
        self.events(KeepTrunk(Trunk("gateway", "Carrier", 1)))
        [proposed] = self.events(ProposePlan(plan))
        self.events(AdoptPlan(proposed.version))
        self.facts.clear()
        states, names = lambda: self.driver.executor.committed, iter(range(10_000))

        def name(prefix):
            return f"{prefix}_{next(names)}"

        exchange = Exchange(
            self.engine, lambda command, lane: self.asks(Request(name("cmd"), command, "house"), lane), states,
            lambda: self.now, name, "city.example", Sound((0,)),
            Studio(NoSounds(), Sound((0,)), Sound((0,)), lambda name: b""), None,
        )  # fmt: skip
        self.voice = Voice(
            self.engine, self.asks, states, name, lambda: "0" * 32, "psap.example", Sound((0,)), Sound((1,)), exchange
        )

    async def asks(self, request, lane):
        """Durable at once, and noted as the city notes it."""
        if isinstance(request.command, self.forbidden):
            return Outcome(request.id, 0, rejection=Rejection("not_permitted"))
        outcomes = self.driver.run([request], self.now)
        facts, self.facts[:] = list(self.facts), []
        self.voice.note([fact for fact in facts if not isinstance(fact.event, NothingChanged)])
        return next(one for one in outcomes if one.request == request.id)

    @property
    def has_help(self):
        """Whether whoever called is with somebody elsewhere, or on the floor."""
        leg = self.state.legs.get(LEG)
        if LEG not in self.engine.alive or leg is None or not self.engine.accepted:
            return False
        waits = LEG in self.state.waiting and self.floor.calls[leg.call].state is CallState.PRESENTED
        room = self.engine.rooms.get(LEG)
        beside = [
            one for one, at in self.engine.rooms.items() if at == room and one != LEG and one in self.engine.alive
        ]
        return waits or bool(room and beside)


async def dial(town, target):
    """The phone calls; everything that is ready runs until its caller has help."""
    arrival = Arrival(line=LineKind.EMERGENCY if target in ("911", "9911", "112", "sos") else LineKind.ADMIN,
                      target=f"sip:{target}@city.example", source="192.0.2.7:5060")  # fmt: skip
    town.engine.hear(Offer(LEG, arrival, "2101"))
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            while not (town.has_help and settled(town)):  # noqa: ASYNC110  (nobody tells when all is done)
                await asyncio.sleep(0.001)


def settled(town):
    """Nothing is going to be lost any more."""
    return "lost" not in town.engine.ways.values() or LEG in town.state.waiting or not town.engine.rooms


WAYS = st.sampled_from(("answer", "lost", "ring", "silent", "unplaceable", "404", "486", "503", "603"))


@given(
    ways=st.lists(WAYS, max_size=3),
    order=st.lists(st.sampled_from(("t1", "t2", "t3", "gateway")), max_size=5),
    down=st.booleans(),
    dialled=st.sampled_from(FORMS),
    forbidden=st.sets(st.sampled_from((PlaceLeg, AnswerPhoneCall))),
    prefix=st.sampled_from(("", "9", "8")),
)
@example(["answer"], ["t1"], False, "911", {AnswerPhoneCall}, "9")
@example(["404", "lost"], ["t1", "t2"], True, "911", set(), "9")
@settings(max_examples=60, deadline=None)
def test_no_plan_leads_a_911_call_to_silence(ways, order, down, dialled, forbidden, prefix):
    """Whatever trunks it names and whatever they do, and even where the policy forbids to go out.

    On site they are told once, and the caller is never refused or hung up.
    """
    silent, ringing = finding.SILENT_S, finding.RINGING_S
    finding.SILENT_S = finding.RINGING_S = 0.005
    try:
        addresses = {f"192.0.2.{number}:5060": way for number, way in enumerate(ways, start=1)}
        known = [name for name in order if name == "gateway" or int(name[1:]) <= len(ways)]
        rules = [DialRule("911", "911", Action.EMERGENCY), DialRule("habit", "9911", Action.EMERGENCY)]
        if prefix == "8":
            rules.append(DialRule("outside 911", "8911", Action.EMERGENCY))
        plan = DialPlan(tuple(rules), prefix, PLAN.main_number, tuple(known))

        async def lived():
            town = Town(plan, addresses, tuple(forbidden))
            if down and addresses:
                town.events(ReportTrunk("t1", up=False, why="no answer"))
                town.facts.clear()
            await dial(town, dialled)
            assert town.has_help, (ways, known, town.engine.gone)
            assert LEG not in [leg for leg, _ in town.engine.gone]
            assert len(town.told(EmergencyDialled)) == 1
            assert list(broken_phones(town.driver.executor.committed["phones"])) == []
            for _, caller, headers, parts in town.engine.asked:
                assert headers["Priority"] == "emergency"
                assert parts[0].kind == "application/pidf+xml"
                assert HALL.elins[0] in caller

        asyncio.run(lived())
    finally:
        finding.SILENT_S, finding.RINGING_S = silent, ringing
