"""The Linux audit log: records of one event joined, encoded text decoded, hostile lines bounded."""

import io

import pytest

from redstick.defense.readers.auditd import MAX_OPEN, MAX_RECORDS, audit_events, audit_record
from redstick.defense.readers.event import Tally
from redstick.defense.sigma.logsources import Source

START = (
    "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=59 success=yes ppid=2686 pid=3538 uid=500 exe="
)


def events(text, tally=None, forced=None):
    """Events of a log."""
    data = text.encode() if isinstance(text, str) else text
    return list(audit_events(io.BytesIO(data), tally if tally is not None else Tally(), forced))


def test_records_of_one_serial_are_one_event_that_starts_a_process():
    """SYSCALL, EXECVE, CWD and PATH become one event with the field names of process creation."""
    text = f"""{START}"/usr/bin/cat" comm="cat" key="watch"
type=EXECVE msg=audit(1364481363.243:24287): argc=3 a0="cat" a1="/etc/shadow" a2=2D2D6120622063
type=CWD msg=audit(1364481363.243:24287): cwd="/home/shadowman"
type=EOE msg=audit(1364481363.243:24287):
"""
    (event,) = events(text)
    assert event.source == Source("linux", ("auditd",), ("process_creation",))
    assert event.fields["type"] == ["SYSCALL", "EXECVE", "CWD"]
    assert event.fields["CommandLine"] == "cat /etc/shadow --a b c"
    assert (event.fields["Image"], event.fields["CurrentDirectory"]) == ("/usr/bin/cat", "/home/shadowman")
    assert (event.fields["ParentProcessId"], event.fields["User"]) == ("2686", "500")
    assert event.fields["timestamp"] == "2013-03-28T14:36:03.243+00:00"


def test_a_long_argument_in_pieces_is_whole_again():
    """The kernel splits long arguments, also over records; a command line hides nothing behind that."""
    text = f"""{START}"/bin/sh"
type=EXECVE msg=audit(1364481363.243:24287): argc=3 a0="sh" a1="-c" a2_len=9 a2[0]="curl "
type=EXECVE msg=audit(1364481363.243:24287): a2[1]="evil"
"""
    (event,) = events(text)
    assert event.fields["CommandLine"] == "sh -c curl evil"


def test_two_machines_and_two_serials_are_not_joined():
    """A node's name is part of what belongs together, and interleaved events stay apart."""
    line = "type=USER_LOGIN msg=audit(1.5:7): pid=1 uid=0 msg='op=login acct=\"root\" res=failed'\n"
    found = events("node=a " + line + "node=b " + line + line.replace(":7)", ":8)"))
    assert [event.fields.get("node") for event in found] == ["a", "b", None]
    assert found[0].fields["acct"] == "root"
    assert found[0].fields["res"] == "failed"


def test_a_created_file_and_a_socket_feed_their_categories():
    """PATH with nametype CREATE is a file event, SOCKADDR a connection."""
    head = "(1.5:7): "
    (made,) = events(f'type=SYSCALL msg=audit{head}exe="/bin/cp"\ntype=PATH msg=audit{head}name="/x" nametype=CREATE\n')
    assert (made.source.categories, made.fields["TargetFilename"]) == (("file_event",), "/x")
    (joined,) = events(f"type=SOCKADDR msg=audit{head}saddr=0200\n")
    assert joined.source.categories == ("network_connection",)


def test_what_is_no_record_is_lost_and_counted():
    """Other lines cost nothing but themselves; a prefix of syslog is passed over."""
    tally = Tally()
    found = events("hello\n\xff\nJan  1 00:00:00 h audispd: type=LOGIN msg=audit(1.5:7): pid=1\n", tally)
    assert len(found) == 1
    assert tally.losses == {"not an audit record": 2}
    assert tally.received == tally.decoded + tally.lost


def test_a_source_that_is_forced_holds():
    """Who names the log source is believed."""
    forced = Source("aix", ("audit",))
    assert events("type=LOGIN msg=audit(1.5:7): pid=1\n", forced=forced)[0].source == forced


@pytest.mark.parametrize(
    "piece", ["node=", "type=", "a", "a=", "a='", 'a="', "a[1]", "msg=audit(", "type=A msg=audit(1.5:7): aa"]
)
def test_a_hostile_line_takes_time_in_proportion_to_its_length(piece):
    """64 kB of any repeated beginning is read at once: with a quadratic pattern this test would not end."""
    tally = Tally()
    events((piece * 64_000)[:65_000] + "\n" + f"type=LOGIN msg=audit(1.5:7): {(piece * 64_000)[:65_000]}\n", tally)
    assert tally.received == tally.decoded + tally.lost > 0


def test_events_that_never_end_are_given_out_and_their_records_bounded():
    """An open event is given out when enough others have come, and one event keeps so many records."""
    lines = [f"type=A msg=audit(1.0:{i}): pid=1" for i in range(MAX_OPEN + 5)]
    assert len(events("\n".join(lines))) == MAX_OPEN + 5
    tally = Tally()
    (one,) = events("\n".join(f"type=A msg=audit(1.0:1): n={i}" for i in range(MAX_RECORDS + 3)), tally)
    assert len(one.fields["n"]) == MAX_RECORDS
    assert tally.repairs["records beyond the limit of one event"] == 3


def test_a_time_beyond_reason_is_no_fault():
    """Seconds beyond the calendar's end are held at its end."""
    assert audit_record("type=A msg=audit(999999999999.000:1): ")["timestamp"].startswith("9999-12-31")
