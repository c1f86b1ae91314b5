"""The last resort: usaddress, a statistical reader, splits what the grammar could not place.

It gets three of four dispatcher forms wrong, so what it says is used only where nothing else was found, and an answer
by it is never Unique.
"""

from redstick.geo.geocoder.grammar import AddressReading, Number
from redstick.geo.geocoder.words import clean

_STREET_PARTS = (
    "StreetNamePreModifier", "StreetNamePreDirectional", "StreetNamePreType", "StreetName", "StreetNamePostType",
    "StreetNamePostDirectional",
)  # fmt: skip


def split_by_statistics(text: str) -> AddressReading | None:
    """A number, a street and a municipality as usaddress sees them; None where it sees no number and street."""
    import usaddress  # noqa: PLC0415  (it loads a model of some megabytes: only when it is needed)

    try:
        parts, _ = usaddress.tag(clean(text)[:200])
    except usaddress.RepeatedLabelError:
        return None
    number = str(parts.get("AddressNumber", ""))
    street = " ".join(str(parts[key]) for key in _STREET_PARTS if parts.get(key))
    if not number.isdigit() or len(number) > 6 or not street:
        return None
    return AddressReading(number=Number(int(number)), street=street, area=str(parts.get("PlaceName", "")))
