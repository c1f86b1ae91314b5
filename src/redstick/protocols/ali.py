"""ALI records as text, as a legacy 911 screen shows them: read tolerantly, kept whole.

**The standards are remembered, not read (U):** NENA 04-001 and 02-010 are not at hand and no public sample exists, so
the layout of a provider is never assumed. Each value is looked for by its own form, wherever it stands; what is not
found is unknown; the text is always there. Whoever connects a real provider checks this against real records first.
"""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed

MOST_BYTES = 8 << 10
DEGREE = 10_000_000
CLASSES = (
    "RESD", "BUSN", "RSDX", "BUSX", "PBX", "PBXB", "PBXR", "CNTX", "COIN", "PAY$", "MOBL", "WRLS", "WPH1", "WPH2",
    "TLMA", "VOIP", "VRES", "VBUS", "VPAY", "VMBL", "VNOM", "VENT", "NRF",
)  # fmt: skip
WIRELESS = {"MOBL", "WRLS", "WPH1", "WPH2"}
_CLASS = re.compile(rf"(?<![A-Z0-9])({'|'.join(re.escape(one) for one in CLASSES)})(?![A-Z0-9])")
_NUMBER = re.compile(r"(?<!\d)\(?(\d{3})\)?[ \-.]{0,2}(\d{3})[\-. ](\d{4})(?!\d)")
_CALLBACK = re.compile(r"(?:CALL ?BACK|CBN?|C/B)#?[:= ]{0,3}(?=[(\d])")
_POSITION = re.compile(r"([+-]\d{1,2}\.\d{3,8})[, ]{1,3}([+-]\d{1,3}\.\d{3,8})")
_UNSURE = re.compile(r"(?<![A-Z])(?:UNC|COF|UNCERTAINTY)[:= ]{0,3}(\d{1,7})(?!\d)")
_SURE = re.compile(r"(?<![A-Z])(?:CNF|COP|CONF|CONFIDENCE)[:= ]{0,3}(\d{1,3})(?!\d)")
_ZONE = re.compile(r"(?<![A-Z])ESN[:= ]{0,3}(\d{1,5})(?!\d)")
_HOUSE = re.compile(r" *(\d{1,6}[A-Z]?(?: 1/2)?) +([A-Z0-9][A-Z0-9 .'\-/]{2,58})")


class Ali(msgspec.Struct, frozen=True, kw_only=True):
    """One record. `text` is the whole of it, without the signs that frame it; every other value may be unknown.

    `x` and `y` are 1e-7 degrees, `radius_m` how unsure they are, `sure_pct` at which confidence.
    """

    text: str
    number: str = ""
    callback: str = ""
    service: str = ""
    street: str = ""
    zone: str = ""
    x: int | None = None
    y: int | None = None
    radius_m: int | None = None
    sure_pct: int | None = None

    @property
    def is_wireless(self) -> bool:
        """Whether the class of service is one of a wireless phone: then a street is that of a tower."""
        return self.service in WIRELESS


def read_ali(data: bytes) -> Ali:
    """The record that `data` holds; STX, ETX and other control signs frame it and are left out.

    Raises Malformed only for nothing at all and for more than 8 kB: whatever a provider sends, a person must see.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(Fault("ALI", f"at most {MOST_BYTES} bytes"))
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", data.decode("ascii", errors="replace").replace("\r", "\n"))
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    if not lines:
        raise Malformed(Fault("ALI", "a record; it is empty"))
    text = "\n".join(lines)
    searched = text.upper()
    service, unsure, sure, zone = (_found(one, searched) for one in (_CLASS, _UNSURE, _SURE, _ZONE))
    x, y = _place(searched)
    return Ali(
        text=text, number=_number(searched), callback=_callback(searched), service=service, street=_street(lines),
        zone=zone, x=x, y=y, radius_m=int(unsure) if unsure else None,
        sure_pct=int(sure) if sure and int(sure) <= 100 else None,
    )  # fmt: skip


def _found(pattern: re.Pattern[str], text: str) -> str:
    matched = pattern.search(text)
    return matched[1] if matched else ""


def _number(text: str) -> str:
    matched = _NUMBER.search(text)
    return "".join(matched.groups()) if matched else ""


def _callback(text: str) -> str:
    matched = _CALLBACK.search(text)
    return _number(text[matched.end() : matched.end() + 20]) if matched else ""


def _place(text: str) -> tuple[int | None, int | None]:
    matched = _POSITION.search(text)
    if not matched:
        return None, None
    y, x = float(matched[1]), float(matched[2])
    return (round(x * DEGREE), round(y * DEGREE)) if abs(y) <= 90 and abs(x) <= 180 else (None, None)


def _street(lines: list[str]) -> str:
    """The first line that begins with a house number and goes on with a name, but for one with a telephone number."""
    for line in lines:
        matched = _HOUSE.fullmatch(line.upper())
        if matched and not _NUMBER.search(line) and not matched[2].replace(" ", "").isdigit():
            return " ".join(line.split())
    return ""
