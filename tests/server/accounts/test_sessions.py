"""Sessions: true to a simple model through time, restarts, crashes and suspensions; and cheap, because in memory."""

import asyncio
import itertools
import shutil
import sys
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from redstick.kernel.authority.people import RestorePerson, SuspendPerson
from redstick.kernel.authority.sessions import EndSessions, SessionLimits
from redstick.server.accounts.sessions import key_of

sys.path.insert(0, str(Path(__file__).parent))
from front_desk import HERE, MINUTE, FrontDesk

SHARED_MEMORY = Path("/dev") / "shm"
IN_MEMORY = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None  # where thousands of syncs cost nothing
LIMITS = SessionLimits(idle_ms=30 * MINUTE, lasting_ms=120 * MINUTE, per_person=3)
PEOPLE = ("ben", "cleo")


class SessionsAsAModelHasThem(RuleBasedStateMachine):
    """Beside the real sessions: whose a token is, when it began, was last used, and was by the book."""

    tokens = Bundle("tokens")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.mkdtemp(dir=IN_MEMORY)
        numbers = itertools.count()
        self.desk = FrontDesk(Path(self.folder), LIMITS, lambda size: next(numbers).to_bytes(size))
        for person in PEOPLE:
            self.desk.enroll(person, person)
        self.model = {}  # token: [person, began, seen, seen as the book has it]
        self.suspended = set()

    def teardown(self):
        """Leave nothing behind."""
        self.desk.close()
        shutil.rmtree(self.folder)

    def alive(self, token):
        """Whether the model lets a token stand now."""
        if token not in self.model or self.model[token][0] in self.suspended:
            return False
        _, began, seen, _ = self.model[token]
        return self.desk.now - seen < LIMITS.idle_ms and self.desk.now - began < LIMITS.lasting_ms

    def forget_dead(self):
        """Let go of what does not stand any more."""
        for token in [token for token in self.model if not self.alive(token)]:
            del self.model[token]

    @rule(target=tokens, person=st.sampled_from(PEOPLE), before=st.none() | tokens)
    def begin(self, person, before):
        """A new session, perhaps in the place of any other; the fourth of a person ends the least used."""
        self.forget_dead()
        token = asyncio.run(self.desk.sessions.begin(person, HERE, self.desk.now, before))
        self.model.pop(before, None)
        self.model[token] = [person, self.desk.now, self.desk.now, self.desk.now]
        own = sorted((entry[2], entry[1], one) for one, entry in self.model.items() if entry[0] == person)
        for _, _, too_many in own[: -LIMITS.per_person]:
            self.model.pop(too_many)
        if person in self.suspended:
            del self.model[token]
        self.desk.now += 1
        return token

    @rule(token=tokens)
    def look_up(self, token):
        """A token is its person's exactly as long as the model says."""
        expected = self.model[token][0] if self.alive(token) else None
        assert self.desk.who(token) == expected
        if expected:
            self.model[token][2] = self.desk.now
        else:
            self.model.pop(token, None)

    @rule(token=tokens)
    def end(self, token):
        """Signed out, it is over at once."""
        asyncio.run(self.desk.sessions.end(token))
        self.model.pop(token, None)
        assert self.desk.who(token) is None

    @rule(minutes=st.sampled_from([1, 10, 29, 30, 31, 90]))
    def time_passes(self, minutes):
        """Up to beyond what may pass unused."""
        self.desk.now += minutes * MINUTE

    @rule(person=st.sampled_from(PEOPLE))
    def suspend(self, person):
        """Whatever the person had is over."""
        assert self.desk.command(SuspendPerson(person, "for a while")).accepted
        self.suspended.add(person)
        self.forget_dead()
        self.desk.now += 1

    @rule(person=st.sampled_from(PEOPLE))
    def restore(self, person):
        """What was over stays over."""
        assert self.desk.command(RestorePerson(person)).accepted
        self.suspended.discard(person)
        self.desk.now += 1

    @rule(person=st.sampled_from(PEOPLE))
    def end_everywhere(self, person):
        """Signed out everywhere."""
        assert self.desk.command(EndSessions(person), "house").accepted
        self.model = {token: entry for token, entry in self.model.items() if entry[0] != person}
        self.desk.now += 1

    @rule()
    def tidy(self):
        """What is in memory is written down."""
        asyncio.run(self.desk.sessions.tidy(self.desk.now))
        self.forget_dead()
        for entry in self.model.values():
            entry[3] = entry[2]

    @rule()
    def crash_and_restart(self):
        """Uses that were not written down are lost: a session may end early by that, and never later."""
        self.desk.open()
        for entry in self.model.values():
            entry[2] = entry[3]
        self.forget_dead()

    @invariant()
    def the_book_keeps_what_stands(self):
        """By the hash of its token."""
        kept = {session.key for session in self.desk.book.sessions()}
        assert {key_of(token) for token in self.model if self.alive(token)} <= kept


