"""What is known of one group inside its window: a sliding aggregate per correlation kind.

A window at time t holds the events with t - span <= time <= t, both ends in. Sums are exact fractions, so that no
order of arrival changes them.
"""

from bisect import bisect_left, insort
from collections import Counter, deque
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from redstick.defense.sigma.rules import All, Any, Condition, CorrelationRule, No, Operator


class Item(NamedTuple):
    """One event of a group: its time, the rule (by its place in the correlation's list), distinct value and number."""

    time_ms: int
    rule: int
    distinct: tuple[str, ...] | None
    number: Fraction | None


class Window:
    """The events of one group that are inside the window, and their aggregates."""

    def __init__(self, rule: CorrelationRule) -> None:
        self._rule = rule
        self.items: deque[Item] = deque()
        self._rules: Counter[int] = Counter()
        self._distinct: Counter[tuple[str, ...]] = Counter()
        self._numbers: list[Fraction] = []  # sorted
        self._sum = Fraction(0)
        self._ranked = rule.kind in {"value_percentile", "value_median"}

    def add(self, item: Item) -> None:
        """Take an event that is not older than those taken before."""
        self.items.append(item)
        self._rules[item.rule] += 1
        if item.distinct is not None:
            self._distinct[item.distinct] += 1
        if item.number is not None:
            self._sum += item.number
            insort(self._numbers, item.number) if self._ranked else self._numbers.append(item.number)

    def slide(self, oldest_ms: int) -> None:
        """Let go of events before `oldest_ms`."""
        while self.items and self.items[0].time_ms < oldest_ms:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Let go of the first event."""
        item = self.items.popleft()
        self._rules[item.rule] -= 1
        if not self._rules[item.rule]:
            del self._rules[item.rule]
        if item.distinct is not None:
            self._distinct[item.distinct] -= 1
            if not self._distinct[item.distinct]:
                del self._distinct[item.distinct]
        if item.number is not None:
            self._sum -= item.number
            del self._numbers[bisect_left(self._numbers, item.number) if self._ranked else 0]

    def value(self) -> Fraction | None:
        """The figure that the condition bounds; None where there is none, such as the mean of no numbers."""
        kind = self._rule.kind
        if kind == "event_count":
            return Fraction(len(self.items))
        if kind == "value_count":
            return Fraction(len(self._distinct))
        if kind == "temporal":
            return Fraction(len(self._rules))
        if kind == "temporal_ordered":
            return Fraction(longest_chain(self.items))
        if not self._numbers:
            return None
        if kind == "value_sum":
            return self._sum
        if kind == "value_avg":
            return self._sum / len(self._numbers)
        return median(self._numbers) if kind == "value_median" else nearest_rank(self._numbers, self._rule.percentile)

    def holds(self) -> bool:
        """Whether the correlation's condition is true of this window."""
        value = self.value()
        if value is None:
            return False
        if self._rule.expression is None:
            return all(within(op, value, bound) for op, bound in self._rule.bounds)
        seen = {self._rule.rules[i] for i in self._rules}
        in_order = self._rule.kind == "temporal" or value == len(self._rules)
        return in_order and expressed(self._rule.expression, seen)


def longest_chain(items: deque[Item]) -> int:
    """How many rules fired in the order in which the correlation lists them; equal times count as in order.

    The longest strictly rising run of rule places, by patience: `ends[k]` is the smallest place that ends a run of k
    + 1.
    """
    ends: list[int] = []
    for item in sorted(items, key=lambda i: (i.time_ms, i.rule)):
        at = bisect_left(ends, item.rule)
        if at == len(ends):
            ends.append(item.rule)
        else:
            ends[at] = item.rule
    return len(ends)


def median(ordered: list[Fraction]) -> Fraction:
    """The middle, or the mean of the two in the middle."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def nearest_rank(ordered: list[Fraction], percentile: float) -> Fraction:
    """The smallest value that at least `percentile` of the values do not exceed (nearest rank; 0 gives the smallest).

    The specification leaves the definition open; nearest rank needs no interpolation and is always a value that
    occurred.
    """
    rank = ceil(Fraction(percentile) / 100 * len(ordered))
    return ordered[max(rank, 1) - 1]


def within(op: Operator, value: Fraction, bound: float) -> bool:
    """One bound of a condition."""
    limit = Fraction(bound)
    return {
        "lt": value < limit,
        "lte": value <= limit,
        "gt": value > limit,
        "gte": value >= limit,
        "eq": value == limit,
        "neq": value != limit,
    }[op]


def expressed(condition: Condition, seen: set[str]) -> bool:
    """Whether an extended temporal condition is true of the rules seen."""
    if isinstance(condition, All):
        return all(expressed(part, seen) for part in condition.parts)
    if isinstance(condition, Any):
        return any(expressed(part, seen) for part in condition.parts)
    if isinstance(condition, No):
        return not expressed(condition.part, seen)
    return condition.rule in seen


def waits_for_close(rule: CorrelationRule) -> bool:
    """Whether later events can make a true condition false again, so that it is decided when the window closes."""
    if rule.expression is not None:
        return _negates(rule.expression)
    return any(op in {"lt", "lte", "eq", "neq"} for op, _ in rule.bounds)


def _negates(condition: Condition) -> bool:
    if isinstance(condition, All | Any):
        return any(map(_negates, condition.parts))
    return isinstance(condition, No)
