"""Which events a rule's log source means: Sigma's categories and services as Windows channels and event ids.

Facts of the Sigma taxonomy (specification appendix) and of the Windows event log. A category may be fed from several
sources: process creation comes from Sysmon 1 and from Security 4688, whose fields have other names (`ALIASES`).
Security 4657 and 5156 feed no category: they record device paths and value types where the rules, and above all their
exclusions, expect drive letters and plain values, so that every exclusion would fail open.
"""

from collections.abc import Mapping

from msgspec import Struct

from redstick.defense.sigma.rules import LogSource
from redstick.defense.sigma.tree import Match, Node, Not

SYSMON = "Microsoft-Windows-Sysmon/Operational"
SECURITY = "Security"
POWERSHELL = ("Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational")
CLASSIC_POWERSHELL = "Windows PowerShell"
DEFENDER = "Microsoft-Windows-Windows Defender/Operational"
KERNEL_FILE = "Microsoft-Windows-Kernel-File/Analytic"


class Source(Struct, frozen=True):
    """Where an event comes from. `event_id` is text and only for Windows; services and categories are in lower case."""

    product: str
    services: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channel: str = ""
    event_id: str = ""


SERVICE_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "application": ("Application",),
    "applocker": (
        "Microsoft-Windows-AppLocker/MSI and Script",
        "Microsoft-Windows-AppLocker/EXE and DLL",
        "Microsoft-Windows-AppLocker/Packaged app-Deployment",
        "Microsoft-Windows-AppLocker/Packaged app-Execution",
    ),
    "appmodel-runtime": ("Microsoft-Windows-AppModel-Runtime/Admin",),
    "appxdeployment-server": ("Microsoft-Windows-AppXDeploymentServer/Operational",),
    "appxpackaging-om": ("Microsoft-Windows-AppxPackaging/Operational",),
    "bitlocker": ("Microsoft-Windows-BitLocker/BitLocker Management",),
    "bits-client": ("Microsoft-Windows-Bits-Client/Operational",),
    "capi2": ("Microsoft-Windows-CAPI2/Operational",),
    "certificateservicesclient-lifecycle-system": (
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
    ),
    "codeintegrity-operational": ("Microsoft-Windows-CodeIntegrity/Operational",),
    "dhcp": ("Microsoft-Windows-DHCP-Server/Operational",),
    "diagnosis-scripted": ("Microsoft-Windows-Diagnosis-Scripted/Operational",),
    "dns-client": ("Microsoft-Windows-DNS Client Events/Operational", "Microsoft-Windows-DNS-Client/Operational"),
    "dns-server": ("DNS Server",),
    "dns-server-analytic": ("Microsoft-Windows-DNS-Server/Analytical",),
    "driver-framework": ("Microsoft-Windows-DriverFrameworks-UserMode/Operational",),
    "firewall-as": ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",),
    "iis-configuration": ("Microsoft-IIS-Configuration/Operational",),
    "ldap": ("Microsoft-Windows-LDAP-Client/Debug",),
    "lsa-server": ("Microsoft-Windows-LSA/Operational",),
    "microsoft-servicebus-client": ("Microsoft-ServiceBus-Client",),
    "msexchange-management": ("MSExchange Management",),
    "ntfs": ("Microsoft-Windows-Ntfs/Operational",),
    "ntlm": ("Microsoft-Windows-NTLM/Operational",),
    "openssh": ("OpenSSH/Operational",),
    "powershell": POWERSHELL,
    "powershell-classic": (CLASSIC_POWERSHELL,),
    "printservice-admin": ("Microsoft-Windows-PrintService/Admin",),
    "printservice-operational": ("Microsoft-Windows-PrintService/Operational",),
    "security": (SECURITY,),
    "security-mitigations": (
        "Microsoft-Windows-Security-Mitigations/Kernel Mode",
        "Microsoft-Windows-Security-Mitigations/User Mode",
        "Microsoft-Windows-Security-Mitigations/KernelMode",
        "Microsoft-Windows-Security-Mitigations/UserMode",
    ),
    "shell-core": ("Microsoft-Windows-Shell-Core/Operational",),
    "smbclient-connectivity": ("Microsoft-Windows-SmbClient/Connectivity",),
    "smbclient-security": ("Microsoft-Windows-SmbClient/Security",),
    "smbserver-connectivity": ("Microsoft-Windows-SMBServer/Connectivity",),
    "sysmon": (SYSMON,),
    "system": ("System",),
    "taskscheduler": ("Microsoft-Windows-TaskScheduler/Operational",),
    "terminalservices-localsessionmanager": ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",),
    "vhdmp": ("Microsoft-Windows-VHDMP/Operational",),
    "windefend": (DEFENDER,),
    "wmi": ("Microsoft-Windows-WMI-Activity/Operational",),
}

