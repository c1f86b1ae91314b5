"""Discrepancy reports (NENA-STA-010.3): what one agency tells another that is wrong, and what comes back.

The 19 kinds with what each must say, and their words for the problem, as the published interface lists them.
"""

import json
from typing import Any

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.json_tree import read_json
from redstick.protocols.times import read_time

MOST_BYTES = 1 << 20
ENVELOPE = (
    "resolutionUri", "reportType", "discrepancyReportSubmitTimeStamp", "discrepancyReportId", "reportingAgencyName",
    "reportingContactJcard", "problemSeverity",
)  # fmt: skip
NEEDS = {
    "PolicyStore": ("policyAgencyName", "problem", "retrievePolicyResponse"),
    "Lost": ("query", "request", "response", "problem"), "Bcf": ("problem", "sosSource", "eventTimestamp"),
    "Logging": ("request", "problem", "result"), "CallTaker": ("callIdUrn", "incidentIdUrn", "pidfLo", "callHeader"),
    "Sip": ("problem",), "Permissions": ("problem", "resource", "identity", "result"), "Gis": ("problem",),
    "Lis": ("problem",), "Policy": ("policyId",), "OriginatingService": ("problem",),
    "CallTransfer": ("callId", "incidentId", "origin", "status", "destination"),
    "Mcs": ("serviceCall", "pidfLo", "msag", "statusCode"), "Esrp": ("problem",), "Adr": ("problem",),
    "Network": ("problem", "timestamp"), "Imr": ("problem", "callId", "callHeader"),
    "TestCall": (
        "problem", "callIdUrn", "request", "nbrOfCalls", "successCount", "failCount", "time", "result", "mediaOk",
    ),
    "LogSignatureCertificate": ("problem", "logIdentifier"),
}  # fmt: skip
_WORDS = {
    "PolicyStore": "PolicyInvalid PolicyAltered SignatureVerificationFailure PolicyMissing OtherPolicyStore",
    "Lost": "BelievedValid BelievedInvalid NoSuchLocation RouteIncorrect MultipleMappings ServiceBoundaryIncorrect"
    " ServiceNumberIncorrect DataExpired IncorrectUri LocationErrorInError OtherLost",
    "Bcf": "InitialTrafficBlocked MidTrafficBlocked BadSdp BadSip MediaLoss TrafficNotBlockedBadActor TrafficNotBlocked"
    " Qos BadCdr Tty Firewall OtherBcf",
    "Logging": "InviteSrsError LogEventError RetrieveLogEventError OtherLogging",
    "Sip": "InitialINVITE MESSAGE OPTIONS MidDialog RequiredMedia MediaProblem EngorgedQ Signaling OtherSip",
    "Permissions": "UnableAuthenticate UnableSubscribe AbleSubscribe UnableRead UnableWrite UnableDelete AbleRead"
    " AbleWrite AbleDelete OtherPermissions",
    "Gis": "Gap Overlap IncorrectLost BadGeometry DuplicateAttribute OmittedField IncorrectDataType AddressRange"
    " GeneralProvisioning MalformedUri DisplayData OtherGis",
    "Lis": "IncorrectRecords OwnLocationUnavailable LocationReferenceNotResolved BadPidfLo IncorrectLocation OtherLis",
    "Policy": "InvalidUrn UnknownPSAP ConflictingRoute OtherConflict IncorrectUrn Malformed Loop VerificationFailure"
    " OtherPolicy",
    "OriginatingService": "LocationNotLvfValid LocationNotUsable NoAni BadPidfLo QueryTimeOut CallDropped"
    " IncorrectLocation BadSip CallDrought CallFlood InvalidAdr BadAdditionalData OtherOsp StiError",
    "Esrp": "CallReceived EngorgedQ CallDrought",
    "Adr": "ReferenceNotResolved Malformed UnknownBlock ReceivedIncorrectData TooManyUris OtherAdr",
    "Network": "ReferenceNotResolved Malformed UnknownBlock ReceivedIncorrectData TooManyUris OtherAdr",
    "Imr": "EngorgedQ ResponseIncorrect ResponseConfusing CallTransferIncorrect ExcessiveSilence UnknownScript"
    " InputFailed ScriptLogicFailure OtherImr",
    "TestCall": "TestInvite TestMessage TestOptions TestMidDialog TestMedia TestLoopbackMedia TestSignaling"
    " OtherTestCall",
    "LogSignatureCertificate": "BadAlgorithm NoCert BadURL BadThumb BadCertX5c BadCertX5u BadSignature"
    " OtherLogSignature",
}
PROBLEMS = {kind: tuple(words.split()) for kind, words in _WORDS.items()}
NUMBERS = ("callVolume", "callVolumeTimePeriod", "nbrOfCalls", "successCount", "failCount", "result")


def faults_of(report: Any) -> list[Fault]:
    """What is wrong with the value of a report; empty when nothing is."""
    if not isinstance(report, dict):
        return [Fault("$", "an object")]
    said = report.get("reportType")
    kind = said.removesuffix("DiscrepancyReport") if isinstance(said, str) else ""
    faults = (
        [] if kind in NEEDS and said != kind else [Fault("$.reportType", f"one of the {len(NEEDS)} kinds of report")]
    )
    needed = (*ENVELOPE, *NEEDS.get(kind, ()))
    faults += [Fault(f"$.{name}", "a value; it is mandatory") for name in needed if name not in report]
    words = PROBLEMS.get(kind, ())
    if words and "problem" in report and report["problem"] not in words:
        faults.append(Fault("$.problem", f"one of {', '.join(words)}"))
    time = report.get("discrepancyReportSubmitTimeStamp")
    if isinstance(time, str) and read_time(time) is None:
        faults.append(Fault("$.discrepancyReportSubmitTimeStamp", "a time with its offset (RFC 3339)"))
    for name, value in report.items():
        if not isinstance(value, str) and not (kind == "TestCall" and (name in NUMBERS or name == "mediaOk")):
            wanted = "a whole number" if name in NUMBERS else "a text"
            if name not in NUMBERS or type(value) is not int:
                faults.append(Fault(f"$.{str(name)[:80]}", wanted))
    return faults


def read_report(data: bytes) -> dict[str, str]:
    """The report that `data` holds. Raises Malformed with every fault."""
    report = read_json(data, MOST_BYTES)
    faults = faults_of(report)
    if faults:
        raise Malformed(*faults)
    return dict(report)


def write_report(report: dict[str, Any]) -> bytes:
    """The bytes of a report. Raises Malformed for one that its receiver would refuse."""
    faults = faults_of(report)
    if faults:
        raise Malformed(*faults)
    return json.dumps(report, ensure_ascii=False).encode()
