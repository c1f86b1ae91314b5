"""What a person reads: the worst first, nothing that a terminal would obey, nothing left unsaid."""

import io

import pytest
from rich.console import Console
from tests.defense.findings.made import FAILED, FORCED, SPRAY, compiled, event, scanned

from redstick.defense.findings.groups import grouped
from redstick.defense.findings.table import account_lines, findings_table, headline, printable, short_names


def rendered(*parts, width=100):
    """Text as it stands on a page."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False)
    for part in parts:
        console.print(part)
    return out.getvalue()


def told(tmp_path, *lines, rules=(FAILED, SPRAY, FORCED), width=100):
    """The whole answer for these events."""
    log = tmp_path / "a.json"
    log.write_text("\n".join(lines))
    made = compiled(*rules)
    findings, scan = scanned(made, log)
    worst = grouped(findings).worst_first()
    return rendered(
        headline(worst), findings_table(worst, scan.account.files), *account_lines(scan.account, made), width=width
    )


def test_the_worst_is_first_with_what_happened_when_where_and_who(tmp_path):
    """Values that the rule asked for, the person, the false positives that its author knows, the place and the rule."""
    tries = [event(i, result="failed", card="x", door=str(i)) for i in range(3)]
    text = told(tmp_path, *tries, event(9, result="forced", door="7", user="bob"))
    assert text.startswith("2 rules fired on door-1 (1 critical, 1 high), 2026-03-01 10:00:00 to 10:09:00 UTC.")
    lines = [line.strip() for line in text.splitlines()]
    at = lines.index("critical  Door forced")
    assert lines[at + 1 : at + 8] == [
        "1 event, 2026-03-01 10:09:00, on door-1",
        "result 'forced'",
        "door '7'",
        "user 'bob'",
        "false positives: Fire drill",
        "a.json event 4",
        "rule 00000000-0000-4000-8000-000000000003",
    ]
    assert "3 events together: card x" in lines
    assert "3 events that fired only feed correlations and are not listed." in lines


def test_what_was_lost_repaired_passed_over_or_refused_is_said(tmp_path):
    """A table without findings is not yet a clean bill."""
    broken = FORCED | {
        "id": None,
        "title": "Broken",
        "detection": {"selection": {"a|re": r"(x)\1"}, "condition": "selection"},
    }
    text = told(tmp_path, event(result="opened"), "{broken", '{"a": "b"}', rules=(FORCED, broken), width=300)
    assert text.startswith("No rule fired.")
    for said in (
        "3 events in 1 file, 1 of them lost; 0 findings.",
        "1 rules; 1 could not be used.",
        "1 events lost: not a JSON object",
        "1 rules not used: regular expression",
        "no rule looks at: json",
    ):
        assert said in text, text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("K\u00f6ln \U0001f600", "K\u00f6ln \U0001f600"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\r\n\tb", "a\\r\\n\\tb"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202egpj.exe", "abc\\u202egpj.exe"),
        ("\u200b\ufeff", "\\u200b\\ufeff"),
    ],
)
def test_an_attackers_text_is_shown_and_never_obeyed(text, shown):
    """Escapes, bells, line ends, directions and invisible characters."""
    assert printable(text) == shown


def test_no_control_character_of_an_event_reaches_the_page(tmp_path):
    """Not by a value, a host or a file's account."""
    text = told(tmp_path, event(result="forced \x1b[31m \u202e", host="h\x1b]0;x\x07", user="\x9b"))
    assert not {c for c in text if ord(c) < 32 or ord(c) == 0x9B or c == "\u202e"} - {"\n"}
    assert "\\x1b[31m" in text


def test_files_are_named_by_as_little_as_tells_them_apart():
    """Two of one name show their folders."""
    assert short_names(["/a/x/s.evtx", "/a/y/s.evtx", "/a/t.log"]) == {
        "/a/x/s.evtx": "x/s.evtx",
        "/a/y/s.evtx": "y/s.evtx",
        "/a/t.log": "t.log",
    }
