"""The sections eDispatch and eTimes as values, their XML fragment both ways, and the rules that we know."""

import re
from enum import StrEnum
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.times import read_time
from redstick.protocols.xml_tree import read_xml

NAMESPACE = "http://www.nemsis.org"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
MOST_BYTES = 1 << 20
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")  # the dictionary's: no Z
FIRST_YEAR, LAST_YEAR = 1950, 2050


class Not(StrEnum):
    """Why there is no value (NOT values)."""

    APPLICABLE = "7701001"
    RECORDED = "7701003"
    REPORTING = "7701005"


class Usage(StrEnum):
    """Whether an element must be there; a mandatory one has no NOT value in its stead."""

    MANDATORY = "Mandatory"
    REQUIRED = "Required"
    RECOMMENDED = "Recommended"
    OPTIONAL = "Optional"


class Kind(msgspec.Struct, frozen=True):
    """One element of the dictionary: its title, its usage, whether it is a time, what a text must look like."""

    title: str
    usage: Usage
    time: bool = True
    form: str = ""


_M, _Q, _C, _O = Usage.MANDATORY, Usage.REQUIRED, Usage.RECOMMENDED, Usage.OPTIONAL
NOT_ALLOWED: dict[Usage, tuple[Not, ...]] = {
    _M: (),
    _Q: (Not.APPLICABLE, Not.RECORDED),
    _C: (Not.APPLICABLE, Not.RECORDED, Not.REPORTING),
    _O: (),
}
DISPATCH: dict[str, Kind] = {
    "eDispatch.01": Kind("Dispatch Reason", _M, time=False, form=r"2301\d{3}"),
    "eDispatch.02": Kind("EMD Performed", _Q, time=False, form=r"230200[1357]"),
    "eDispatch.03": Kind("EMD Determinant Code", _O, time=False, form=r".{1,10}"),
    "eDispatch.05": Kind("Dispatch Priority (Patient Acuity)", _O, time=False, form=r"230500[1357]"),
    "eDispatch.06": Kind("Unit Dispatched CAD Record ID", _O, time=False, form=r".{3,50}"),
}
TIMES: dict[str, Kind] = {
    "eTimes.01": Kind("PSAP Call Date/Time", _Q),
    "eTimes.02": Kind("Dispatch Notified Date/Time", _O),
    "eTimes.03": Kind("Unit Notified by Dispatch Date/Time", _M),
    "eTimes.04": Kind("Dispatch Acknowledged Date/Time", _O),
    "eTimes.05": Kind("Unit En Route Date/Time", _Q),
    "eTimes.06": Kind("Unit Arrived on Scene Date/Time", _Q),
    "eTimes.07": Kind("Arrived at Patient Date/Time", _Q),
    "eTimes.08": Kind("Transfer of EMS Patient Care Date/Time", _C),
    "eTimes.09": Kind("Unit Left Scene Date/Time", _Q),
    "eTimes.10": Kind("Arrival at Destination Landing Area Date/Time", _O),
    "eTimes.11": Kind("Patient Arrived at Destination Date/Time", _Q),
    "eTimes.12": Kind("Destination Patient Transfer of Care Date/Time", _Q),
    "eTimes.13": Kind("Unit Back in Service Date/Time", _M),
    "eTimes.14": Kind("Unit Canceled Date/Time", _O),
    "eTimes.15": Kind("Unit Back at Home Location Date/Time", _O),
    "eTimes.16": Kind("EMS Call Completed Date/Time", _O),
    "eTimes.17": Kind("Unit Arrived at Staging Area Date/Time", _O),
}
SECTIONS = {"eDispatch": DISPATCH, "eTimes": TIMES}
KINDS = DISPATCH | TIMES
# Each should not be earlier than those before it (rules nemSch_e017 to e052, warnings there).
ORDER = (
    "eTimes.01", "eTimes.03", "eTimes.05", "eTimes.06", "eTimes.07", "eTimes.09", "eTimes.11", "eTimes.12", "eTimes.13",
)  # fmt: skip

Values = dict[str, str | Not]  # element name -> its text, or why there is none


def write_fragment(values: Values) -> bytes:
    """The two sections below a root of ours. Raises ValueError when they do not keep to the rules."""
    faults = faults_of(values)
    if faults:
        raise ValueError("; ".join(str(fault) for fault in faults))
    root = Element("PatientCareReport", {"xmlns": NAMESPACE})
    for section, kinds in SECTIONS.items():
        inner = SubElement(root, section)
        for name in kinds:
            value = values.get(name)
            if isinstance(value, Not):
                SubElement(inner, name, {NIL: "true", "NV": value.value})
            elif value is not None:
                SubElement(inner, name).text = value
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def read_fragment(data: bytes) -> Values:
    """The values of a fragment. Raises Malformed with every fault."""
    root = read_xml(data, MOST_BYTES)
    values: Values = {}
    faults: list[Fault] = []
    for section in root:
        for element in section:
            name = element.tag.rpartition("}")[2]
            place = f"/{section.tag.rpartition('}')[2]}/{name}"
            if name not in KINDS or name in values:
                faults.append(Fault(place, "an element of eDispatch or eTimes, once"))
            elif element.get("NV") is None:
                values[name] = element.text or ""
            elif element.get(NIL) != "true" or element.text or element.attrib["NV"] not in list(Not):
                faults.append(Fault(place, "a NOT value on an empty element with xsi:nil"))
            else:
                values[name] = Not(element.attrib["NV"])
    faults += faults_of(values)
    if faults:
        raise Malformed(*faults)
    return values


def faults_of(values: Values) -> list[Fault]:
    """What breaks the dictionary: missing elements, wrong forms, NOT values where none are allowed."""
    faults = [Fault(f"/{name}", "an element of eDispatch or eTimes") for name in values if name not in KINDS]
    for name, kind in KINDS.items():
        value = values.get(name)
        if value is None:
            if kind.usage in {_M, _Q}:
                faults.append(Fault(f"/{name}", f"{kind.title}: it is {kind.usage.lower()}"))
        elif isinstance(value, Not):
            if value not in NOT_ALLOWED[kind.usage]:
                faults.append(Fault(f"/{name}", f"a value: {kind.usage.lower()}, without this NOT value"))
        elif not _fits(kind, value):
            faults.append(Fault(f"/{name}", "a time with its offset, 1950 to 2050" if kind.time else kind.form))
    return faults


def out_of_order(values: Values) -> list[Fault]:
    """Times that are earlier than they should be: warnings, as a clock may be wrong and the record stands."""
    known = [(name, read_time(value)) for name in ORDER if (value := values.get(name)) and not isinstance(value, Not)]
    return [
        Fault(f"/{later}", f"not earlier than {earlier}")
        for index, (later, at) in enumerate(known)
        for earlier, before in known[:index]
        if at is not None and before is not None and at < before
    ]


def _fits(kind: Kind, value: str) -> bool:
    if not kind.time:
        return re.fullmatch(kind.form, value) is not None
    return bool(TIME.fullmatch(value)) and read_time(value) is not None and FIRST_YEAR <= int(value[:4]) <= LAST_YEAR
