"""What befalls a world: drawn from a seed, listed fault by fault, so that a failure can be shrunk and replayed."""

from collections.abc import Iterable
from random import Random

import msgspec

FAULTS_UNTIL_MS = 12_000  # behind this nothing breaks any more, and everything must come right


class Fault(msgspec.Struct, frozen=True):
    """One thing that goes wrong: what, from when, for how long, where, and how much."""

    kind: str
    at_ms: int
    for_ms: int = 0
    where: str = ""
    amount: int = 0


class Plan(msgspec.Struct, frozen=True):
    """One run: a seed, how many nodes (one on its own disk, or three over a shared journal), and the faults."""

    seed: int
    nodes: int
    clients: int
    commands: int
    faults: list[Fault]

    def only(self, kept: Iterable[int]) -> "Plan":
        """The same run with some of its faults, by index."""
        wanted = set(kept)
        return msgspec.structs.replace(self, faults=[f for i, f in enumerate(self.faults) if i in wanted])


NODES = ("a", "b", "c")


def plan_of(seed: int) -> Plan:
    """The run of a seed."""
    random = Random(seed)  # noqa: S311  (a seed is to be repeated, not to be secret)
    single = random.random() < 0.5
    faults = [_disk_fault(random) if single else _cluster_fault(random) for _ in range(random.randrange(7))]
    faults += [_clock_fault(random, single=single) for _ in range(random.randrange(3))]
    if random.random() < 0.15:
        faults.append(Fault("fragile", random.randrange(FAULTS_UNTIL_MS)))
    return Plan(seed, 1 if single else 3, random.randrange(1, 5), random.randrange(20, 120), faults)


def _disk_fault(random: Random) -> Fault:
    kinds = (
        "power",
        "power",
        "dark",
        "dark",
        "dark",
        "kill",
        "sync_fails",
        "sync_fails",
        "full",
        "slow",
        "flip",
        "lies",
    )
    kind = random.choice(kinds)
    amount = random.randrange(40) if kind == "dark" else random.randrange(20_000) if kind == "full" else 0
    return Fault(kind, random.randrange(FAULTS_UNTIL_MS), random.randrange(20, 2_500), "a", amount)


def _cluster_fault(random: Random) -> Fault:
    kind = random.choice(("kill", "kill", "part", "part", "loss", "twice", "slow", "slow", "pause"))
    amount = random.choice((10, 30, 60)) if kind in {"loss", "twice"} else random.choice((200, 1_000, 4_000))
    where = random.choice((*NODES, "leader", "leader", "leader", "journal"))
    return Fault(kind, random.randrange(FAULTS_UNTIL_MS), random.randrange(100, 9_000), where, amount)


def _clock_fault(random: Random, *, single: bool) -> Fault:
    amount = random.choice((-3_600_000, -5_000, -50, 70, 2_000, 90_000))
    where = "a" if single else random.choice(NODES)
    return Fault("clock", random.randrange(FAULTS_UNTIL_MS), 0, where, amount)
