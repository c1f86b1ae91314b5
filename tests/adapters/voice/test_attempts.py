"""Wrong passwords are counted by user at a source, by source and by user, and nobody locks another one's phone out."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.attempts import OWN, SOURCE, USER, Attempts


def tried(attempts, user, host, times, now=0):
    """So many wrong tries at once; which of them began a rest."""
    return [attempts.wrong(user, host, now) for _ in range(times)]


def test_after_five_wrong_tries_a_user_rests_at_its_source_and_may_try_again_later():
    """The fifth begins the rest, which is told once; a minute later there is none."""
    attempts = Attempts()
    assert tried(attempts, "ann", "192.0.2.1", OWN.tries) == [False] * 4 + [True]
    assert attempts.rests_ms("ann", "192.0.2.1", 1) == OWN.rest_ms - 1
    assert attempts.rests_ms("ann", "192.0.2.2", 1) == attempts.rests_ms("ben", "192.0.2.1", 1) == 0
    assert attempts.rests_ms("ann", "192.0.2.1", OWN.rest_ms) == 0


def test_a_right_password_forgets_the_wrong_ones_before_it():
    """Four wrong, one right, four wrong: no rest."""
    attempts = Attempts()
    for _ in range(2):
        assert not any(tried(attempts, "ann", "192.0.2.1", OWN.tries - 1))
        attempts.right("ann", "192.0.2.1")
    assert attempts.rests_ms("ann", "192.0.2.1", 0) == 0


def test_a_source_that_sprays_over_users_rests_for_all_but_those_registered_from_it():
    """One try for each of thirty users: whoever is registered from there already still is served."""
    attempts = Attempts()
    began = [attempts.wrong(f"user{number}", "192.0.2.1", 0) for number in range(SOURCE.tries)]
    assert began == [False] * (SOURCE.tries - 1) + [True]
    assert attempts.rests_ms("new", "192.0.2.1", 0) == SOURCE.rest_ms
    assert attempts.rests_ms("ann", "192.0.2.1", 0, known=True) == 0


def test_a_user_tried_from_everywhere_rests_but_its_own_phone_is_served():
    """Fifty sources with one try each."""
    attempts = Attempts()
    for number in range(USER.tries):
        attempts.wrong("ann", f"192.0.2.{number}", 0)
    assert attempts.rests_ms("ann", "198.51.100.1", 0) == USER.rest_ms
    assert attempts.rests_ms("ann", "198.51.100.1", 0, known=True) == 0


@given(st.lists(st.integers(0, 30_000), max_size=60))
def test_whoever_tries_slower_than_the_limit_never_rests(gaps):
    """Wrong tries at least 15 s apart are at most four a minute."""
    attempts, now = Attempts(), 0
    for gap in gaps[:45]:  # and fewer than the limit of a user
        now += 15_001 + gap
        assert attempts.wrong("ann", "192.0.2.1", now) is False
