"""Windows events in their several JSON shapes, to one flat shape."""

import pytest

from redstick.defense.readers.json_sources import classify
from redstick.defense.readers.windows import flat_windows

SYSTEM = {
    "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
    "EventID": 1,
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Computer": "host",
    "TimeCreated": {"#attributes": {"SystemTime": "2026-01-01T00:00:00Z"}},
}
SHAPES = {
    "xml": {"Event": {"System": SYSTEM, "EventData": {"Image": "C:\\x.exe", "CommandLine": "x"}}},
    "winlogbeat": {
        "@timestamp": "2026-01-01T00:00:00Z",
        "winlog": {
            "channel": "Microsoft-Windows-Sysmon/Operational",
            "event_id": 1,
            "provider_name": "Microsoft-Windows-Sysmon",
            "computer_name": "host",
            "event_data": {"Image": "C:\\x.exe", "CommandLine": "x"},
        },
    },
    "flat": {
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "EventID": 1,
        "SourceName": "Microsoft-Windows-Sysmon",
        "Hostname": "host",
        "Image": "C:\\x.exe",
        "CommandLine": "x",
    },
}


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_shape_gives_the_same_names(shape):
    """Header names and data fields as the Sigma taxonomy has them, and one source."""
    source, fields = classify(SHAPES[shape])
    wanted = {"Provider_Name": "Microsoft-Windows-Sysmon", "Computer": "host", "Image": "C:\\x.exe", "CommandLine": "x"}
    assert {name: fields[name] for name in wanted} == wanted
    assert (source.channel, source.event_id) == ("microsoft-windows-sysmon/operational", "1")
    assert "process_creation" in source.categories


@pytest.mark.parametrize(
    "body",
    [
        {"EventData": {"Data": {"#text": ["a", "b"]}}},
        {"EventData": {"#text": ["a", "b"]}},
        {"EventData": {"Data": ["a", "b"]}},
    ],
)
def test_unnamed_data_stay_together_as_a_list(body):
    """Classic events: rules look for text in `Data`."""
    assert flat_windows({"Event": {"System": SYSTEM, **body}})[1]["Data"] == ["a", "b"]


def test_winlogbeats_numbered_parameters_are_unnamed_data_in_their_order():
    """`param10` comes after `param9`."""
    data = {f"param{i}": str(i) for i in (10, 9, 1)}
    fields = flat_windows({"winlog": {"channel": "Application", "event_id": 1, "event_data": data}})[1]
    assert fields["Data"] == ["1", "9", "10"]


def test_user_data_are_unwrapped_and_attributes_named():
    """UserData has one element of the provider's own around its fields; a qualified EventID keeps its number."""
    system = SYSTEM | {"EventID": {"#text": 104, "#attributes": {"Qualifiers": 0}}}
    fields = flat_windows({"Event": {"System": system, "UserData": {"LogFileCleared": {"Channel": "System", "x": 1}}}})[
        1
    ]
    assert (fields["EventID"], fields["EventID_Qualifiers"], fields["x"]) == (104, 0, 1)
    assert fields["TimeCreated_SystemTime"] == "2026-01-01T00:00:00Z"


def test_what_is_no_windows_event_is_none():
    """A document needs the header, `winlog`, or channel and event id."""
    assert flat_windows({"Event": "x"}) is None
    assert flat_windows({"EventID": 1}) is None
