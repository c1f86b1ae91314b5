"""Correlations: equal to a quadratic evaluator on random streams with late and repeated events."""

import random
from fractions import Fraction

import pytest
import yaml

from redstick.defense.sigma.correlation import Correlator, Limits, Signal
from redstick.defense.sigma.parsing import read_file
from redstick.defense.sigma.rules import CorrelationRule, Refusal
from redstick.defense.sigma.ruleset import assemble

RULES = ("alpha", "beta", "gamma")
KINDS = (
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
    "value_median",
)
WINDOW_MS = 10_000


def base(name):
    """A detection that a correlation can refer to."""
    return {
        "title": name,
        "name": name,
        "id": f"00000000-0000-4000-8000-{RULES.index(name):012d}",
        "logsource": {"product": "city"},
        "detection": {"selection": {"kind": name}, "condition": "selection"},
    }


def compiled(correlation, name="together"):
    """The correlation as the engine has it."""
    whole = {"title": name, "name": name, "id": "00000000-0000-4000-8000-0000000000ff", "correlation": correlation}
    text = "\n---\n".join(yaml.safe_dump(d) for d in [*map(base, RULES), whole])
    rules = assemble(read_file("made.yml", text.encode(), {}))
    assert rules.refusals == (), rules.refusals
    return rules.correlations[0]


def random_correlation(rng):
    """A correlation of any kind, with one bound or a range."""
    kind = rng.choice(KINDS)
    condition = {rng.choice(("lt", "lte", "gt", "gte", "eq", "neq")): rng.randint(0, 6)}
    if rng.random() < 0.6:
        condition = {rng.choice(("gt", "gte")): rng.randint(1, 6)}
    if rng.random() < 0.2:
        condition = {"gte": rng.randint(1, 3), "lte": rng.randint(3, 8)}
    if kind.startswith("value_"):
        condition["field"] = "size"
    if kind == "value_percentile":
        condition["percentile"] = rng.choice((0, 10, 50, 90, 99, 100))
    rules = list(RULES[: rng.randint(1, 3)]) if not kind.startswith("temporal") else list(RULES)
    return {
        "type": kind,
        "rules": rules,
        "group-by": rng.choice([["host"], ["host", "user"]]),
        "timespan": "10s",
        "condition": condition,
    }


