"""The geofile linter: what in a city's geography would send a unit to the wrong place, late, or not at all."""

from redstick.geo.linter.finding import Finding, Severity
from redstick.geo.linter.lint import lint

__all__ = ["Finding", "Severity", "lint"]
