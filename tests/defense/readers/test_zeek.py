"""Zeek logs: JSON by `_path`, and the tab-separated form with its own header."""

import io

from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_sources import classify
from redstick.defense.readers.zeek import zeek_tsv
from redstick.defense.sigma.logsources import Source

LOG = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    "#fields\tts\tuid\tid.orig_h\tquery\tqtype_name\tanswers\n#types\ttime\tstring\taddr\tstring\tstring\tvector[string]\n"
)


def read(text):
    """Events and tally of a log."""
    tally = Tally()
    return list(zeek_tsv(io.BytesIO(text.encode()), tally)), tally


def test_a_row_has_its_headers_names_and_types():
    """Lists are lists, escapes are characters, and Sigma's names stand beside Zeek's."""
    (event,), _ = read(LOG + "1767323045.5\tC1\t10.0.0.1\ta\\x09b\tA\t1.1.1.1,1.0.0.1\n#close\tx\n")
    assert event.source == Source("zeek", ("dns",), ("dns",))
    assert event.fields["query"] == "a\tb"
    assert event.fields["answers"] == event.fields["answer"] == ["1.1.1.1", "1.0.0.1"]
    assert event.fields["record_type"] == "A"


def test_unset_is_absent_and_empty_is_empty():
    """`-` and `(empty)` are the decoder's own words for no value and for an empty one."""
    (event,), _ = read(LOG + "1\tC1\t-\t(empty)\t-\t(empty)\n")
    assert "id.orig_h" not in event.fields
    assert (event.fields["query"], event.fields["answers"]) == ("", [])


def test_a_row_of_another_width_is_lost_and_a_second_header_counts():
    """Rotated files are appended with their headers."""
    found, tally = read(LOG + "1\t2\n" + LOG.replace("dns", "http") + "1\tC1\t-\tx\t-\t-\n")
    assert [event.source.services for event in found] == [("http",)]
    assert tally.lost == 1


def test_json_is_named_by_its_path():
    """HTTP feeds proxy and web server rules."""
    source, fields = classify(
        {"_path": "http", "uri": "/x", "host": "h", "user_agent": "curl", "id.orig_h": "10.0.0.1"}
    )
    assert source == Source("zeek", ("http",), ("proxy", "webserver"))
    assert (fields["c-uri"], fields["cs-host"], fields["c-useragent"]) == ("/x", "h", "curl")
