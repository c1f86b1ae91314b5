"""Counting failures and repeats: bounded whatever comes, forgotten with time, fair to what was no failure."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.authority.attempts import COUNTERS, Allowance, Attempts, account_key, address_key
from redstick.kernel.authority.records import ReadRefused, SignInFailed
from redstick.kernel.authority.repeats import MINUTE_MS, Repeats

NOON = 1_700_000_000_000
TEN = Allowance(10, 600_000)


def test_ten_failures_and_then_one_a_minute():
    """All ten at once; the eleventh says how long to wait, and after that time exactly one more is allowed."""
    attempts = Attempts(b"salt")
    assert [attempts.charge("x", TEN, NOON) for _ in range(10)] == [0] * 10
    assert attempts.charge("x", TEN, NOON) == 60_000
    assert attempts.charge("x", TEN, NOON + 59_999) == 1
    assert attempts.charge("x", TEN, NOON + 60_000) == 0
    assert attempts.charge("x", TEN, NOON + 60_000) == 60_000
    assert attempts.charge("y", TEN, NOON) == 0


@given(st.lists(st.tuples(st.integers(0, 300_000), st.booleans()), max_size=60))
def test_no_window_holds_more_failures_than_allowed_twice_over(steps):
    """At most twice its number in any span of an allowance's length; and nobody is refused who failed less often."""
    attempts, now, failures = Attempts(b"salt"), NOON, []
    for wait_ms, was_failure in steps:
        now += wait_ms
        again_in_ms = attempts.charge("x", TEN, now)
        assert again_in_ms >= 0
        if again_in_ms:
            assert sum(1 for at in failures if at > now - TEN.per_ms) >= TEN.failures
        elif was_failure:
            failures.append(now)
        else:
            attempts.refund("x", TEN)
        assert sum(1 for at in failures if at > now - TEN.per_ms) <= 2 * TEN.failures


def test_no_number_of_names_takes_more_memory_than_the_counters():
    """Two hundred thousand names share the counters that there are."""
    attempts = Attempts(b"salt")
    for number in range(200_000):
        attempts.charge(f"name{number}", TEN, NOON)
    assert len(attempts._clear_at) <= COUNTERS


def test_counters_are_salted():
    """Who does not know the salt cannot choose a name that shares another's counter."""
    one, other = Attempts(b"one"), Attempts(b"other")
    assert [one._counter(f"n{n}") for n in range(8)] != [other._counter(f"n{n}") for n in range(8)]


def test_addresses_are_counted_by_subscriber():
    """An IPv6 network of 64 bits is one; IPv4 addresses are each their own; what is no address is taken as it is."""
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:1") != address_key("2001:db8:0:1::1")
    assert address_key("fe80::1%eth0") == address_key("fe80::2")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    assert address_key("unix") == "address:unix"
    assert account_key("ben", "192.0.2.1", known=False) == account_key("ben", "192.0.2.2", known=False)
    assert account_key("ben", "192.0.2.1", known=True) != account_key("ben", "192.0.2.2", known=True)


REFUSALS = st.one_of(
    st.builds(SignInFailed, st.sampled_from(["", "ben"]), st.sampled_from("ab"), st.sampled_from("xy")),
    st.builds(
        ReadRefused, st.sampled_from("pq"), st.sampled_from("vw"), st.just("floor"), st.text(max_size=3),
        st.sampled_from("xy"),
    ),
)  # fmt: skip


@given(
    refusals=st.lists(st.tuples(st.integers(0, 2 * MINUTE_MS), REFUSALS), max_size=60),
    kinds=st.integers(1, 5),
)
def test_no_refusal_is_lost_and_none_is_counted_twice(refusals, kinds):
    """What is journaled at once and later adds up to what was refused, also when there are too many kinds to keep."""
    repeats, now, journaled = Repeats(kinds_at_most=kinds), NOON, []
    for wait_ms, refusal in refusals:
        now += wait_ms
        journaled += repeats.due(now)
        journaled += repeats.note(refusal, now)
        assert len(repeats._since) <= kinds
    journaled += repeats.due(now + MINUTE_MS)
    assert sum(refusal.times for refusal in journaled) == len(refusals)
    for code in "xy":
        counted = sum(refusal.times for refusal in journaled if refusal.code == code)
        assert counted == sum(1 for _, refusal in refusals if refusal.code == code)


def test_a_thousand_alike_in_a_minute_are_two_lines():
    """The first at once, the others as one; a read under ever new purposes is still the same read."""
    repeats = Repeats()
    lines = [
        line
        for number in range(1000)
        for line in repeats.note(ReadRefused("p", "v", "floor", f"made up {number}", "purpose_unknown"), NOON)
    ]
    assert len(lines) == 1
    [rest] = repeats.due(NOON + MINUTE_MS)
    assert rest.times == 999
    assert repeats.due(NOON + 10 * MINUTE_MS) == []
