"""What people call about: how often, how urgent, who is needed, how long it takes on scene.

Shares and times are those of a made-up busy evening; they imitate the mix of a mid-size American center and claim
nothing about any.
"""

from dataclasses import dataclass

from redstick.dispatch.plans.requirement import Requirement

MEDIC, CHIEF = Requirement("medic", ("medic",)), Requirement("chief", ("battalion chief",))
ENGINE, THREE_ENGINES = Requirement("engine", ("engine",)), Requirement("engines", ("engine",), count=3)
PATROL, TWO_PATROLS = Requirement("patrol", ("patrol",)), Requirement("patrols", ("patrol",), count=2)
LADDER = Requirement("ladder", ("ladder",))


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


NATURES = (
    Nature("Cardiac arrest", "ems", 1, (ENGINE, MEDIC), 2, 24, 0.7),
    Nature("Chest pain", "ems", 2, (MEDIC, ENGINE), 7, 15, 0.8),
    Nature("Breathing problem", "ems", 2, (MEDIC, ENGINE), 8, 15, 0.75),
    Nature("Stroke symptoms", "ems", 2, (MEDIC,), 4, 13, 0.95),
    Nature("Fall", "ems", 3, (MEDIC,), 8, 17, 0.6),
    Nature("Sick person", "ems", 4, (MEDIC,), 9, 16, 0.6),
    Nature("Crash with injuries", "traffic", 2, (MEDIC, ENGINE, PATROL), 6, 26, 0.6),
    Nature("Crash, no injuries", "traffic", 4, (PATROL,), 8, 28, 0),
    Nature("Traffic hazard", "traffic", 4, (PATROL,), 4, 12, 0),
    Nature("Structure fire", "fire", 1, (THREE_ENGINES, LADDER, CHIEF, MEDIC), 2, 62, 0),
    Nature("Smell of gas", "fire", 2, (ENGINE, LADDER), 2, 24, 0),
    Nature("Commercial alarm", "fire", 3, (ENGINE,), 5, 13, 0),
    Nature("Outside fire", "fire", 3, (ENGINE,), 3, 17, 0),
    Nature("Disturbance", "police", 2, (TWO_PATROLS,), 8, 19, 0),
    Nature("Break-in, in progress", "police", 1, (TWO_PATROLS,), 2, 30, 0),
    Nature("Burglar alarm", "police", 4, (PATROL,), 8, 12, 0),
    Nature("Welfare check", "police", 3, (PATROL,), 7, 16, 0),
    Nature("Suspicious vehicle", "police", 4, (PATROL,), 6, 11, 0),
    Nature("Theft report", "police", 5, (PATROL,), 6, 27, 0),
    Nature("Noise", "police", 5, (PATROL,), 5, 10, 0),
)  # fmt: skip

# What callers say, by kind.
SAID = {
    "Cardiac arrest": ("Not breathing, CPR started", "Collapsed, no pulse"),
    "Chest pain": ("Pain for twenty minutes, sweating", "Pain in left arm"),
    "Breathing problem": ("Short of breath, asthma", "Cannot speak in sentences"),
    "Stroke symptoms": ("Face drooping, started ten minutes ago",),
    "Fall": ("Fell from standing, hip hurts", "On the floor, cannot get up"),
    "Sick person": ("Dizzy and vomiting since noon", "Fever, weak"),
    "Crash with injuries": ("Two cars, one person trapped", "Car against a pole"),
    "Crash, no injuries": ("Both cars in the lane", "Bumper on the road"),
    "Traffic hazard": ("Ladder in the road", "Signal out"),
    "Structure fire": ("Smoke from the roof", "Flames in the kitchen"),
    "Smell of gas": ("Smell near the meter", "Whole hallway smells"),
    "Commercial alarm": ("Smoke detector, second floor", "Waterflow"),
    "Outside fire": ("Grass along the ditch", "Bin behind the shop"),
    "Disturbance": ("Several people shouting", "Fight in the lot"),
    "Break-in, in progress": ("Glass broken, someone inside",),
    "Burglar alarm": ("Front door contact", "Motion, hall"),
    "Welfare check": ("Not seen since yesterday", "Door stands open"),
    "Suspicious vehicle": ("Parked an hour, engine running",),
    "Theft report": ("Bicycle gone", "Catalytic converter cut off"),
    "Noise": ("Loud music", "Dog barking for hours"),
}

# Calls in each hour of the local day, relative to the busiest.
HOUR_SHARE = (
    0.42, 0.36, 0.31, 0.26, 0.23, 0.26, 0.36, 0.50, 0.62, 0.68, 0.74, 0.80,
    0.84, 0.84, 0.86, 0.90, 0.96, 1.00, 1.00, 0.95, 0.87, 0.79, 0.68, 0.55,
)  # fmt: skip

# Nothing of these on an ordinary day: scenarios bring them. Their share is 0.
BROUGHT = (
    Nature("Wires down", "fire", 3, (ENGINE,), 0, 34, 0),
    Nature("Tree on a house", "fire", 2, (ENGINE, LADDER), 0, 41, 0),
    Nature("Car in high water", "fire", 2, (ENGINE, PATROL), 0, 37, 0),
    Nature("Tree across the road", "traffic", 4, (PATROL,), 0, 23, 0),
    Nature("Signals dark", "traffic", 4, (PATROL,), 0, 26, 0),
    Nature("Pile-up", "traffic", 1, (ENGINE, PATROL), 0, 74, 0.9),
)
WORDS = {
    **SAID,
    "Wires down": ("Line across the drive, sparking", "Pole snapped"),
    "Tree on a house": ("Oak through the roof", "Tree on the kitchen, someone inside"),
    "Car in high water": ("Water at the doors", "Car stalled in the underpass"),
    "Tree across the road": ("Whole road blocked", "Big limb down"),
    "Signals dark": ("All four ways dark",),
    "Pile-up": ("Many cars, smoke", "Trucks and cars all over", "I am stuck behind it, people hurt"),
}
EVERY = (*NATURES, *BROUGHT)
BY_KIND = {nature.kind: nature for nature in EVERY}
UNKNOWN = Nature("", "", 3, (), 0, 20, 0.0)  # what a person entered in words of their own

# Relative frequency by hour of the local day, in hundredths of its mean: people fall ill by day, fight by night, crash
# on the way to work and home. Made up in the shape that any year of a public center's log shows.
BY_HOUR = {
    "ems": (66, 60, 56, 54, 56, 66, 84, 100, 114, 122, 124, 124, 124, 122, 120, 118, 118, 118, 116, 110, 104, 96, 86,
            76),
    "fire": (62, 56, 50, 46, 46, 54, 72, 90, 104, 110, 114, 118, 120, 122, 124, 126, 134, 140, 144, 138, 124, 106, 90,
             74),
    "traffic": (44, 40, 38, 32, 34, 50, 92, 158, 150, 106, 98, 106, 118, 116, 122, 142, 172, 190, 152, 112, 90, 80, 70,
                58),
    "police": (104, 92, 80, 62, 48, 42, 48, 62, 78, 88, 94, 98, 102, 104, 106, 112, 118, 124, 128, 132, 136, 138, 136,
               126),
}  # fmt: skip
# The same by day of the week, Monday first.
BY_DAY = {
    "ems": (102, 100, 99, 99, 102, 100, 98),
    "fire": (98, 97, 98, 98, 101, 106, 102),
    "traffic": (98, 101, 102, 104, 118, 96, 81),
    "police": (94, 92, 93, 95, 108, 115, 103),
}
