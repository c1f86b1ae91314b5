"""What people call about: how often, how urgent, who is needed, how long it takes on scene.

Shares and times are those of a made-up busy evening; they imitate the mix of a mid-size American center and claim
nothing about any.
"""

from dataclasses import dataclass

from redstick.dispatch.recommendation.nearest import Requirement

MEDIC, ENGINE, LADDER = Requirement(("medic",)), Requirement(("engine",)), Requirement(("ladder",))
CHIEF, PATROL = Requirement(("battalion chief",)), Requirement(("patrol",))
TWO_PATROLS, THREE_ENGINES = Requirement(("patrol",), count=2), Requirement(("engine",), count=3)


@dataclass(frozen=True, slots=True)
class Nature:
    """One kind of incident. `share` is relative; `scene_min` the middle time on scene; `transport` a probability."""

    kind: str
    group: str
    priority: int
    needs: tuple[Requirement, ...]
    share: float
    scene_min: float
    transport: float
    said: tuple[str, ...]


NATURES = (
    Nature("Cardiac arrest", "ems", 1, (ENGINE, MEDIC), 2, 24, 0.7, ("Not breathing, CPR started", "Collapsed, no pulse")),
    Nature("Chest pain", "ems", 2, (MEDIC, ENGINE), 7, 15, 0.8, ("Pain for twenty minutes, sweating", "Pain in left arm")),
    Nature("Breathing problem", "ems", 2, (MEDIC, ENGINE), 8, 15, 0.75, ("Short of breath, asthma", "Cannot speak in sentences")),
    Nature("Stroke symptoms", "ems", 2, (MEDIC,), 4, 13, 0.95, ("Face drooping, started ten minutes ago",)),
    Nature("Fall", "ems", 3, (MEDIC,), 8, 17, 0.6, ("Fell from standing, hip hurts", "On the floor, cannot get up")),
    Nature("Sick person", "ems", 4, (MEDIC,), 9, 16, 0.6, ("Dizzy and vomiting since noon", "Fever, weak")),
    Nature("Crash with injuries", "traffic", 2, (MEDIC, ENGINE, PATROL), 6, 26, 0.6, ("Two cars, one person trapped", "Car against a pole")),
    Nature("Crash, no injuries", "traffic", 4, (PATROL,), 8, 28, 0, ("Both cars in the lane", "Bumper on the road")),
    Nature("Traffic hazard", "traffic", 4, (PATROL,), 4, 12, 0, ("Ladder in the road", "Signal out")),
    Nature("Structure fire", "fire", 1, (THREE_ENGINES, LADDER, CHIEF, MEDIC), 2, 62, 0, ("Smoke from the roof", "Flames in the kitchen")),
    Nature("Smell of gas", "fire", 2, (ENGINE, LADDER), 2, 24, 0, ("Smell near the meter", "Whole hallway smells")),
    Nature("Commercial alarm", "fire", 3, (ENGINE,), 5, 13, 0, ("Smoke detector, second floor", "Waterflow")),
    Nature("Outside fire", "fire", 3, (ENGINE,), 3, 17, 0, ("Grass along the ditch", "Bin behind the shop")),
    Nature("Disturbance", "police", 2, (TWO_PATROLS,), 8, 19, 0, ("Several people shouting", "Fight in the lot")),
    Nature("Break-in, in progress", "police", 1, (TWO_PATROLS,), 2, 30, 0, ("Glass broken, someone inside",)),
    Nature("Burglar alarm", "police", 4, (PATROL,), 8, 12, 0, ("Front door contact", "Motion, hall")),
    Nature("Welfare check", "police", 3, (PATROL,), 7, 16, 0, ("Not seen since yesterday", "Door stands open")),
    Nature("Suspicious vehicle", "police", 4, (PATROL,), 6, 11, 0, ("Parked an hour, engine running",)),
    Nature("Theft report", "police", 5, (PATROL,), 6, 27, 0, ("Bicycle gone", "Catalytic converter cut off")),
    Nature("Noise", "police", 5, (PATROL,), 5, 10, 0, ("Loud music", "Dog barking for hours")),
)  # fmt: skip

# Calls in each hour of the local day, relative to the busiest.
HOUR_SHARE = (
    0.42, 0.36, 0.31, 0.26, 0.23, 0.26, 0.36, 0.50, 0.62, 0.68, 0.74, 0.80,
    0.84, 0.84, 0.86, 0.90, 0.96, 1.00, 1.00, 0.95, 0.87, 0.79, 0.68, 0.55,
)  # fmt: skip