def random_stream(rng):
    """Signals as they arrive: up to 15 s out of order, some repeated or without a field, equal times common."""
    signals = []
    now_ms = 1_000_000
    for number in range(rng.randint(1, 40)):
        now_ms += rng.choice((0, 0, 500, 1_000, 2_500, 10_000, 10_001, 30_000))
        fields = {"host": rng.choice("aA"), "user": rng.choice("xy"), "size": rng.choice([0, 1, 2, 3, "7", -1, "many"])}
        for name in ("user", "size"):
            if rng.random() < 0.1:
                del fields[name]
        rule = f"00000000-0000-4000-8000-{rng.randrange(3):012d}"
        signals.append(Signal(rule, now_ms - rng.choice((0, 0, 0, 4_000, 15_000)), fields, f"event {number}"))
    repeated = rng.sample(signals, len(signals) // 5)
    for signal in repeated:
        signals.insert(rng.randrange(len(signals) + 1), signal)
    return signals


def accepted(signals, rule, lateness_ms):
    """What is neither late nor repeated, by its definition."""
    latest, kept, seen = None, [], set()
    for signal in signals:
        if signal.rule not in rule.rules:
            continue
        if lateness_ms is not None and latest is not None and signal.time_ms < latest - lateness_ms:
            continue
        if (signal.rule, signal.identity) in seen:
            continue
        seen.add((signal.rule, signal.identity))
        kept.append(signal)
        latest = signal.time_ms if latest is None else max(latest, signal.time_ms)
    return sorted(kept, key=lambda s: s.time_ms)


def figure(rule, window):
    """The bounded figure of a window, from its definition; None where there is none."""
    if rule.kind == "event_count":
        return Fraction(len(window))
    if rule.kind == "temporal":
        return Fraction(len({s.rule for s in window}))
    if rule.kind == "temporal_ordered":
        places = [(s.time_ms, rule.rules.index(s.rule)) for s in window]
        best = {}
        for time_ms, place in sorted(places):
            before = [n for (t, p), n in best.items() if p < place and t <= time_ms]
            best[time_ms, place] = max(best.get((time_ms, place), 0), 1 + max(before, default=0))
        return Fraction(max(best.values(), default=0))
    held = [s.fields["size"] for s in window if "size" in s.fields]
    if rule.kind == "value_count":
        return Fraction(len({str(v) for v in held}))
    numbers = sorted(Fraction(v) for v in held if v != "many")
    if not numbers:
        return None
    n = len(numbers)
    if rule.kind == "value_sum":
        return sum(numbers, Fraction(0))
    if rule.kind == "value_avg":
        return sum(numbers, Fraction(0)) / n
    if rule.kind == "value_median":
        return (numbers[(n - 1) // 2] + numbers[n // 2]) / 2
    return next(v for i, v in enumerate(numbers, 1) if Fraction(i * 100, n) >= Fraction(rule.percentile))


def bounded(rule, value):
    """Whether every bound holds."""
    tests = {
        "lt": lambda b: value < b,
        "lte": lambda b: value <= b,
        "gt": lambda b: value > b,
        "gte": lambda b: value >= b,
        "eq": lambda b: value == b,
        "neq": lambda b: value != b,
    }
    return value is not None and all(tests[op](bound) for op, bound in rule.bounds)


def grouped(signals, rule):
    """Signals by their group; those without a value for it belong to none."""
    groups = {}
    for signal in signals:
        if all(name in signal.fields for name in rule.group_by):
            groups.setdefault(tuple(signal.fields[n].lower() for n in rule.group_by), []).append(signal)
    return groups


def closing(rule, events):
    """Windows one after another, each from the first event after the last."""
    while events:
        start = events[0].time_ms
        window = [s for s in events if s.time_ms <= start + WINDOW_MS]
        events = events[len(window) :]
        if bounded(rule, value := figure(rule, window)):
            yield start, start + WINDOW_MS, window[-1].time_ms, len(window), value


def sliding(rule, events):
    """Episodes: at every moment the window that ends there; a silence longer than the window ends an episode."""
    episode = None
    for now in sorted({s.time_ms for s in events}):
        window = [s for s in events if now - WINDOW_MS <= s.time_ms <= now]
        value = figure(rule, window)
        if episode and (not bounded(rule, value) or now - episode[2] > WINDOW_MS):
            yield counted(episode, events)
            episode = None
        if bounded(rule, value):
            episode = episode or [window[0].time_ms, now, now, 0, value]
            episode[2], episode[4] = now, max(episode[4], value)
    if episode:
        yield counted(episode, events)


def counted(episode, events):
    """The episode with the number of its events."""
    first, opened, last, _, value = episode
    return first, opened, last, sum(1 for s in events if first <= s.time_ms <= last), value


def oracle(rule, signals, lateness_ms):
    """All alerts, in order."""
    waits = any(op in {"lt", "lte", "eq", "neq"} for op, _ in rule.bounds)
    evaluate = closing if waits else sliding
    groups = grouped(accepted(signals, rule, lateness_ms), rule)
    return sorted((group, *alert) for group, events in groups.items() for alert in evaluate(rule, events))


def engine(rule, signals, lateness_ms):
    """The same by the engine."""
    correlator = Correlator([rule], Limits(lateness_ms=lateness_ms))
    alerts = [alert for signal in signals for alert in correlator.feed(signal)] + correlator.finish()
    assert not [name for name in correlator.counts if name.startswith("given up")]
    return sorted((tuple(v for _, v in a.group), a.from_ms, a.first_ms, a.last_ms, a.events, a.value) for a in alerts)


def agree(seed):
    """Both evaluators on one random correlation and stream; the number of alerts."""
    rng = random.Random(seed)
    rule = compiled(random_correlation(rng))
    signals = random_stream(rng)
    lateness_ms = rng.choice((None, 0, 5_000, 60_000))
    expected = oracle(rule, signals, lateness_ms)
    assert engine(rule, signals, lateness_ms) == expected, f"seed {seed}: {rule.kind} {rule.bounds}"
    return len(expected)


def test_random_streams_give_the_oracles_alerts():
    """400 streams of every kind: the same groups, times, counts and figures."""
    assert sum(map(agree, range(400))) > 400


@pytest.mark.slow
def test_ten_thousand_random_streams_give_the_oracles_alerts():
    """10,000 streams."""
    assert sum(map(agree, range(1_000, 11_000))) > 10_000


def test_the_order_of_arrival_changes_nothing_within_the_lateness():
    """A shuffled stream gives the alerts of the ordered one."""
    rng = random.Random(5)
    rule = compiled(
        {"type": "event_count", "rules": list(RULES), "group-by": ["host"], "timespan": "10s", "condition": {"gte": 3}}
    )
    signals = random_stream(rng)
    ordered = engine(rule, sorted(signals, key=lambda s: s.time_ms), None)
    assert ordered
    for _ in range(20):
        rng.shuffle(signals)
        assert engine(rule, signals, None) == ordered


def test_a_burst_is_one_alert_with_a_count():
    """Ten thousand events in one second are one alert of ten thousand events, not ten thousand alerts."""
    rule = compiled(
        {"type": "event_count", "rules": ["alpha"], "group-by": ["host"], "timespan": "10s", "condition": {"gte": 5}}
    )
    signals = [Signal(rule.rules[0], i // 10, {"host": "a"}, str(i)) for i in range(10_000)]
    assert [(a[4], a[5]) for a in engine(rule, signals, 0)] == [(10_000, 10_000)]


def test_temporal_without_a_condition_asks_for_all_of_its_rules():
    """Two of three are not enough; ordered asks for the order too."""
    for kind in ("temporal", "temporal_ordered"):
        rule = compiled({"type": kind, "rules": list(RULES), "group-by": ["host"], "timespan": "10s"})
        one, two, three = (Signal(r, i * 1000, {"host": "a"}) for i, r in enumerate(rule.rules))
        assert engine(rule, [one, two], None) == []
        assert len(engine(rule, [one, two, three], None)) == 1
    late = Signal(three.rule, -1, {"host": "a"})
    assert engine(rule, [late, one, two], None) == []


def test_groups_beyond_the_limit_are_given_up_and_counted():
    """Memory is bounded, and what was given up is said."""
    rule = compiled(
        {"type": "event_count", "rules": ["alpha"], "group-by": ["host"], "timespan": "10s", "condition": {"gte": 2}}
    )
    correlator = Correlator([rule], Limits(lateness_ms=0, groups=10))
    for i in range(100):
        correlator.feed(Signal(rule.rules[0], i, {"host": str(i)}, str(i)))
    correlator.finish()
    assert correlator.counts["given up: groups"] == 90


def test_a_correlation_without_its_rule_is_refused_by_name():
    """A missing reference is a refusal and never a silent correlation."""
    text = yaml.safe_dump(
        {
            "title": "x",
            "correlation": {
                "type": "event_count",
                "rules": ["nobody"],
                "group-by": ["host"],
                "timespan": "1m",
                "condition": {"gte": 1},
            },
        }
    )
    documents = read_file("made.yml", text.encode(), {})
    assert isinstance(documents[0], CorrelationRule | Refusal)
    assert "nobody" in assemble(documents).refusals[0].reason


def correlated(documents, signals):
    """Names of the correlations that alerted, with their groups."""
    rules = assemble(read_file("made.yml", "\n---\n".join(map(yaml.safe_dump, documents)).encode(), {}))
    assert rules.refusals == (), rules.refusals
    ids = {rule.about.name: rule.about.id for rule in (*rules.rules, *rules.correlations)}
    names = {value: name for name, value in ids.items()}
    correlator = Correlator(rules.correlations)
    for name, time_ms, fields in signals:
        correlator.feed(Signal(ids[name], time_ms, fields))
    return [(names[a.correlation], dict(a.group), a.first_ms) for a in correlator.finish()]


def correlation(name, **more):
    """A correlation document."""
    number = sum(map(ord, name))
    return {"title": name, "name": name, "id": f"00000000-0000-4000-8000-{number:012d}", "correlation": more}


def test_an_alias_is_another_field_in_each_rule():
    """One host is `src` to one rule and `dst` to the other."""
    moved = correlation(
        "moved",
        type="temporal",
        rules=["alpha", "beta"],
        aliases={"machine": {"alpha": "src", "beta": "dst"}},
        **{"group-by": ["machine"], "timespan": "1m"},
    )
    signals = [("alpha", 0, {"src": "a", "dst": "z"}), ("beta", 5, {"src": "y", "dst": "A"}), ("beta", 6, {"dst": "z"})]
    assert correlated([*map(base, RULES[:2]), moved], signals) == [("moved", {"machine": "a"}, 5)]


def test_a_correlation_may_watch_correlations():
    """Two bursts on one host within an hour; one burst on another host is not enough."""
    burst = correlation(
        "burst", type="event_count", rules=["alpha"], condition={"gte": 2}, **{"group-by": ["host"], "timespan": "10s"}
    )
    again = correlation(
        "again", type="event_count", rules=["burst"], condition={"gte": 2}, **{"group-by": ["host"], "timespan": "1h"}
    )
    times = [("a", 0), ("a", 1), ("b", 2), ("b", 3), ("a", 600_000), ("a", 600_001)]
    found = correlated([base("alpha"), again, burst], [("alpha", t, {"host": h}) for h, t in times])
    assert ("again", {"host": "a"}, 600_001) in found
    assert sorted(name for name, _, _ in found) == ["again", "burst", "burst", "burst"]


@pytest.mark.parametrize(
    ("condition", "seen", "alerts"),
    [
        ("alpha and beta", ["alpha"], 0),
        ("alpha and beta", ["beta", "alpha"], 1),
        ("alpha or beta", ["beta"], 1),
        ("alpha and not beta", ["alpha"], 1),
        ("alpha and not beta", ["alpha", "beta"], 0),
        ("(alpha or gamma) and beta", ["gamma", "beta"], 1),
    ],
)
def test_an_extended_condition_is_decided_over_the_window(condition, seen, alerts):
    """AND, OR and NOT of rules; NOT waits until its window has closed."""
    named = [name for name in RULES if name in condition]
    rule = correlation(
        "mixed", type="temporal", rules=named, condition=condition, **{"group-by": ["host"], "timespan": "10s"}
    )
    signals = [(name, i, {"host": "a"}) for i, name in enumerate(seen)]
    assert len(correlated([*map(base, RULES), rule], signals)) == alerts


@pytest.mark.parametrize(("written", "ms"), [("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("1d", 86_400_000)])
def test_a_timespan_is_a_number_and_a_unit(written, ms):
    """Both ends of the window belong to it; without `group-by` all events are one group."""
    rule = correlation("wide", type="event_count", rules=["alpha"], condition={"gte": 2}, timespan=written)
    assert len(correlated([base("alpha"), rule], [("alpha", 0, {}), ("alpha", ms, {})])) == 1
    assert correlated([base("alpha"), rule], [("alpha", 0, {}), ("alpha", ms + 1, {})]) == []


def test_signals_that_wait_are_bounded_and_the_rest_is_counted():
    """Beyond the limit the oldest is taken before its turn; an older one that follows is late, never silently gone."""
    rule = compiled(
        {"type": "event_count", "rules": ["alpha"], "group-by": ["host"], "timespan": "10s", "condition": {"gte": 1}}
    )
    correlator = Correlator([rule], Limits(waiting=3))
    for time_ms in (50, 10, 40, 20, 30, 5):
        correlator.feed(Signal(rule.rules[0], time_ms, {"host": "a"}))
    (alert,) = correlator.finish()
    assert (alert.events, correlator.counts["late"], correlator.counts["taken before their turn"]) == (5, 1, 2)
