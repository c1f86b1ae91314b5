"""Digest authentication against the published examples, and the judge of nonces and counts."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.sip.digest import (
    NONCE_LIVES_MS,
    Challenge,
    Credentials,
    Judge,
    Verdict,
    answer_challenge,
    expected_response,
    read_challenge,
    read_credentials,
    secret_of,
)

PUBLISHED = {
    "MD5": "8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
}
TEXTS = st.text('ab"\\,=é ', max_size=10).map(str.strip)


@pytest.mark.parametrize("algorithm", PUBLISHED)
def test_the_published_examples_come_out(algorithm):
    """RFC 7616 section 3.9.1, both algorithms."""
    said = Credentials(
        username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        uri="/dir/index.html", response="", algorithm=algorithm, qop="auth", count=1,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )  # fmt: skip
    secret = secret_of("Mufasa", "http-auth@example.org", "Circle of Life", algorithm)
    assert expected_response(said, secret, "GET") == PUBLISHED[algorithm]


def test_the_older_example_without_qop_comes_out():
    """RFC 2069's form, which RFC 2617 still allows; the judge does not take it."""
    secret = secret_of("Mufasa", "testrealm@host.com", "CircleOfLife", "MD5")
    said = Credentials(
        username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
        uri="/dir/index.html", response="",
    )  # fmt: skip
    assert expected_response(said, secret, "GET") == "1949323746fe6a43ef61f9606e7febea"
    assert Judge("testrealm@host.com").judge(said, secret, "GET", 0) is Verdict.FOREIGN


@given(
    TEXTS,
    TEXTS,
    st.sampled_from(["MD5", "SHA-256"]),
    st.sampled_from([(), ("auth",), ("auth", "auth-int")]),
    st.booleans(),
)
def test_a_challenge_comes_back_as_it_was_written(realm, nonce, algorithm, qop, stale):
    """A list of qop within its quotes too, which the library we looked at takes apart."""
    challenge = Challenge(realm=realm, nonce=nonce, algorithm=algorithm, qop=qop, stale=stale)
    assert read_challenge(str(challenge)) == challenge


@given(TEXTS, TEXTS, TEXTS, st.none() | st.integers(1, 2**31))
def test_credentials_come_back_as_they_were_written(username, realm, nonce, count):
    """With and without a count."""
    qop, cnonce = (None, None) if count is None else ("auth", "c")
    said = Credentials(
        username=username, realm=realm, nonce=nonce, uri="sip:a@b", response="0f", qop=qop, cnonce=cnonce, count=count
    )  # fmt: skip
    assert read_credentials(str(said)) == said


@given(st.text(max_size=60))
def test_any_text_is_credentials_or_a_refusal(text):
    """Nothing else comes of it."""
    places = []
    for read in (read_challenge, read_credentials):
        for said in (text, f"Digest {text}"):
            try:
                read(said)
            except Malformed as malformed:
                places.append(malformed.faults[0].place)
    assert all(places)


@pytest.fixture
def judged():
    """A judge who gave out a nonce at time 0, and a good answer to it."""
    judge = Judge("city.example")
    secret = secret_of("alice", "city.example", "right", "SHA-256")
    challenge = judge.challenge("nonce-1", 0)
    said = answer_challenge(challenge, "alice", secret, method="REGISTER", uri="sip:city.example", cnonce="c")
    return judge, secret, said


def test_a_right_answer_holds_once_for_each_count(judged):
    """The same again is a replay; the next count holds."""
    judge, secret, said = judged
    assert judge.judge(said, secret, "REGISTER", 1) is Verdict.GOOD
    assert judge.judge(said, secret, "REGISTER", 2) is Verdict.REPLAYED
    following = msgspec.structs.replace(said, count=2)
    following = msgspec.structs.replace(following, response=expected_response(following, secret, "REGISTER"))
    assert judge.judge(following, secret, "REGISTER", 3) is Verdict.GOOD


def test_a_wrong_password_a_wrong_method_and_an_unknown_user_are_wrong(judged):
    """Even with a nonce that nobody gave out: whoever is wrong does not learn whether a nonce was good."""
    judge, secret, said = judged
    assert judge.judge(said, secret_of("alice", "city.example", "left", "SHA-256"), "REGISTER", 1) is Verdict.WRONG
    assert judge.judge(said, secret, "INVITE", 1) is Verdict.WRONG
    assert judge.judge(said, None, "REGISTER", 1) is Verdict.WRONG
    assert judge.judge(msgspec.structs.replace(said, nonce="made up"), secret, "REGISTER", 1) is Verdict.WRONG


def test_an_old_nonce_is_stale_and_not_wrong(judged):
    """The phone asks again by itself, and no person is asked for a password."""
    judge, secret, said = judged
    assert judge.judge(said, secret, "REGISTER", NONCE_LIVES_MS + 1) is Verdict.STALE
    assert Judge("city.example").judge(said, secret, "REGISTER", 1) is Verdict.STALE


def test_another_realm_or_an_unknown_algorithm_is_foreign(judged):
    """It is challenged anew."""
    judge, secret, said = judged
    assert judge.judge(msgspec.structs.replace(said, realm="other"), secret, "REGISTER", 1) is Verdict.FOREIGN
    assert judge.judge(msgspec.structs.replace(said, algorithm="SHA-1"), secret, "REGISTER", 1) is Verdict.FOREIGN


def test_a_scheme_that_nobody_knows_is_refused_by_name(third_party):
    """RFC 4475 section 3.3.7: whoever brings no Digest is as one who brings nothing."""
    text = (third_party("sip/rfc4475") / "regaut01.dat").read_text()
    value = next(line.partition(": ")[2] for line in text.splitlines() if line.startswith("Authorization"))
    with pytest.raises(Malformed) as caught:
        read_credentials(value)
    assert caught.value.faults[0].expected.startswith("the scheme Digest")
