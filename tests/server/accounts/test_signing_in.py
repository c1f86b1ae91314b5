"""Signing in: one answer whatever was wrong, limits that lock nobody out, and a journal without secrets."""

import asyncio
import sys
from pathlib import Path

import argon2
import pytest

from redstick.adapters.accounts.hashing import Argon2
from redstick.kernel.authority.accounts import Account
from redstick.kernel.authority.people import RestorePerson, SuspendPerson
from redstick.kernel.authority.records import SignedIn as SignedInEvent
from redstick.kernel.authority.records import SignedOut, SignInFailed
from redstick.kernel.errors import Unavailable
from redstick.server.accounts.signing_in import SignedIn

sys.path.insert(0, str(Path(__file__).parent))
from front_desk import ELSEWHERE, HERE, MINUTE, SENTENCE, SMALL

STRONGER = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32, time_cost=2, memory_cost=16, parallelism=1
)


def test_the_right_password_gives_a_session_and_a_line(desk):
    """The token is 256 random bits as text; the journal has who and from where before the token is out."""
    signed_in = desk.sign_in("ben.b")
    assert desk.who(signed_in.token) == signed_in.person == "ben"
    assert len(signed_in.token) == 43
    assert desk.journaled("access.signed_in") == [SignedInEvent("ben", HERE)]


def test_a_name_is_the_same_however_it_is_typed(desk):
    """Case and space around a name do not matter."""
    assert isinstance(desk.sign_in("  Ben.B "), SignedIn)


def test_what_nobody_can_type_is_refused_like_any_other(desk):
    """Control characters, half surrogates, a hundred thousand letters: they fail and harm nothing."""
    for odd in ("\ud800", "\x00", "x" * 100_000, "", "ben.b\x00"):
        assert desk.sign_in(odd, "\ud800").code == desk.sign_in("ben.b", odd).code == "sign_in_refused"
    assert isinstance(desk.sign_in("ben.b\u200b"), SignedIn)


def test_whatever_is_wrong_the_answer_is_the_same(desk):
    """Unknown name, wrong password, no password set, person suspended: one code and nothing more."""
    desk.enroll("cleo", "cleo")
    desk.command(SuspendPerson("cleo", "left"))
    desk.book.add(Account("dora", "dora", "", desk.now))
    answers = [desk.sign_in("nobody"), desk.sign_in("ben.b", "wrong"), desk.sign_in("cleo"), desk.sign_in("dora")]
    assert len({(answer.code, *answer.data) for answer in answers}) == 1
    failures = desk.journaled("access.sign_in_failed")
    assert [(event.person, event.code) for event in failures] == [
        ("", "sign_in_refused"),
        ("ben", "sign_in_refused"),
        ("cleo", "not_active"),
        ("dora", "sign_in_refused"),
    ]


def test_an_unknown_name_costs_what_a_known_one_costs(desk):
    """One look into the book and one hash, for either."""
    calls = []

    def spy(owner, name):
        real = getattr(owner, name)

        def counted(*given):
            calls.append(name)
            return real(*given)

        setattr(owner, name, counted)

    spy(desk.book, "find")
    spy(desk.passwords, "verify")
    desk.sign_in("ben.b", "wrong")
    known = calls[:]
    calls.clear()
    desk.sign_in("nobody", "wrong")
    assert calls == known == ["find", "verify"]


def test_no_secret_and_no_typed_name_is_journaled(desk):
    """Passwords, tokens, their hashes, and what stood in the field for the name appear in no line."""
    token = desk.sign_in("ben.b").token
    desk.sign_in(SENTENCE, "typed into the wrong field")
    desk.sign_in("ben.b", "a wrong password")
    asyncio.run(desk.signing_in.sign_out(token))
    text = b"".join(desk.journal.read())
    stored = desk.book.find("ben.b", HERE)[0].password
    for secret in (SENTENCE, token, stored, "wrong", "ben.b"):
        assert secret.encode() not in text


def test_strangers_who_fail_are_slowed_and_the_owner_at_a_known_address_is_not(desk):
    """Ten failures in a name from elsewhere close it for strangers, right password or not; not for its own console."""
    desk.sign_in("ben.b")  # HERE is known from now on
    answers = [desk.sign_in("ben.b", "guess", f"203.0.113.{number}") for number in range(12)]
    assert [answer.code for answer in answers] == ["sign_in_refused"] * 10 + ["too_many_attempts"] * 2
    assert desk.sign_in("ben.b", SENTENCE, ELSEWHERE).code == "too_many_attempts"
    assert isinstance(desk.sign_in("ben.b"), SignedIn)
    desk.now += answers[-1].data["again_in_ms"]
    assert isinstance(desk.sign_in("ben.b", SENTENCE, ELSEWHERE), SignedIn)


def test_unknown_names_are_slowed_like_known_ones(desk):
    """Who tries a name learns from no limit whether it exists."""
    answers = [desk.sign_in("nobody", "guess", f"203.0.113.{number}").code for number in range(11)]
    assert answers == ["sign_in_refused"] * 10 + ["too_many_attempts"]


def test_one_address_is_slowed_whatever_names_it_tries(desk):
    """Thirty failures from one address close it, an IPv6 subscriber being one; that closes no name for others."""
    answers = [desk.sign_in(f"name{number}", "guess", f"2001:db8::{number:x}").code for number in range(31)]
    assert answers == ["sign_in_refused"] * 30 + ["too_many_attempts"]
    assert {desk.sign_in("ben.b", SENTENCE, "2001:db8::ffff").code for _ in range(20)} == {"too_many_attempts"}
    assert isinstance(desk.sign_in("ben.b", SENTENCE, "2001:db8:1::1"), SignedIn)


