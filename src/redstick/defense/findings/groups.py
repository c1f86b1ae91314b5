"""Findings of one rule told together, as a person reads them: one entry a rule, worst first."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from redstick.defense.findings.finding import Finding, severity
from redstick.defense.sigma.rules import Title

MAX_HOSTS = 1_000  # told apart in one group


@dataclass
class Group:
    """All findings of one rule: how many, when, where, and the first of them."""

    about: Title
    example: Finding
    findings: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    hosts: dict[str, int] = field(default_factory=dict)
    other_hosts: int = 0  # findings on hosts beyond `MAX_HOSTS`

    def add(self, finding: Finding) -> None:
        """Take one more finding of the same rule."""
        self.findings += 1
        self.first_ms = _least(self.first_ms, finding.first_ms)
        self.last_ms = _greatest(self.last_ms, finding.last_ms)
        if finding.host in self.hosts or len(self.hosts) < MAX_HOSTS:
            self.hosts[finding.host] = self.hosts.get(finding.host, 0) + 1
        else:
            self.other_hosts += 1


class Groups:
    """Findings by rule; holds one example of each and figures, so that memory does not grow with the findings."""

    def __init__(self) -> None:
        self._groups: dict[str, Group] = {}

    def add(self, finding: Finding) -> None:
        """Take a finding."""
        group = self._groups.get(finding.about.id)
        if group is None:
            group = self._groups[finding.about.id] = Group(finding.about, finding)
        group.add(finding)

    def worst_first(self) -> list[Group]:
        """By level, then by time, then by title."""
        return sorted(
            self._groups.values(),
            key=lambda g: (-severity(g.about), g.first_ms is None, g.first_ms or 0, g.about.title, g.about.id),
        )


def grouped(findings: Iterable[Finding]) -> Groups:
    """All of them."""
    groups = Groups()
    for finding in findings:
        groups.add(finding)
    return groups


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _greatest(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)