_SYSMON_EVENTS: Mapping[str, tuple[int, ...]] = {
    "process_creation": (1,),
    "file_change": (2,),
    "network_connection": (3,),
    "sysmon_status": (4, 16),
    "process_termination": (5,),
    "driver_load": (6,),
    "image_load": (7,),
    "create_remote_thread": (8,),
    "raw_access_thread": (9,),
    "process_access": (10,),
    "file_event": (11,),
    "registry_add": (12,),
    "registry_delete": (12,),
    "registry_set": (13,),
    "registry_rename": (14,),
    "registry_event": (12, 13, 14),
    "create_stream_hash": (15,),
    "pipe_created": (17, 18),
    "wmi_event": (19, 20, 21),
    "dns_query": (22,),
    "file_delete": (23, 26),
    "clipboard_capture": (24,),
    "process_tampering": (25,),
    "file_block_executable": (27,),
    "file_block_shredding": (28,),
    "file_executable_detected": (29,),
    "sysmon_error": (255,),
}

# category -> (channel, event ids) beside Sysmon's
_OTHER_EVENTS: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "process_creation": ((SECURITY, (4688,)),),
    "process_termination": ((SECURITY, (4689,)),),
    "ps_module": tuple((channel, (4103,)) for channel in POWERSHELL),
    "ps_script": tuple((channel, (4104,)) for channel in POWERSHELL),
    "ps_classic_start": ((CLASSIC_POWERSHELL, (400,)),),
    "ps_classic_provider_start": ((CLASSIC_POWERSHELL, (600,)),),
    "ps_classic_script": ((CLASSIC_POWERSHELL, (800,)),),
    "file_access": ((KERNEL_FILE, (12,)),),
    "file_rename": ((KERNEL_FILE, (19, 27)),),
    "antivirus": (
        (DEFENDER, (1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116, 1117, 1118, 1119)),
    ),
}

# Sigma's name of a header field -> the names that collectors give it; the reader adds the first where it is absent.
HEADER_NAMES: Mapping[str, tuple[str, ...]] = {
    "Provider_Name": ("SourceName", "ProviderName"),
    "Computer": ("Hostname", "ComputerName", "MachineName"),
}

# (channel, event id) -> Sigma's field name from the field that the source records; used where the first is absent.
_AUDIT_PROCESS = {
    "Image": "NewProcessName",
    "ParentImage": "ParentProcessName",
    "User": "SubjectUserName",
    "LogonId": "SubjectLogonId",
    "IntegrityLevel": "MandatoryLabel",
}
# Defender writes its names with spaces; rules write them without, or with an underscore.
_DEFENDER_NAMES = (
    "Action Name",
    "Category Name",
    "Detection User",
    "Feature Name",
    "New Value",
    "Old Value",
    "Process Name",
    "Severity Name",
    "Source Name",
    "Threat Name",
)
_DEFENDER = {name.replace(" ", joint): name for name in _DEFENDER_NAMES for joint in ("", "_")}
_ANTIVIRUS = {"Signature": "Threat Name", "Filename": "Path", "User": "Detection User"}
ALIASES: Mapping[tuple[str, str], Mapping[str, str]] = {
    (SECURITY.lower(), "4688"): _AUDIT_PROCESS,
    (SECURITY.lower(), "4689"): {"Image": "ProcessName", "User": "SubjectUserName"},
    **{(DEFENDER.lower(), str(i)): _DEFENDER | _ANTIVIRUS for i in _OTHER_EVENTS["antivirus"][0][1]},
    (DEFENDER.lower(), ""): _DEFENDER,
}