def test_a_shift_that_signs_in_from_one_address_is_no_attack(desk):
    """Right passwords count against nobody: forty people behind one address come in, one after another."""
    for number in range(40):
        desk.enroll(f"p{number}", f"p{number}")
        assert isinstance(desk.sign_in(f"p{number}"), SignedIn)


def test_failures_in_a_row_are_two_lines_with_their_number(desk):
    """The first is journaled at once, the others of the minute as one line that counts them."""
    for _ in range(8):
        desk.sign_in("ben.b", "wrong")
    assert desk.journaled("access.sign_in_failed") == [SignInFailed("ben", HERE, "sign_in_refused")]
    desk.now += MINUTE
    asyncio.run(desk.signing_in.tidy(desk.now))
    assert desk.journaled("access.sign_in_failed")[1:] == [SignInFailed("ben", HERE, "sign_in_refused", 7)]


def test_a_full_pool_is_busy_and_counts_as_no_failure(desk):
    """Nothing is journaled, nothing is held against anyone."""
    desk.passwords.full = True
    assert [desk.sign_in("ben.b").code for _ in range(40)] == ["busy"] * 40
    assert desk.journaled("access.sign_in_failed") == []
    desk.passwords.full = False
    assert isinstance(desk.sign_in("ben.b"), SignedIn)


def test_an_old_hash_is_renewed_at_the_next_sign_in(desk):
    """Under the newest parameters, from the password that was just proven; a wrong one renews nothing."""
    desk.close()
    desk.book = type(desk.book).in_folder(desk.folder)
    desk.passwords = type(desk.passwords)(STRONGER)
    desk.open()
    desk.sign_in("ben.b", "wrong")
    assert argon2.extract_parameters(desk.book.find("ben.b", HERE)[0].password) == SMALL
    desk.sign_in("ben.b")
    assert argon2.extract_parameters(desk.book.find("ben.b", HERE)[0].password) == STRONGER
    assert isinstance(desk.sign_in("ben.b"), SignedIn)


def test_no_session_exists_that_the_journal_does_not_know_of(desk):
    """When the journal does not answer, there is no token and no session."""

    async def silent(command):
        raise Unavailable("no answer")

    desk.signing_in._journal = silent
    with pytest.raises(Unavailable):
        desk.sign_in("ben.b")
    assert desk.book.sessions() == []


def test_signing_in_again_takes_the_place_of_the_session_before(desk):
    """The token changes at each sign-in, and the old one is worth nothing."""
    first = desk.sign_in("ben.b").token
    second = desk.sign_in("ben.b", instead_of=first).token
    assert (desk.who(first), desk.who(second)) == (None, "ben")
    assert len(desk.book.sessions()) == 1


def test_signing_out_ends_the_session_for_good(desk):
    """In memory and in the book, with a line; a second time there is nothing to end."""
    token = desk.sign_in("ben.b").token
    asyncio.run(desk.signing_in.sign_out(token))
    asyncio.run(desk.signing_in.sign_out(token))
    assert desk.who(token) is None
    assert desk.book.sessions() == []
    assert desk.journaled("access.signed_out") == [SignedOut("ben", HERE)]


def change(desk, old, new):
    return asyncio.run(desk.signing_in.change_password("ben.b", old, new, HERE, desk.now))


def test_a_new_password_ends_every_session_and_begins_one(desk):
    """The old password and the old tokens are worth nothing from here on; the new token holds."""
    tokens = [desk.sign_in("ben.b").token for _ in range(3)]
    new = "twelve brass whistles"
    changed = change(desk, SENTENCE, new)
    assert [desk.who(token) for token in tokens] == [None] * 3
    assert desk.who(changed.token) == "ben"
    assert desk.sign_in("ben.b").code == "sign_in_refused"
    assert isinstance(desk.sign_in("ben.b", new), SignedIn)


@pytest.mark.parametrize(
    ("new", "because"),
    [
        ("short", "too_short"),
        ("x" * 257, "too_long"),
        ("my name is ben.b always", "has_the_name"),
        ("abababababababab", "too_even"),
    ],
)
def test_a_weak_password_is_not_taken(desk, new, because):
    """Too short, too long, the name in it, too few different characters; the old one stays."""
    assert change(desk, SENTENCE, new).data["because"] == because
    assert isinstance(desk.sign_in("ben.b"), SignedIn)


def test_a_password_is_changed_only_by_who_knows_the_old_one(desk):
    """A stolen session is not enough; and a wrong old password counts as a failed sign-in."""
    assert change(desk, "wrong", "twelve brass whistles").code == "sign_in_refused"
    assert len(desk.journaled("access.sign_in_failed")) == 1


def test_a_renewal_that_comes_late_does_not_undo_a_new_password(desk):
    """A sign-in with the old password, overtaken by a change of it, leaves the new one in place."""
    late = desk.book.find("ben.b", HERE)[0]
    change(desk, SENTENCE, "twelve brass whistles")
    desk.passwords.outdated = lambda stored: True
    asyncio.run(desk.signing_in._renew(late, SENTENCE, desk.now))
    assert not Argon2(SMALL).verify(desk.book.find("ben.b", HERE)[0].password, SENTENCE)


def test_a_session_of_a_suspended_person_stays_void_after_they_return(desk):
    """Suspension ends sessions at once, without anybody being told; coming back means signing in again."""
    token = desk.sign_in("ben.b").token
    desk.now += 1
    desk.command(SuspendPerson("ben", "lost a device"))
    desk.command(RestorePerson("ben"))
    assert desk.who(token) is None
    desk.now += 1
    assert isinstance(desk.sign_in("ben.b"), SignedIn)
