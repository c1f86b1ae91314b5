"""The living city: a generated parish in which calls come in and robots answer, send, drive and close, on virtual time.

`live(parish, seed, scenario, days, desk_factory, start=…)` lives through days and gives the `Life`; `begin` gives it at
its first moment, to be advanced in steps of any size. The same seed gives the same journal, however time is cut.
"""

from redstick.simulation.city.arrivals.callers import Habits
from redstick.simulation.city.floor import DeskFactory, Hear
from redstick.simulation.city.life import Life, Staffing, Ways, begin, in_memory, live
from redstick.simulation.city.robots.crews import Manners
from redstick.simulation.city.scenarios import SCENARIOS, Scenario

__all__ = [
    "SCENARIOS",
    "DeskFactory",
    "Habits",
    "Hear",
    "Life",
    "Manners",
    "Scenario",
    "Staffing",
    "Ways",
    "begin",
    "in_memory",
    "live",
]
