"""Common Event Format: header, extension, escapes, labels; whatever else is no CEF."""

import io

import pytest

from redstick.defense.readers.cef import cef_fields, cef_lines
from redstick.defense.readers.event import Tally
from redstick.defense.sigma.logsources import Source

LINE = "CEF:0|Security|threatmanager|1.0|100|worm successfully stopped|10|src=10.0.0.1 dst=2.1.2.2 spt=1232"


def test_header_and_extension_become_fields():
    """Names of the header as the format has them, keys of the extension, and Sigma's names beside."""
    fields = cef_fields(LINE)
    assert fields["DeviceVendor"] == "Security"
    assert fields["Name"] == "worm successfully stopped"
    assert (fields["src"], fields["src_ip"], fields["dst_ip"], fields["src_port"]) == (
        "10.0.0.1",
        "10.0.0.1",
        "2.1.2.2",
        "1232",
    )


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (r"CEF:0|a\|b|p|1|2|n|3|x=1", "DeviceVendor", "a|b"),
        (r"CEF:0|v|p|1|2|n\\|3|x=1", "Name", "n\\"),
        (r"CEF:0|v|p|1|2|n|3|msg=one two\=three act=drop", "msg", "one two=three"),
        (r"CEF:0|v|p|1|2|n|3|msg=line one\nline two", "msg", "line one\nline two"),
        ("CEF:0|v|p|1|2|n|3|cs1=bob cs1Label=User", "User", "bob"),
        ("<14>Sep 19 08:26:10 host CEF:0|v|p|1|2|n|3|", "syslog_header", "<14>Sep 19 08:26:10 host"),
    ],
)
def test_escapes_labels_and_prefixes(text, name, value):
    """Bars and equals signs can be escaped, labels name custom fields, a syslog header is kept."""
    assert cef_fields(text)[name] == value


@pytest.mark.parametrize("text", ["", "CEF:", "CEF:0|v|p|1|2|n", "no CEF here", "CEF:0|" + "\\" * 50_000])
def test_what_is_no_cef_is_none(text):
    """Too few bars, or none."""
    assert cef_fields(text) is None


def test_a_vendor_names_the_product_and_lost_lines_are_counted():
    """A known vendor is Sigma's product; a line without CEF is one loss."""
    tally = Tally()
    text = b"CEF:0|Fortinet|FortiGate|7|1|n|3|act=deny dst=1.2.3.4 cat=traffic\nnothing\n"
    (event,) = cef_lines(io.BytesIO(text), tally)
    assert event.source == Source("fortigate", ("fortigate", "event", "traffic"), ("firewall",))
    assert (tally.received, tally.decoded, tally.lost) == (2, 1, 1)
