"""All checks over one city, in a fixed order of findings."""

from redstick.geo.city import City
from redstick.geo.linter.addresses import check_addresses
from redstick.geo.linter.finding import Finding
from redstick.geo.linter.lines import check_lines
from redstick.geo.linter.names import check_names
from redstick.geo.linter.ranges import check_ranges
from redstick.geo.linter.reach import check_reach
from redstick.geo.linter.sites import check_sites
from redstick.geo.linter.zone_shapes import check_zones

_CHECKS = (check_lines, check_reach, check_ranges, check_names, check_addresses, check_sites, check_zones)


def lint(city: City) -> list[Finding]:
    """Every finding: the gravest first, then by code, place and text, so that the same city gives the same list."""
    findings = [finding for check in _CHECKS for finding in check(city)]
    return sorted(findings, key=lambda finding: (finding.severity, finding.code, finding.place, finding.found))