# Sysmon 12 records both; a collector may overwrite EventType, so only the known opposite shuts a rule out.
_GUARDS: Mapping[str, Node] = {
    "registry_add": Not(Match("EventType", "startswith", ("delete",))),
    "registry_delete": Not(Match("EventType", "equals", ("createkey",))),
}

Place = tuple[str, str]  # channel in lower case, event id


def _category_places() -> dict[str, tuple[Place, ...]]:
    out: dict[str, list[Place]] = {}
    for category, ids in _SYSMON_EVENTS.items():
        out.setdefault(category, []).extend((SYSMON.lower(), str(i)) for i in ids)
    for category, feeds in _OTHER_EVENTS.items():
        out.setdefault(category, []).extend((channel.lower(), str(i)) for channel, ids in feeds for i in ids)
    return {category: tuple(places) for category, places in out.items()}


CATEGORY_PLACES = _category_places()
_CHANNEL_SERVICES: dict[str, tuple[str, ...]] = {}
for _service, _channels in SERVICE_CHANNELS.items():
    for _channel in _channels:
        _CHANNEL_SERVICES[_channel.lower()] = (*_CHANNEL_SERVICES.get(_channel.lower(), ()), _service)
_PLACE_CATEGORIES: dict[Place, tuple[str, ...]] = {}
for _category, _places in CATEGORY_PLACES.items():
    for _place in _places:
        _PLACE_CATEGORIES[_place] = (*_PLACE_CATEGORIES.get(_place, ()), _category)


def windows_source(channel: str, event_id: str) -> Source:
    """The source of a Windows event; channels compare without case, as Windows does."""
    folded = channel.lower()
    services, categories = _CHANNEL_SERVICES.get(folded, ()), _PLACE_CATEGORIES.get((folded, event_id), ())
    return Source("windows", services, categories, folded, event_id)


def categories_of(channel: str) -> tuple[str, ...]:
    """All categories that a Windows channel, in lower case, feeds with one event id or another."""
    return tuple(c for c, places in CATEGORY_PLACES.items() if any(place[0] == channel for place in places))


def aliases_of(source: Source) -> Mapping[str, str]:
    """Sigma's field names for names that this place gives them: of the event id, else of the whole channel."""
    return ALIASES.get((source.channel, source.event_id)) or ALIASES.get((source.channel, ""), {})


def looks_at(rule: LogSource, event: Source) -> bool:
    """Whether a rule of this log source is to see an event of that source: every attribute that it names is met."""
    return (
        (rule.product is None or rule.product == event.product)
        and (rule.category is None or rule.category in event.categories)
        and (rule.service is None or rule.service in event.services)
    )


def covers(outer: LogSource, inner: LogSource) -> bool:
    """Whether `outer` names nothing that `inner` does not name alike: filters bind so."""
    pairs = ((outer.product, inner.product), (outer.category, inner.category), (outer.service, inner.service))
    return all(wide is None or wide == narrow for wide, narrow in pairs)


def guard_of(rule: LogSource) -> Node | None:
    """What must hold beside the rule because its category shares an event id with its opposite."""
    return _GUARDS.get(rule.category or "") if rule.product in {None, "windows"} else None


def is_known(rule: LogSource) -> bool:
    """Whether the log source of a Windows rule maps to any channel; rules of other products carry their own names."""
    if rule.product != "windows":
        return True
    return (rule.category is None or rule.category in CATEGORY_PLACES) and (
        rule.service is None or rule.service in SERVICE_CHANNELS
    )
