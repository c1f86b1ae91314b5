"""The parish's response plan: who is sent to what, as text in the form that any agency writes it.

It asks only for kinds of units that the parish has, so that the same plan serves a small parish and a whole one.
"""

from collections import Counter
from collections.abc import Iterator

from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.requirement import Mode, Requirement, Substitute
from redstick.dispatch.plans.text import to_toml
from redstick.geo.city import City
from redstick.simulation.natures import EVERY

VERSION = "parish-1"
STORM = "storm"
LAYERS = ("beat", "fire_district", "ems_district", "municipality")
ALS = Requirement("medic", ("medic",), divert=True)
BLS = Requirement("medic", ("medic", "basic transport"), substitutes=(Substitute(("field supervisor",), (), 180),))
ENGINE, LADDER = Requirement("engine", ("engine",)), Requirement("ladder", ("ladder",))
CHIEF, RESCUE = Requirement("chief", ("battalion chief",)), Requirement("rescue", ("rescue",))
HAZMAT, BOAT = Requirement("hazmat", ("hazmat",)), Requirement("boat", ("boat",))
SUPERVISOR = Requirement("supervisor", ("field supervisor",))
PATROL = Requirement("patrol", ("patrol",))
SERGEANT, DOG = Requirement("sergeant", ("watch sergeant",)), Requirement("dog", ("K-9",))


def _many(one: Requirement, count: int) -> Requirement:
    return Requirement(one.id, one.kinds, count=count, substitutes=one.substitutes, divert=one.divert)


# What is sent to each type, at the first alarm and at further ones.
SENT: dict[str, tuple[tuple[Requirement, ...], ...]] = {
    "Cardiac arrest": ((ENGINE, ALS, SUPERVISOR),),
    "Chest pain": ((ALS, ENGINE),),
    "Breathing problem": ((ALS, ENGINE),),
    "Stroke symptoms": ((ALS,),),
    "Fall": ((BLS,),),
    "Sick person": ((BLS,),),
    "Crash with injuries": ((ALS, ENGINE, PATROL), (RESCUE, _many(ALS, 1))),
    "Pile-up": ((_many(ENGINE, 3), RESCUE, _many(ALS, 4), CHIEF, _many(PATROL, 4)), (_many(ALS, 4), SUPERVISOR)),
    "Structure fire": (
        (_many(ENGINE, 3), LADDER, CHIEF, ALS),
        (_many(ENGINE, 2), LADDER, CHIEF, RESCUE),
        (_many(ENGINE, 3), LADDER, ALS),
    ),
    "Tree on a house": ((ENGINE, LADDER),),
    "Car in high water": ((ENGINE, PATROL, BOAT),),
    "Smell of gas": ((ENGINE, LADDER), (HAZMAT, CHIEF)),
    "Disturbance": ((_many(PATROL, 2),),),
    "Break-in, in progress": ((_many(PATROL, 2), SERGEANT), (DOG,)),
}
OF_GROUP: dict[str, tuple[Requirement, ...]] = {
    "ems": (ALS,),
    "fire": (ENGINE,),
    "traffic": (PATROL,),
    "police": (PATROL,),
}
TALKGROUPS = {"ems": "EMS DISPATCH", "fire": "FIRE DISPATCH", "traffic": "POLICE DISPATCH", "police": "POLICE DISPATCH"}
UNHURRIED = ("Theft report", "Noise", "Traffic hazard", "Crash, no injuries", "Suspicious vehicle")


def response_plan(city: City) -> str:
    """The plan of a generated city, as TOML text."""
    fleet = Counter(unit.kind for unit in city.units)
    layers = {zone.layer for zone in city.zones}
    plan = ResponsePlan(
        version=VERSION,
        time_zone=city.time_zone,
        title=f"Response plan of {city.name}",
        dated="2026-01-01",
        layers=tuple(layer for layer in LAYERS if layer in layers),
        flags=(STORM,),
        types={nature.kind: nature.group for nature in EVERY},
        rules=tuple(_rules(fleet)),
        last_resort=(PATROL,),
    )
    return to_toml(plan)


def _rules(fleet: Counter[str]) -> Iterator[PlanRule]:
    for group, sent in OF_GROUP.items():
        yield PlanRule(f"any {group} call", groups=(group,), send=_had(sent, fleet), talkgroup=TALKGROUPS[group])
    for nature in EVERY:
        alarms = SENT.get(nature.kind, (OF_GROUP[nature.group],))
        if nature.kind not in SENT and nature.kind not in UNHURRIED:
            continue
        left = Counter(fleet)
        for level, sent in enumerate(alarms, start=1):
            send = _had(sent, left)
            for one in send:
                left.subtract(dict.fromkeys(one.kinds, one.count))
            if send:
                yield PlanRule(
                    nature.kind if level == 1 else f"{nature.kind}, alarm {level}", types=(nature.kind,), alarm=level,
                    send=send, talkgroup=TALKGROUPS[nature.group],
                    mode=Mode.NON_EMERGENT if nature.kind in UNHURRIED else Mode.EMERGENT,
                )  # fmt: skip
    # While a storm is declared, an alarm gets one engine and a fall the first ambulance of either kind, unhurried.
    yield PlanRule(
        "alarms in a storm", types=("Commercial alarm", "Outside fire"), flag=STORM, send=(ENGINE,),
        mode=Mode.NON_EMERGENT, talkgroup=TALKGROUPS["fire"],
    )  # fmt: skip


def _had(sent: tuple[Requirement, ...], left: Counter[str]) -> tuple[Requirement, ...]:
    """Those for which the city has units that no earlier alarm has sent."""
    return tuple(one for one in sent if max(left[kind] for kind in one.kinds) >= one.count)
