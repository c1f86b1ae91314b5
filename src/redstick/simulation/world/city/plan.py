"""What befalls the city: drawn from a seed, fault by fault, as on the proving ground."""

from collections.abc import Iterable
from random import Random

import msgspec

from redstick.simulation.world.city.avl import LIES
from redstick.simulation.world.city.ground import SEATS, roster
from redstick.simulation.world.plan import NODES, Fault

BEGINS_MS = 20_000  # the city is set up by then
FAULTS_UNTIL_MS = 420_000  # behind this nothing breaks any more, and everything must come right
CALM_MS, CALM_AT_MOST_MS = 600_000, 2_400_000  # longer only while the city still works on what the faults have left
REST_MS = 30_000  # within which every node stands where the journal ends
PARISH_EACH = 20  # one in so many nights is of the whole parish
OF_THE_CITY = (
    "avl", "avl", "status_lost", "status_late", "status_twice", "stall", "stall", "mute", "mute", "alert_drop",
    "alert_twice", "alert_late", "storm", "away", "away", "sign_off", "sign_off", "button", "empty",
)  # fmt: skip


class CityPlan(msgspec.Struct, frozen=True):
    """One night: a seed, one node or three, how often it rings, and the faults; of the night shift or of a parish."""

    seed: int
    nodes: int
    call_every_ms: int
    faults: list[Fault]
    parish: bool = False

    def only(self, kept: Iterable[int]) -> "CityPlan":
        """The same night with some of its faults, by index."""
        wanted = set(kept)
        return msgspec.structs.replace(self, faults=[f for i, f in enumerate(self.faults) if i in wanted])


def plan_of(seed: int) -> CityPlan:
    """The night of a seed."""
    if seed % PARISH_EACH == PARISH_EACH - 1:
        return parish_plan_of(seed)
    random = Random(f"city/{seed}")  # noqa: S311  (a seed is to be repeated, not to be secret)
    single = random.random() < 0.5
    faults = [_of_machines(random, single=single) for _ in range(random.randrange(5))]
    faults += [_of_the_city(random) for _ in range(random.randrange(3, 11))]
    return CityPlan(seed, 1 if single else 3, random.randrange(6_000, 12_000), faults)


def parish_plan_of(seed: int) -> CityPlan:
    """A night of the whole parish: its robots have their own weaknesses, so it is the machines that break."""
    random = Random(f"parish/{seed}")  # noqa: S311  (a seed is to be repeated, not to be secret)
    single = random.random() < 0.5
    faults = [_of_machines(random, single=single) for _ in range(random.randrange(1, 5))]
    return CityPlan(seed, 1 if single else 3, 0, faults, parish=True)


def _at(random: Random) -> int:
    return BEGINS_MS + random.randrange(FAULTS_UNTIL_MS - BEGINS_MS)


def _of_machines(random: Random, *, single: bool) -> Fault:
    if random.random() < 0.2:
        amount = random.choice((-3_600_000, -20_000, -500, 700, 20_000, 60_000))
        return Fault("clock", _at(random), 0, "a" if single else random.choice(NODES), amount)
    if single:
        kinds = ("power", "power", "dark", "dark", "kill", "kill", "sync_fails", "full", "slow", "flip")
        kind = random.choice(kinds)
        amount = random.randrange(60) if kind == "dark" else random.randrange(20_000) if kind == "full" else 0
        return Fault(kind, _at(random), random.randrange(1_000, 60_000), "a", amount)
    kind = random.choice(("kill", "kill", "part", "part", "loss", "twice", "slow", "pause"))
    amount = random.choice((10, 30, 60)) if kind in {"loss", "twice"} else random.choice((500, 4_000, 15_000))
    where = random.choice((*NODES, "leader", "leader", "leader", "journal"))
    return Fault(kind, _at(random), random.randrange(2_000, 90_000), where, amount)


def _of_the_city(random: Random) -> Fault:
    kind = random.choice(OF_THE_CITY)
    unit, seat = random.choice(roster()).id, random.choice(list(SEATS))
    for_ms = random.randrange(20_000, 120_000)
    match kind:
        case "avl":
            return Fault(kind, _at(random), for_ms, unit, random.randrange(len(LIES)))
        case "empty":
            return Fault(kind, _at(random), for_ms + 60_000, unit)
        case "mute" | "button":
            return Fault(kind, _at(random), for_ms, unit)
        case "stall" | "away" | "sign_off":
            return Fault(kind, _at(random), for_ms, seat)
        case "storm":
            return Fault(kind, _at(random), for_ms, "", random.randrange(10, 40))
        case _:
            return Fault(kind, _at(random), for_ms, "", random.choice((30, 60, 100)))
