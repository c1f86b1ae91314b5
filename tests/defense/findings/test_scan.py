"""Files through the rules: what is found, what correlations make of it, and what the account says of the rest."""

import os

from tests.defense.findings.made import FAILED, FORCED, NOW, SPRAY, compiled, event, scanned

from redstick.defense.findings.scan import log_files
from redstick.defense.readers.files import Settings
from redstick.defense.sigma.correlation import Limits


def write(path, *lines):
    """A file of lines."""
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_finding_says_which_rule_where_when_and_why(tmp_path):
    """With its place, its host and the values that made the rule fire; exclusions come last."""
    log = write(tmp_path / "a.json", event(result="opened"), event(5, result="forced open", door="7"))
    (finding,), scan = scanned(compiled(FORCED), log)
    assert (finding.kind, finding.about.title, finding.host) == ("detection", "Door forced", "door-1")
    assert finding.places == (f"{log}#2",)
    assert finding.first_ms == finding.last_ms == 1_772_359_500_000
    assert [(r.field, r.seen, r.wanted) for r in finding.because] == [
        ("result", "'forced open'", True),
        ("door", "'7'", False),
    ]
    assert (scan.account.whole.received, scan.account.findings) == (2, 1)


def test_a_correlation_over_files_in_any_order_is_one_finding_and_mutes_its_rule(tmp_path):
    """The base rule's hits are held back and counted; a copy of a file adds nothing."""
    one = write(tmp_path / "1.json", event(8, result="failed", card="x", door="c"), event(9, result="failed", card="y"))
    two = write(
        tmp_path / "2.json",
        event(1, result="failed", card="x", door="a"),
        event(2, result="failed", card="x", door="b"),
    )
    copy = write(tmp_path / "3.json", *two.read_text().splitlines())
    (finding,), scan = scanned(compiled(FAILED, SPRAY), one, two, copy)
    assert (finding.kind, finding.fields, finding.events, finding.value) == ("correlation", {"card": "x"}, 3, 3.0)
    assert finding.places == (f"{two}#1", f"{two}#2", f"{one}#1")
    assert scan.account.held_back == 6
    assert scan.account.correlations["repeated"] == 2


def test_equal_lines_of_one_file_are_events_of_their_own(tmp_path):
    """A log that says the same thing twice in a second says it twice."""
    count = SPRAY | {"correlation": SPRAY["correlation"] | {"type": "event_count", "condition": {"gte": 3}}}
    log = write(tmp_path / "a.json", *[event(result="failed", card="x")] * 3)
    (finding,), _ = scanned(compiled(FAILED, count), log)
    assert finding.events == 3


def test_a_base_rule_that_is_to_speak_speaks(tmp_path):
    """`generate: true` lists its hits beside the correlation."""
    loud = SPRAY | {"correlation": SPRAY["correlation"] | {"generate": True}}
    log = write(tmp_path / "a.json", *(event(i, result="failed", card="x", door=str(i)) for i in range(3)))
    findings, scan = scanned(compiled(FAILED, loud), log)
    assert [f.kind for f in findings] == ["detection"] * 3 + ["correlation"]
    assert scan.account.held_back == 0


def test_an_event_without_a_time_or_ahead_of_the_clock_is_counted(tmp_path):
    """It cannot take part in a correlation, and nobody is to think that it did."""
    ahead = event(result="failed", card="x", door="a").replace("2026-03-01", "2027-03-01")
    without = event(result="failed", card="x", door="b").replace("timestamp", "label")
    findings, scan = scanned(compiled(FAILED, SPRAY), write(tmp_path / "a.json", ahead, without))
    assert findings == []
    assert scan.account.without_time == 1
    assert scan.account.correlations["ahead of the clock"] == 1


def test_the_same_event_has_the_same_id_wherever_it_lies(tmp_path):
    """And another event, or another rule, another one."""
    one = write(tmp_path / "a.json", event(result="forced"), event(result="forced", door="2"))
    two = write(tmp_path / "b.json", "", event(result="forced"))
    findings, _ = scanned(compiled(FORCED), one, two)
    assert findings[0].uid == findings[2].uid != findings[1].uid


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path):
    """A file that is gone, one that is no log, and sources that no rule looks at."""
    log = write(tmp_path / "a.json", event(result="forced"), '{"some": "thing"}', '{"Channel": "Odd", "EventID": 1}')
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(128, 256)) * 100)
    findings, scan = scanned(compiled(FORCED), tmp_path / "gone", noise, log)
    assert len(findings) == 1
    assert scan.account.unreadable == {str(tmp_path / "gone"): "No such file or directory"}
    assert list(scan.account.skipped) == [str(noise)]
    assert scan.account.unwatched == ("json", "windows channel odd")


def test_lines_without_a_year_were_written_before_their_file_was_changed(tmp_path):
    """A log of last December that is read in spring keeps its year."""
    rule = {
        "title": "root",
        "level": "low",
        "logsource": {"product": "linux", "service": "sshd"},
        "detection": {"keywords": ["root"], "condition": "keywords"},
    }
    log = write(tmp_path / "auth.log", "Dec 31 23:59:00 h sshd[1]: root signed in")
    os.utime(log, (1_735_689_600, 1_735_689_600))  # 1 January 2025
    (finding,), _ = scanned(compiled(rule), log)
    assert finding.first_ms == 1_735_689_540_000


def test_signals_that_wait_are_bounded_and_later_ones_may_be_late(tmp_path):
    """Beyond the limit the oldest are taken before their turn, and what is older still is counted."""
    lines = [event(i, result="failed", card="x", door=str(i)) for i in (5, 6, 7, 1)]
    findings, scan = scanned(compiled(FAILED, SPRAY), write(tmp_path / "a.json", *lines), limits=Limits(waiting=2))
    assert len(findings) == 1
    assert scan.account.correlations["late"] == 1


def test_a_folder_gives_its_files_once_and_in_order(tmp_path):
    """Hidden files are passed over unless they are named."""
    for name in ("b.log", "a.log", ".hidden", "deep/c.log", ".git/d.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [path.name for path in log_files([tmp_path / "b.log", tmp_path, tmp_path / ".hidden"])]
    assert names == ["b.log", "a.log", "c.log", ".hidden"]


def test_progress_is_told_of_clean_lines_too(tmp_path):
    """A long file without a finding is not a standstill."""
    log = write(tmp_path / "a.json", *['{"Channel":"Security","EventID":1}'] * 10_000)
    told = []
    _, scan = scanned(compiled(FORCED))
    list(scan.run([log], lambda *state: told.append(state)))
    assert [events for _, events, _ in told][-1] == 10_000
    assert len(told) > 2
    assert Settings(NOW).is_clean is None
