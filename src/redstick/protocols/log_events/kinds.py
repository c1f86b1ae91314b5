"""The 62 kinds of log event, and what each must say beside the envelope, spelled as in the published interface.

The interface contradicts itself in three places; what we take stands in `SPELLINGS` and beside `MediaStartLogEvent`.
"""

ENVELOPE = ("logEventType", "timestamp", "agencyId", "elementId")
DIRECTIONS = ("incoming", "outgoing")
CALL_TYPES = (
    "emergency", "nonEmergency", "silentMonitoring", "intervene", "legacyWireline", "legacyWireless", "legacyVoip",
)  # fmt: skip

_NEEDS = {
    "": "CallProcess AdditionalAgency IncidentClear IncidentReopen GatewayCall Hookflash",
    "direction": "CallStart CallEnd RecCallStart RecCallEnd SessionStart SessionEnd Eido",
    "target": "CallTransfer",
    "recipientUri ruleId policyOwner policyType": "Route",
    "sdp mediaLabel direction": "MediaStart",  # the interface says mediaLabal, once, and defines mediaLabel
    "sdp mediaLabel": "RecMediaStart",
    "mediaLabel": "MediaEnd RecMediaEnd",
    "sdp reasonCode reasonText": "RecordingFailed",
    "text direction": "Message CallSignalingMessage NonRtpMediaMessage",
    "incidentId mergeIncidentId": "IncidentMerge",
    "incidentId unmergedFromIncidentId": "IncidentUnMerge",
    "incidentId linkedIncidentId relationship": "IncidentLink",
    "incidentId unlinkedFromIncidentId": "IncidentUnLink",
    "incidentId type": "IncidentSplit",
    "queryAdapter direction queryId": "LostQuery",
    "responseAdapter direction responseId": "LostResponse",
    "text": "SipRecMetadata",
    "text direction queryId": "AliLocationQuery",
    "text direction responseId": "AliLocationResponse AdditionalDataResponse LocationResponse",
    "uri text direction queryId": "AdditionalDataQuery LocationQuery",
    "text ipAddress": "MalformedMessage",
    "contents direction type": "DiscrepancyReport",
    "notificationContents direction": "ElementStateChange",
    "newState affectedServiceIdentifier direction": "ServiceStateChange",
    "notificationContents queueId direction": "QueueStateChange",
    "primaryAgentState": "AgentStateChange",
    "state direction": "CallStateChange",
    "state direction legCallId": "SessionStateChange",
    "digits sentReceived type": "LegacyDigits",
    "responseStatus": "KeepAliveFailure",
    "ruleId priority message policyOwner policyType": "RouteRuleMsg",
    "policyType owner changeType policyContent policyStoreId policyEditor": "PolicyChange",
    "source response": "Versions",
    "package peer parameter expiration response purpose direction subscriptionId": "Subscribe",
    "announcementType": "AnnouncementStart AnnouncementEnd",
    "queryId direction peerId incidentId": "EidoDereferenceFactoryQuery",
    "peerId direction queryId": "SubscriptionRequested",
    "queryId direction": "SubscriptionRequestedResponse",
    "peerId subscriptionId direction reason": "SubscriptionTerminated",
    "peerId incidentId reasonCode reasonText": "EidoDenied",
    "peerId transactionId direction retries reasonCode reasonText": "EidoTransmissionError",
    "peerId direction statusCode statusDescription webSocketId": "WebSocketEstablished",
    "peerId direction closeCode closeText webSocketId": "WebSocketTerminated",
}
NEEDS: dict[str, tuple[str, ...]] = {
    f"{name}LogEvent": tuple(fields.split()) for fields, names in _NEEDS.items() for name in names.split()
} | {"EidoDereferenceFactoryQueryResponse": ("queryId", "direction", "peerId")}

SPELLINGS = {
    "EidoDereferenceFactoryQueryResponseLogEvent": "EidoDereferenceFactoryQueryResponse",
    "SubscriptionRequested": "SubscriptionRequestedLogEvent",
    "SubscriptionTerminated": "SubscriptionTerminatedLogEvent",
    "CallSignallingMessageLogEvent": "CallSignalingMessageLogEvent",
}  # names that are met in the field and in the interface's own schemas, and the one that its list has
LISTS = ("mediaLabel", "parameter")
NUMBERS = ("priority", "expiration", "expires", "retries", "closeCode")
WORDS = {
    "direction": DIRECTIONS, "standardPrimaryCallType": CALL_TYPES, "standardSecondaryCallType": CALL_TYPES,
    "relationship": ("parent", "child", "unspecified"), "sentReceived": ("sent", "received"),
    "primaryAgentState": ("Available", "NotAvailable"), "changeType": ("CREATE", "UPDATE", "DELETE"),
    "purpose": ("initial", "refresh", "terminate"),
}  # fmt: skip
