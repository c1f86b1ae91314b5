"""Coverage: how many of the calls to be expected the idle units can reach in time, and what moving one is worth.

`Area` holds what is expected where and who reaches what; `mexclp` places units, `moveups` moves them. Pure numbers:
road times and demand are inputs, and what is suggested is decided again by the rules.
"""

from redstick.dispatch.coverage.area import Area, Covered
from redstick.dispatch.coverage.busy import busy_fraction, erlang_b, erlang_c
from redstick.dispatch.coverage.mexclp import best_placement, placed_greedily
from redstick.dispatch.coverage.moveups import Idle, Margins, Move, suggest

__all__ = [
    "Area",
    "Covered",
    "Idle",
    "Margins",
    "Move",
    "best_placement",
    "busy_fraction",
    "erlang_b",
    "erlang_c",
    "placed_greedily",
    "suggest",
]
