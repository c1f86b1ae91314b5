"""A journal with a notary: the same journal, and heads are signed as it is tended and closed."""

from threading import Thread

import pytest
from tests.kernel.proof import naive
from tests.kernel.proof.conftest import append, lines_behind

from redstick.kernel.errors import Conflict, Unavailable
from redstick.kernel.proof.attested import Attested
from redstick.kernel.proof.notary import INTERVAL_MS
from redstick.kernel.proof.statements import KeyHistory


class Clock:
    """Turned by hand."""

    now = 1_700_000_000_000

    def __call__(self):
        """What it says."""
        return self.now


def test_it_is_the_journal_that_it_stands_over(desk):
    """Head, lines, gaps and refusals are those of the journal."""
    journal = Attested(desk.journal, desk.notary(), Clock())
    lines, head = append(journal, 5)
    assert (journal.head(), list(journal.read()), list(journal.read(3))) == (head, lines, lines[3:])
    assert (journal.gaps, list(journal.scrub()), journal.alarm) == (desk.journal.gaps, [], None)
    with pytest.raises(Conflict):
        journal.append(lines, desk.journal.head().__class__(), head)


def test_tending_signs_at_the_interval(desk):
    """The first tending signs; those within the interval do not; the one behind it does."""
    clock = Clock()
    journal = Attested(desk.journal, desk.notary(), clock)
    append(journal, 5)
    for _ in range(3):
        journal.tend()
    clock.now += INTERVAL_MS
    append(journal, 2)
    journal.tend()
    keys = KeyHistory("operations", desk.heads.keys())
    assert [keys.head(line).position for line in desk.heads.newest()] == [7, 5]


def test_a_closed_journal_ends_with_a_signed_head(desk):
    """Everything that was durable is signed when it is closed, and nothing is taken afterwards."""
    journal = Attested(desk.journal, desk.notary(), Clock())
    append(journal, 5)
    journal.close()
    keys = KeyHistory("operations", desk.heads.keys())
    assert [keys.head(line).position for line in desk.heads.newest()] == [5]
    with pytest.raises(Unavailable):
        append(journal, 1)


def test_what_was_begun_is_shown_to_the_notary_when_it_is_durable(desk, monkeypatch):
    """By who tends, or at the close; what was not confirmed reaches no head."""
    begun = []

    def begin(lines, after, head, told):
        begun.append((lines, after, head, told))
        return True

    monkeypatch.setattr(desk.journal, "begin", begin, raising=False)
    notary, heard = desk.notary(), []
    journal = Attested(desk.journal, notary, Clock())
    lines, head = append(journal, 5)
    more, _ = lines_behind(head, 2)
    assert journal.begin(more, head, head, heard.append)
    journal.tend()
    assert (notary.size, heard) == (5, [])
    begun[0][-1](None)
    journal.tend()
    assert (notary.size, heard) == (7, [None])
    assert notary.sign(Clock.now).root == naive.root(lines + more).hex()
    failed = Unavailable("no answer")
    assert journal.begin(more, head, head, heard.append)
    begun[1][-1](failed)
    journal.close()
    assert (notary.size, heard) == (7, [None, failed])


def test_an_alarm_says_why_nothing_is_signed(desk, monkeypatch):
    """A notary that fails is told of, and the journal goes on."""
    notary = desk.notary()
    journal = Attested(desk.journal, notary, Clock())
    append(journal, 1)

    def fail():
        raise OSError("no space")

    monkeypatch.setattr(notary._nodes, "sync", fail)
    journal.tend()
    assert "no space" in journal.alarm
    append(journal, 1)


def test_heads_that_are_signed_beside_appends_are_true(desk):
    """Appending in one thread and signing in another: every head is the root of the lines up to its position."""
    clock = Clock()
    journal = Attested(desk.journal, desk.notary(interval_ms=0), clock)
    append(journal, 1)
    for _ in range(10):
        writer = Thread(target=lambda: [append(journal, 3) for _ in range(40)])
        writer.start()
        while writer.is_alive():
            clock.now += 1
            journal.tend()
        clock.now += 1
        journal.tend()
    keys, lines = KeyHistory("operations", desk.heads.keys()), list(journal.read())
    heads = [keys.head(line) for line in desk.heads.newest()]
    assert len({head.position for head in heads}) >= 10
    for head in heads[:: max(1, len(heads) // 20)]:
        assert head.root == naive.root(lines[: head.position]).hex()
        assert head.chain == lines[head.position - 1][:64].decode()
