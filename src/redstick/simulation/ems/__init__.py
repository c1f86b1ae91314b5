"""What-if at scale: a city's ambulances through weeks of made-up calls, under one plan of posts and then another.

`setting` says what is assumed, `ground` how long drives take, `workload` draws the calls, `living` lives them on the
virtual clock, `policies` says where a unit that is free goes, `measuring` compares the policies over the same calls.
"""

from redstick.simulation.ems.ground import Ground
from redstick.simulation.ems.living import Lived, live
from redstick.simulation.ems.measuring import Comparison, Measured, compare
from redstick.simulation.ems.policies import Policy, policy_named
from redstick.simulation.ems.setting import Setting
from redstick.simulation.ems.workload import Calls, draw

__all__ = [
    "Calls",
    "Comparison",
    "Ground",
    "Lived",
    "Measured",
    "Policy",
    "Setting",
    "compare",
    "draw",
    "live",
    "policy_named",
]
