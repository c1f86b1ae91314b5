"""Address points: repeats in different places, streets that no road carries."""

from collections.abc import Iterator

import numpy as np

from redstick.geo.city import Addresses, City
from redstick.geo.linter.finding import Finding, Severity
from redstick.geo.linter.names import street_key
from redstick.geo.roads import E7

APART_M = 50.0  # points of one address within a plot are doors of one house


def check_addresses(city: City) -> Iterator[Finding]:
    """Every finding about address points."""
    addresses = city.addresses
    if not len(addresses):
        return
    keys = [street_key(street) for street in addresses.streets]
    groups: dict[tuple[tuple[str, ...], int, str, str], list[int]] = {}
    for i, street in enumerate(addresses.street.tolist()):
        key = (
            keys[street] if street >= 0 else (),
            int(addresses.number[i]),
            addresses.number_suffix[i],
            addresses.unit[i],
        )
        groups.setdefault(key, []).append(i)
    for key in sorted(groups):
        if len(groups[key]) > 1:
            yield from _repeats(addresses, groups[key])
    yield from _unknown_streets(city)


def _repeats(addresses: Addresses, same: list[int]) -> Iterator[Finding]:
    """One number of one street at several points: within a municipality, or in two."""
    by_area: dict[int, list[int]] = {}
    for i in same:
        by_area.setdefault(int(addresses.area[i]), []).append(i)
    for area in sorted(by_area):
        points = by_area[area]
        apart_m = _spread_m(addresses, points)
        if apart_m > APART_M:
            found = f"it stands at {len(points)} points up to {apart_m:,.0f} m apart"
            yield _at(addresses, points[0], "ADDRESS_REPEATED", Severity.ERROR, found, "Keep the right one.")
    if len(by_area) > 1:
        names = sorted(addresses.areas[area] if area >= 0 else "(no municipality)" for area in by_area)
        found = f"it stands in {', '.join(names)}"
        advice = "Ask callers for the community; never resolve it from the number alone."
        yield _at(addresses, same[0], "ADDRESS_IN_TWO_COMMUNITIES", Severity.WARNING, found, advice)


def _spread_m(addresses: Addresses, points: list[int]) -> float:
    x, y = addresses.x[points] / E7, addresses.y[points] / E7
    east = np.cos(np.deg2rad(y[0]))
    return float(np.hypot((x.max() - x.min()) * east, y.max() - y.min()) * 111_320.0)


def _unknown_streets(city: City) -> Iterator[Finding]:
    """Streets of address points that no road is called by, their suffix written in any way."""
    roads, addresses = city.roads, city.addresses
    known = {street_key(name) for name in roads.names}
    count = np.bincount(addresses.street[addresses.street >= 0], minlength=len(addresses.streets))
    first: dict[int, int] = {}
    for i, street in enumerate(addresses.street.tolist()):
        first.setdefault(street, i)
    for street, name in enumerate(addresses.streets):
        if count[street] and street_key(name) not in known:
            found = f"no road is called {name!r}; addresses on it: {count[street]:,}"
            advice = "Spell both alike, or add the street."
            yield _at(addresses, first[street], "ADDRESS_STREET_UNKNOWN", Severity.WARNING, found, advice)


def _at(addresses: Addresses, i: int, code: str, severity: Severity, found: str, advice: str) -> Finding:
    street = addresses.streets[addresses.street[i]] if addresses.street[i] >= 0 else "(no street)"
    words = (
        f"{addresses.number[i]}",
        addresses.number_suffix[i],
        street,
        addresses.unit[i] and f"unit {addresses.unit[i]}",
    )
    place = "address " + " ".join(word for word in words if word)
    return Finding(code, severity, place, found, advice, (int(addresses.x[i]), int(addresses.y[i])))