SessionsAsAModelHasThem.TestCase.settings = settings(max_examples=40, stateful_step_count=40)
TestSessions = SessionsAsAModelHasThem.TestCase


def test_a_token_nobody_was_given_is_nobodys(desk):
    """Empty, long, foreign and nearly right tokens are looked up like any other, and are nobody's."""
    token = desk.sign_in("ben.b").token
    for wrong in ("", "x" * 5000, token[:-1], token + "x", token.swapcase(), "\ud800"):
        assert desk.who(wrong) is None
    assert desk.who(token) == "ben"


def test_no_session_that_begins_during_a_suspension_outlives_it(desk):
    """However it came to be: it does not stand while its person is suspended, nor when they are restored."""
    desk.command(SuspendPerson("ben", "for a while"))
    desk.now += 1
    token = asyncio.run(desk.sessions.begin("ben", HERE, desk.now))
    desk.now += 1
    desk.command(RestorePerson("ben"))
    assert desk.who(token) is None


def test_a_look_up_reads_no_book(desk):
    """With the book closed, known and unknown tokens are still told apart."""
    token = desk.sign_in("ben.b").token
    desk.sessions._book = None
    assert desk.who(token) == "ben"
    assert desk.who("unknown") is None


def test_a_session_ends_when_it_was_not_used_for_half_an_hour(desk):
    """A millisecond before it stands, and counts as used; at the half hour it is over, and stays over."""
    token = desk.sign_in("ben.b").token
    desk.now += 30 * MINUTE - 1
    assert desk.who(token) == "ben"
    desk.now += 30 * MINUTE
    assert desk.who(token) is None
    desk.now -= 1
    assert desk.who(token) is None


def test_an_idle_session_ends_and_a_used_one_ends_at_the_end_of_a_long_shift(desk):
    """Half an hour unused is the end; used every quarter of an hour it lasts fourteen hours and not a minute more."""
    idle, used = desk.sign_in("ben.b").token, desk.sign_in("ben.b").token
    for _ in range(14 * 4 - 1):
        desk.now += 15 * MINUTE
        assert desk.who(used) == "ben"
    assert desk.who(idle) is None
    desk.now += 15 * MINUTE - 1
    assert desk.who(used) == "ben"
    desk.now += 1
    assert desk.who(used) is None


def test_what_could_not_be_written_is_written_later(desk):
    """A book that does not answer loses no end of a session and no use of one."""
    used, ended = desk.sign_in("ben.b").token, desk.sign_in("ben.b").token
    book, desk.now = desk.sessions._book, desk.now + MINUTE
    desk.who(used)

    class Silent:
        def __getattr__(self, name):
            raise ConnectionError(name)

    desk.sessions._book = Silent()
    for attempt in (desk.sessions.end(ended), desk.sessions.tidy(desk.now)):
        try:
            asyncio.run(attempt)
        except ConnectionError:
            continue
        raise AssertionError("a silent book is not noticed")
    assert desk.who(ended) is None
    desk.sessions._book = book
    asyncio.run(desk.sessions.tidy(desk.now))
    [kept] = book.sessions()
    assert kept.seen_at == desk.now
