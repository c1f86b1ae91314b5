"""What is reported of an address that the geofile does not know."""

from datetime import UTC, datetime
from typing import Any

from redstick.dispatch.rules.follow_ups import FollowUp
from redstick.geo.geocoder.result import Reason
from redstick.kernel.values import Instant

# The geocoder's reasons that a problem of i3's GisDiscrepancyReport says; every other is OtherGis.
PROBLEMS = {
    Reason.NUMBER_OUTSIDE: "AddressRange",
    Reason.NUMBER_PARITY: "AddressRange",
    Reason.NO_RANGES: "AddressRange",
    Reason.BLOCK_CUT_SHORT: "AddressRange",
    Reason.STREETS_SHARE_NO_NODE: "BadGeometry",
    Reason.AREA_UNVERIFIED: "OmittedField",
    Reason.BLOCK_TWICE: "DuplicateAttribute",
}


def discrepancy_report(item: FollowUp, now: Instant, agency: str, contact: str, resolution_uri: str) -> dict[str, Any]:
    """The GisDiscrepancyReport of a follow-up (NENA-STA-010.3, discrepancy reporting): a value, to be sent by others.

    `agency` and `contact` (a jCard as text) are who reports, `resolution_uri` where the answer is to go.
    """
    doubts = [Reason(doubt) for doubt in item.place.doubts if doubt in set(Reason)]
    problem = next((PROBLEMS[doubt] for doubt in doubts if doubt in PROBLEMS), "OtherGis")
    where = f"{item.place.y / 1e7:.7f},{item.place.x / 1e7:.7f}" if item.place.x and item.place.y else ""
    return {
        "reportType": "GisDiscrepancyReport",
        "discrepancyReportId": item.id,
        "discrepancyReportSubmitTimeStamp": datetime.fromtimestamp(now / 1000, UTC).isoformat(),
        "reportingAgencyName": agency,
        "reportingContactJcard": contact,
        "resolutionUri": resolution_uri,
        "problemSeverity": "Dispatched without a verified address",
        "problem": problem,
        "location": where or item.place.text,
        "detail": f"{item.place.text!r} ({item.place.municipality or 'no municipality'}): "
        + (", ".join(doubts) or item.place.answer or "entered without a look-up"),
    }
