"""The parish at full size: a consolidated city-parish of 450,000 people on a river, drawn from nothing but a seed.

From the ground up: `terrain`, `arteries` and `interstates` lay out what everything else follows; `neighbourhoods` and
`core` draw the streets; `census` cuts the ground into blocks, of which `districts` makes every zone; `addressing`,
`services`, `landmarks` and `cameras` put on it what dispatch needs to know.
"""

from redstick.simulation.parish.metropolis.cameras import Camera
from redstick.simulation.parish.metropolis.generate import Metropolis, metropolis
from redstick.simulation.parish.metropolis.services import Crew

__all__ = ["Camera", "Crew", "Metropolis", "metropolis"]
