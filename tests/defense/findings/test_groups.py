"""Findings by rule, worst first, in memory that does not grow with them."""

from redstick.defense.findings import groups as module
from redstick.defense.findings.finding import Finding
from redstick.defense.findings.groups import grouped
from redstick.defense.sigma.rules import Title


def finding(title, level, first_ms=0, host="a"):
    """A finding that says little."""
    about = Title(title, None, title, level, "", "", "", (), (), (), "")
    return Finding("detection", "0", about, first_ms, first_ms, 1, host, None, {}, ())


def test_worst_first_then_by_time():
    """Critical before high, early before late, a time before none; an unknown level is the least."""
    found = [
        finding("a", "low"),
        finding("b", "high", 5),
        finding("c", "high", 3),
        finding("d", "high", None),
        finding("e", "critical"),
        finding("f", "odd"),
    ]
    assert [g.about.title for g in grouped(found).worst_first()] == ["e", "c", "b", "d", "a", "f"]


def test_a_group_spans_its_findings_and_counts_its_hosts(monkeypatch):
    """First and last, findings without a time aside; hosts beyond the limit are counted together."""
    monkeypatch.setattr(module, "MAX_HOSTS", 2)
    found = [finding("a", "low", time, host) for time, host in ((5, "x"), (None, "x"), (9, "y"), (1, "z"))]
    (group,) = grouped(found).worst_first()
    assert (group.findings, group.first_ms, group.last_ms) == (4, 1, 9)
    assert (group.hosts, group.other_hosts) == ({"x": 2, "y": 1}, 1)
