"""The planning report of a study: one content, as a page and as an accessible PDF."""

from redstick.simulation.ems.report.page import page
from redstick.simulation.ems.report.paper import paper

__all__ = ["page", "paper"]
