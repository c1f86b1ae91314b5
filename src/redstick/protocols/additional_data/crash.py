"""Crash data of a vehicle (VEDS 3.1, carried by RFC 8148): what a dispatcher weighs, out of a long document.

A document that says nothing of one of these leaves it None: unknown is not the same as no. Raises Malformed.
"""

from xml.etree.ElementTree import Element

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.xml_tree import read_xml

VEDS = "http://www.veds.org/acn/3.1"
NIEM = "http://niem.gov/niem/niem-core/2.0"
MEDIA_TYPE = "application/emergencycalldata.veds+xml"
MOST_BYTES = 256 << 10
KMH_IN_MPH = 1_609_344  # thousandths of a metre an hour


class Crash(msgspec.Struct, frozen=True, kw_only=True):
    """One crash. `severe` is whether the vehicle reckons with a severe injury; speed changes are in metres an hour."""

    severe: bool | None = None
    rolled_over: bool | None = None
    airbags_deployed: int = 0
    change_m_h: int | None = None
    make: str = ""
    model: str = ""
    year: str = ""


def read_crash(data: bytes) -> Crash:
    """The crash that a VEDS document tells of."""
    root = read_xml(data.strip(), MOST_BYTES)
    if root.tag != f"{{{VEDS}}}AutomatedCrashNotification":
        raise Malformed(Fault("/", f"an AutomatedCrashNotification of {VEDS}"))
    vehicle = root.find(f"{{{VEDS}}}Crash/{{{VEDS}}}CrashVehicle")
    if vehicle is None:
        raise Malformed(Fault("/AutomatedCrashNotification/Crash/CrashVehicle", "the vehicle"))
    turns = _first(root, VEDS, "CrashPulseRolloverQuarterTurnsValue")
    rolled = _flag(root, "VehicleRolloverIndicator")
    return Crash(
        severe=_flag(root, "SevereInjuryIndicator"),
        rolled_over=rolled
        if rolled is not None
        else (int(turns) > 0 if turns.isascii() and turns.isdecimal() else None),
        airbags_deployed=sum(_is_true(one.text) for one in root.iter(f"{{{VEDS}}}AirbagDeployedIndicator")),
        change_m_h=_change(root),
        make=_first(vehicle, NIEM, "ItemMakeName"),
        model=_first(vehicle, NIEM, "ItemModelName"),
        year=_first(vehicle, NIEM, "ItemModelYearDate"),
    )


def _first(element: Element, space: str, name: str) -> str:
    return next((" ".join((one.text or "").split())[:200] for one in element.iter(f"{{{space}}}{name}")), "")


def _is_true(text: str | None) -> bool:
    return (text or "").strip().lower() in {"true", "1"}


def _flag(root: Element, name: str) -> bool | None:
    text = _first(root, VEDS, name).lower()
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _change(root: Element) -> int | None:
    measure = next(root.iter(f"{{{VEDS}}}CrashPulseChangeInVelocityMeasure"), None)
    if measure is None:
        return None
    value, unit = _first(measure, NIEM, "MeasurePointValue"), _first(measure, NIEM, "MeasureUnitText").upper()
    if not (value.isascii() and value.isdecimal()) or len(value) > 4:
        return None
    return {"MPH": int(value) * KMH_IN_MPH // 1_000, "KPH": int(value) * 1_000, "KM/H": int(value) * 1_000}.get(unit)
