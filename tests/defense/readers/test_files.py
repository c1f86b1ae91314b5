"""Any file to events: the format is found by content, and nothing that a file holds is raised."""

import gzip
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.defense.readers.event import Tally
from redstick.defense.readers.files import FORMATS, NotThatFormat, Settings, guess, one_per_line, open_events
from redstick.defense.sigma.logsources import Source

SETTINGS = Settings(datetime(2026, 1, 3, tzinfo=UTC))
SAMPLES = {
    "json": b'{"Channel":"Security","EventID":1}\n',
    "suricata": b'{"event_type":"alert","flow_id":1}\n',
    "cef": b"CEF:0|v|p|1|2|n|3|a=b\n",
    "auditd": b"type=LOGIN msg=audit(1.5:7): pid=1\n",
    "zeek": b"#separator \\x09\n#path\tconn\n#fields\tts\tuid\n1\t2\n",
    "syslog": b"Jan  2 03:04:05 h sshd[1]: x\n",
}


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        *((sample, "json" if kind == "suricata" else kind) for kind, sample in SAMPLES.items()),
        (b"ElfFile\0", "evtx"),
        (b"", "syslog"),
        (b"\n\n  [ {}", "json"),
        (b"[<0.1.0>] erlang", "syslog"),
        (b"<14>Jan  2 03:04:05 h CEF:0|v|p", "cef"),
        (bytes(range(128, 256)) * 20, "binary"),
        (bytes(500), "binary"),
        (b"Jan  2 03:04:05 h p: x\0\xff\n" * 20, "syslog"),
    ],
)
def test_the_beginning_names_the_format(head, kind):
    """A few broken bytes do not hide a log; what is hardly text is none."""
    assert guess(head) == kind


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (b'{"a":1}\n{"a":2}\n', True),
        (b'{"a":1}', True),
        (b'{broken\n{"a":2}\n', True),
        (b'{"a":"\xff"}\n', True),
        (b'{\n "a": {}\n}\n', False),
        (b'[{"a":1}]\n', False),
        (b'[\n{"a":1}\n]\n', False),
        (b'{"a":"' + b"x" * 70_000, False),
    ],
)
def test_lines_are_told_from_documents(head, wanted):
    """By a whole object in the first column; a broken first line does not mislead."""
    assert one_per_line(head) is wanted


@pytest.mark.parametrize("kind", list(SAMPLES))
@pytest.mark.parametrize("form", ["auto", "named"])
def test_every_format_is_reached_and_keeps_a_forced_source(tmp_path, kind, form):
    """Guessed or named, packed or not, one event comes of each sample."""
    forced = Source("city")
    for data in (SAMPLES[kind], gzip.compress(SAMPLES[kind])):
        path = tmp_path / "log"
        path.write_bytes(data)
        tally = Tally()
        settings = Settings(SETTINGS.reference, format="auto" if form == "auto" else kind, forced=forced)
        (event,) = open_events(path, tally, settings)
        assert (event.source, tally.decoded, tally.lost) == (forced, 1, 0)


def test_a_file_that_is_not_what_it_was_said_to_be_is_named(tmp_path):
    """Noise is no log, and text is no EVTX."""
    path = tmp_path / "log"
    path.write_bytes(b"\x80" * 5000)
    with pytest.raises(NotThatFormat, match="no log that is known here"):
        list(open_events(path, Tally(), SETTINGS))
    with pytest.raises(NotThatFormat, match="not an EVTX file"):
        list(open_events(path, Tally(), Settings(SETTINGS.reference, format="evtx")))


def test_a_first_line_of_64_mb_is_one_loss_and_the_next_event_is_read(tmp_path):
    """Whether the file is read by lines or as documents."""
    path = tmp_path / "log"
    with path.open("wb") as file:
        for piece in (b'{"a":"', *[b"x" * 1024 * 1024] * 64, b'"}\n', b'{"a":"next"}\n'):
            file.write(piece)
    for kind in ("auto", "json", "syslog"):
        tally = Tally()
        events = list(open_events(path, tally, Settings(SETTINGS.reference, format=kind)))
        assert [len(event.fields) for event in events] == [1], kind
        assert (tally.received, tally.lost) == (2, 1)


@given(
    st.sampled_from([kind for kind in FORMATS if kind not in {"auto", "evtx"}]),
    st.lists(
        st.sampled_from([*SAMPLES.values(), b'{"a":{"b":[1,{"c":null}]}}', b"\xff\xfe\0", b"[", b"{", b"\n", b'"']),
        max_size=6,
    ),
    st.binary(max_size=40),
    st.integers(0, 200),
)
def test_no_reader_raises_and_every_account_adds_up(tmp_path_factory, kind, parts, noise, at):
    """Samples, cut and mixed with noise, through every reader."""
    data = b"".join(parts)
    data = data[:at] + noise + data[at:]
    path = tmp_path_factory.getbasetemp() / "mixed"
    path.write_bytes(data)
    tally = Tally()
    events = list(open_events(path, tally, Settings(SETTINGS.reference, format=kind)))
    assert tally.received == tally.decoded + tally.spared + tally.lost
    assert len(events) == tally.decoded
    for event in events:
        json.dumps(event.fields)
        assert io.BytesIO(json.dumps(event.fields, ensure_ascii=False).encode())
