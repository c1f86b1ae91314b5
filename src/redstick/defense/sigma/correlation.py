"""Correlations in event time: windows that slide with the events, a watermark, late and repeated events counted.

An event waits until the watermark (the latest time seen less the allowed lateness) has reached its time; then events
are taken in order of time, whatever the order of arrival. So within the allowed lateness the alerts do not depend on
it. A condition with only lower bounds is decided at every event over the window that ends there; it opens an episode,
and the episode is one alert with a count, however many events follow while it stays true. A condition that later
events can undo (`lt`, `lte`, `eq`, `neq`, NOT) is decided when its window closes: windows then begin at the first
event that no earlier window of the group covers.
"""

import heapq
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from redstick.defense.sigma.rules import CorrelationRule
from redstick.defense.sigma.values import Fields, fold, number_of, texts
from redstick.defense.sigma.windows import Item, Window, waits_for_close

EVENT, CLOSE, FORGET = 0, 1, 2  # what is due at a time, in this order


class Limits(Struct, frozen=True):
    """Bounds of memory and time.

    `lateness_ms` None waits for the end of the input; beyond `ceiling_ms` time is doubted.
    """

    lateness_ms: int | None = None
    ceiling_ms: int | None = None
    groups: int = 100_000  # per correlation; beyond, the group longest untouched is given up
    events: int = 100_000  # per group; beyond, the oldest event is given up
    waiting: int = 500_000  # signals in all; beyond, the oldest are taken, and what is older still is late


class Signal(Struct, frozen=True):
    """A rule fired: on what, when. `identity` tells a repeated delivery from a second event; empty: never the same."""

    rule: str
    time_ms: int
    fields: Fields
    identity: str = ""
    reference: str = ""


class Alert(Struct):
    """An episode in which a correlation's condition held for one group.

    `from_ms` is its window's first event, `first_ms` when the condition came true, `last_ms` the last event with it
    true; `events` counts distinct events from `from_ms` to `last_ms`; `value` is the extreme of the bounded figure.
    """

    correlation: str
    group: tuple[tuple[str, str], ...]
    from_ms: int
    first_ms: int
    last_ms: int
    events: int
    value: Fraction
    references: list[str]


MAX_REFERENCES = 20


class Group:
    """The state of one group of one correlation."""

    __slots__ = ("alert", "armed", "key", "opened_ms", "references", "window")

    def __init__(self, key: tuple[str, ...], rule: CorrelationRule) -> None:
        self.key = key
        self.window = Window(rule)
        self.alert: Alert | None = None
        self.opened_ms: int | None = None  # where a window that waits for its close began
        self.armed = False  # whether a FORGET is due
        self.references: deque[tuple[int, str]] = deque(maxlen=200)


class Correlator:
    """Feeds signals to correlations; closed alerts come out in order of their closing."""

    def __init__(self, rules: Sequence[CorrelationRule], limits: Limits | None = None) -> None:
        """`rules` stand with what they refer to before them, as `ruleset.assemble` leaves them."""
        self._limits = limits or Limits()
        self._rules = tuple(rules)
        self._interested: dict[str, list[int]] = {}
        for number, rule in enumerate(self._rules):
            for name in rule.rules:
                self._interested.setdefault(name, []).append(number)
        self._groups: list[OrderedDict[tuple[str, ...], Group]] = [OrderedDict() for _ in self._rules]
        self._due: list[tuple[int, int, int, int, tuple[str, ...], Signal | None]] = []
        self._serial = 0
        self._latest: int | None = None
        self._waiting = 0
        self._floor: int | None = None  # the watermark that the limit of waiting signals has forced
        self._pending: Counter[str] = Counter()  # identities that wait
        self._given_up: list[Alert] = []  # open alerts of groups that were given up
        self.counts: Counter[str] = Counter()

    @property
    def base_rules(self) -> frozenset[str]:
        """Ids of everything that a correlation refers to."""
        return frozenset(self._interested)

    @property
    def fields_read(self) -> frozenset[str]:
        """Names of all fields of signals that any correlation looks at."""
        names: set[str] = set()
        for rule in self._rules:
            names.update(rule.group_by, rule.fields, *(mapping.values() for mapping in rule.aliases.values()))
        return frozenset(names)

    def feed(self, signal: Signal) -> list[Alert]:
        """Take one signal; returns the alerts that closed by it. Late, repeated and doubted signals are counted."""
        if signal.rule not in self._interested:
            return []
        self.counts["received"] += 1
        limits = self._limits
        if limits.ceiling_ms is not None and signal.time_ms > limits.ceiling_ms:
            self.counts["ahead of the clock"] += 1
            return []
        if (mark := self._watermark()) is not None and signal.time_ms < mark:
            self.counts["late"] += 1
            return []
        if signal.identity:
            known = f"{signal.rule}\0{signal.identity}"
            if known in self._pending:
                self.counts["repeated"] += 1
                return []
            self._pending[known] = 1
        self._push(signal.time_ms, EVENT, -1, (), signal)
        self._waiting += 1
        if self._waiting > limits.waiting:
            self._floor = self._due[0][0] + 1
            self.counts["taken before their turn"] += 1
        if self._latest is None or signal.time_ms > self._latest:
            self._latest = signal.time_ms
        mark = self._watermark()
        return [] if mark is None else list(self._advance(mark))

    def finish(self) -> list[Alert]:
        """The input has ended: every window closes."""
        return list(self._advance(None))

    def _watermark(self) -> int | None:
        if self._latest is None or self._limits.lateness_ms is None:
            return self._floor
        mark = self._latest - self._limits.lateness_ms
        return mark if self._floor is None else max(mark, self._floor)

    def _push(self, time_ms: int, phase: int, rule: int, key: tuple[str, ...], signal: Signal | None) -> None:
        self._serial += 1
        heapq.heappush(self._due, (time_ms, phase, rule, self._serial, key, signal))

    def _advance(self, mark: int | None) -> Iterator[Alert]:
        """Do what is due strictly before the watermark; at the watermark itself events may still come."""
        while self._due and (mark is None or self._due[0][0] < mark):
            now = self._due[0][0]
            touched: dict[tuple[int, tuple[str, ...]], None] = {}
            while self._due and self._due[0][:2] == (now, EVENT):
                signal = heapq.heappop(self._due)[5]
                if signal is not None:
                    self._waiting -= 1
                    self._forget_identity(signal)
                    self._take(signal, touched)
            yield from self._decide(now, touched)
            while self._due and self._due[0][0] == now and self._due[0][1] != EVENT:
                _, phase, rule, _, key, _ = heapq.heappop(self._due)
                if phase == CLOSE:
                    yield from self._close_window(now, rule, key)
                else:
                    yield from self._forget(now, rule, key)

    def _forget_identity(self, signal: Signal) -> None:
        if signal.identity:
            del self._pending[f"{signal.rule}\0{signal.identity}"]

    def _take(self, signal: Signal, touched: dict[tuple[int, tuple[str, ...]], None]) -> None:
        for number in self._interested.get(signal.rule, ()):
            rule = self._rules[number]
            key = self._key(rule, signal)
            if key is None:
                self.counts["without a group"] += 1
                continue
            group = self._group(number, key)
            group.window.add(_item(rule, signal))
            if signal.reference:
                group.references.append((signal.time_ms, signal.reference))
            if len(group.window.items) > self._limits.events:
                group.window.drop_oldest()
                self.counts["given up: events of a group"] += 1
            touched[number, key] = None

    def _key(self, rule: CorrelationRule, signal: Signal) -> tuple[str, ...] | None:
        """The group of a signal, folded; None where a field of `group-by` has no value. A list counts by its first."""
        key = []
        for name in rule.group_by:
            field = rule.aliases.get(name, {}).get(signal.rule, name)
            values = texts(signal.fields[field]) if field in signal.fields else ()
            if not values:
                return None
            key.append(fold(values[0]))
        return tuple(key)

    def _group(self, number: int, key: tuple[str, ...]) -> Group:
        groups = self._groups[number]
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(key, self._rules[number])
            if len(groups) > self._limits.groups:
                _, oldest = groups.popitem(last=False)
                self.counts["given up: groups"] += 1
                self._given_up += [] if oldest.alert is None else [oldest.alert]
        else:
            groups.move_to_end(key)
        return group

    def _decide(self, now: int, touched: Mapping[tuple[int, tuple[str, ...]], None]) -> Iterator[Alert]:
        """Look at each touched group once, base correlations first; what they raise is an event to the others."""
        waiting = dict(touched)
        while self._given_up:
            yield self._closed(self._given_up.pop(0))
        while waiting:
            number, key = min(waiting)
            del waiting[number, key]
            group = self._groups[number].get(key)
            if group is None:
                continue
            rule = self._rules[number]
            if not group.armed:
                group.armed = True
                self._push(now + rule.window_ms, FORGET, number, key, None)
            if waits_for_close(rule):
                if group.opened_ms is None:
                    group.opened_ms = now
                    self._push(now + rule.window_ms, CLOSE, number, key, None)
                continue
            before = group.alert
            yield from self._look(now, rule, group)
            if group.alert is not None and group.alert is not before:
                self._take(_raised(rule, group.alert, now), waiting)

    def _look(self, now: int, rule: CorrelationRule, group: Group) -> Iterator[Alert]:
        """Slide the window to now; open, continue or close the group's episode."""
        window = group.window
        window.slide(now - rule.window_ms)
        value = window.value()
        alert = group.alert
        if not window.holds() or value is None:
            if alert is not None:
                group.alert = None
                yield self._closed(alert)
            return
        if alert is None:
            group.alert = _opened(rule, group, now, value)
            return
        alert.events += sum(1 for item in _since(window, now))
        alert.last_ms = now
        alert.value = max(alert.value, value)
        alert.references += [r for t, r in group.references if t == now][: MAX_REFERENCES - len(alert.references)]

    def _close_window(self, now: int, number: int, key: tuple[str, ...]) -> Iterator[Alert]:
        """A window that waited is over: decide it, and begin the next at the first event after it."""
        group = self._groups[number].get(key)
        if group is None or group.opened_ms is None:
            return
        rule = self._rules[number]
        value = group.window.value()
        if group.window.holds() and value is not None:
            alert = _opened(rule, group, now, value)
            yield self._closed(alert)
            later: dict[tuple[int, tuple[str, ...]], None] = {}
            self._take(_raised(rule, alert, now), later)
            yield from self._decide(now, later)
        group.window = Window(rule)
        group.references.clear()
        group.opened_ms = None

    def _forget(self, now: int, number: int, key: tuple[str, ...]) -> Iterator[Alert]:
        """Let a group go once no event of it can matter any more; an open episode ends with it."""
        group = self._groups[number].get(key)
        if group is None:
            return
        items = group.window.items
        ends_ms = (items[-1].time_ms if items else now) + self._rules[number].window_ms
        if group.opened_ms is not None or (items and ends_ms > now):
            self._push(max(ends_ms, now + 1), FORGET, number, key, None)
            return
        del self._groups[number][key]
        if group.alert is not None:
            yield self._closed(group.alert)

    def _closed(self, alert: Alert) -> Alert:
        self.counts["alerts"] += 1
        return alert


def _since(window: Window, now: int) -> Iterator[Item]:
    """The events of the present moment."""
    for item in reversed(window.items):
        if item.time_ms != now:
            return
        yield item


def _opened(rule: CorrelationRule, group: Group, now: int, value: Fraction) -> Alert:
    items = group.window.items
    references = [r for t, r in group.references if t >= items[0].time_ms][:MAX_REFERENCES]
    named = tuple(zip(rule.group_by, group.key, strict=True))
    return Alert(rule.about.id, named, items[0].time_ms, now, items[-1].time_ms, len(items), value, references)


def _raised(rule: CorrelationRule, alert: Alert, now: int) -> Signal:
    """What an alert is to correlations of correlations: an event with the group's fields."""
    return Signal(rule.about.id, now, dict(alert.group))


def _item(rule: CorrelationRule, signal: Signal) -> Item:
    values = [texts(signal.fields[f]) if f in signal.fields else () for f in rule.fields]
    complete = bool(values) and all(values)
    distinct = tuple(fold(v[0]) for v in values) if complete and rule.kind == "value_count" else None
    number = number_of(values[0][0]) if complete and rule.kind != "value_count" else None
    return Item(signal.time_ms, rule.rules.index(signal.rule), distinct, None if number is None else Fraction(number))
