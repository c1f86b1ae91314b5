"""The executor: order, idempotency, durability before words, and a fault that stays where it is."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import Gap, Head, opened, seal, unseal
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.executor import Executor, Lane, Limits
from redstick.kernel.fold import missing_in
from redstick.kernel.ids import made_at, make_id
from redstick.kernel.values import Command, Request, event

sys.path.insert(0, str(Path(__file__).parent))
from counters import Curse, Raise, Raised, make_domain

NOON = 1_700_000_000_000


def request(name, command, **more):
    return Request(name, command, actor="tester", **more)


@pytest.fixture
def journal():
    return MemoryJournal()


@pytest.fixture
def driver(journal):
    return SynchronousDriver(Executor([make_domain()]), journal)


def test_a_command_is_decided_journaled_and_folded(driver, journal):
    """One accepted command leaves its events as lines, in the committed state, and as its outcome."""
    [outcome] = driver.run([request("a", Raise("x", 10))], NOON)
    assert outcome.accepted
    assert [type(e).__name__ for e in outcome.events] == ["Raised", "Marked"]
    assert driver.executor.committed["counter"] == {"x": 10}
    assert len(list(journal.read())) == 2


def test_no_outcome_exists_before_its_line_is_durable(journal):
    """Between decide and written, the committed state and the durable head have not moved."""
    executor = Executor([make_domain()])
    executor.submit(request("a", Raise("x")))
    executor.decide(NOON)
    batch = executor.take()
    assert executor.committed["counter"] == {}
    assert executor.durable.position == 0
    assert [o.accepted for o in executor.written(batch)] == [True]
    assert executor.committed["counter"] == {"x": 1}


def test_a_failed_append_halts_and_releases_nothing(driver, journal):
    """When the journal does not confirm, the caller gets the error, no outcome, and the executor decides no more."""
    journal.close()
    with pytest.raises(Unavailable):
        driver.run([request("a", Raise("x"))], NOON)
    with pytest.raises(Unavailable):
        driver.run([request("b", Raise("x"))], NOON)
    assert driver.executor.committed["counter"] == {}


def test_the_same_id_with_the_same_body_gives_the_same_outcome(driver, journal):
    """Asking twice is harmless: one event, two equal outcomes."""
    first, second = driver.run([request("a", Raise("x")), request("a", Raise("x"))], NOON)
    assert first == second
    assert driver.executor.committed["counter"] == {"x": 1}


def test_the_same_id_with_another_body_is_refused(driver):
    """An id names one command for ever."""
    _, second = driver.run([request("a", Raise("x")), request("a", Raise("x", 2))], NOON)
    assert second.rejection.code == "command_id_reused"


def test_a_rejection_is_an_outcome_that_is_kept(driver, journal):
    """A rejection has a line of its own and is given again after a restart, though the state would now allow it."""
    [refused] = driver.run([request("a", Raise("x", 2000))], NOON)
    assert refused.rejection.code == "too_high"
    again = SynchronousDriver(Executor([make_domain()]), journal)
    assert again.run([request("a", Raise("x", 2000))], NOON) == [refused]
    assert len(list(journal.read())) == 1


def test_outcomes_survive_a_restart(driver, journal):
    """A restarted executor has the same state, head and memory of commands."""
    before = driver.run([request(f"r{i}", Raise("x", i)) for i in range(20)], NOON)
    again = SynchronousDriver(Executor([make_domain()]), journal)
    assert again.executor.committed == driver.executor.committed
    assert again.executor.durable == driver.executor.durable
    assert again.run([request(f"r{i}", Raise("x", i)) for i in range(20)], NOON) == before


def test_a_command_with_nothing_to_do_is_remembered(driver, journal):
    """Nothing changed is an outcome like any other."""
    [outcome] = driver.run([request("a", Raise("x", 0))], NOON)
    assert outcome.accepted
    assert len(list(journal.read())) == 1


def test_an_id_older_than_the_window_is_never_executed(driver):
    """Its outcome may have been forgotten, so it is refused."""
    old = make_id("cmd", NOON - 25 * 3600 * 1000, 7)
    [outcome] = driver.run([request(old, Raise("x"))], NOON)
    assert outcome.rejection.code == "command_expired"
    assert driver.executor.committed["counter"] == {}


def test_an_emergency_overtakes(driver):
    """What waits in the emergency lane is decided first, however much waits elsewhere."""
    executor = driver.executor
    for i in range(5):
        executor.submit(request(f"bulk{i}", Raise("x")), Lane.BULK)
    executor.submit(request("emergency", Raise("x")), Lane.EMERGENCY)
    assert driver.drain(NOON)[0].request == "emergency"


def test_a_full_lane_says_busy(journal):
    """Lanes are bounded: what does not fit is refused before it is decided, and may be sent again."""
    executor = Executor([make_domain()], Limits(lane=2))
    answers = [executor.submit(request(f"r{i}", Raise("x"))) for i in range(3)]
    assert [a.code if a else None for a in answers] == [None, None, "busy"]


def test_a_failing_domain_is_suspended_and_writes_nothing_of_its_own(driver, journal):
    """An exception in apply suspends the domain by an event; the committed state never saw the failing event."""
    good, cursed, after = driver.run([request("a", Raise("x")), request("b", Curse()), request("c", Raise("x"))], NOON)
    assert good.accepted
    assert (cursed.rejection.code, after.rejection.code) == ("domain_suspended", "domain_suspended")
    assert driver.executor.committed["counter"] == {"x": 1}
    assert [b"counter.cursed" in line for line in journal.read()].count(True) == 0
    again = SynchronousDriver(Executor([make_domain()]), journal)
    assert again.run([request("d", Raise("x"))], NOON)[0].rejection.code == "domain_suspended"
    again.lead("a node", NOON)
    assert again.run([request("e", Raise("x"))], NOON)[0].accepted


def test_an_unknown_command_is_refused(driver):
    """A command that no domain decides is a rejection, not an exception."""

    class Foreign(Command, frozen=True):
        command_kind = "foreign.do"

    assert driver.run([request("a", Foreign())], NOON)[0].rejection.code == "command_unknown"


def test_recorded_time_never_falls(driver, journal):
    """A clock that steps back does not step the journal back; `at` keeps what was said."""
    driver.run([request("a", Raise("x"))], NOON)
    driver.run([request("b", Raise("x"), at=NOON - 5000)], NOON - 3000)
    previous, envelopes = bytes(32), []
    for line in journal.read():
        previous, envelope = unseal(previous, line)
        envelopes.append(envelope)
    assert [e.recorded_at for e in envelopes] == [NOON, NOON]
    assert envelopes[1].at == NOON - 5000


def test_a_changed_byte_is_corruption(driver, journal):
    """Refolding lines of which one byte changed raises Corruption."""
    driver.run([request("a", Raise("x")), request("b", Raise("y"))], NOON)
    lines = list(journal.read())
    lines[0] = lines[0].replace(b'"x"', b'"z"')
    with pytest.raises(Corruption):
        Executor([make_domain()]).refold(lines)


def test_payloads_hold_no_floats():
    """An event with a float anywhere inside cannot be declared."""
    with pytest.raises(TypeError, match="no floats"):

        @event("counter.measured")
        class Measured(Raised, frozen=True):
            value: list[float] = []


def test_subjects_are_read_from_the_declared_fields(journal, driver):
    """Each line names the ids that it concerns."""
    driver.run([request("a", Raise("x"))], NOON)
    assert unseal(bytes(32), next(iter(journal.read())))[1].subjects == ["x"]


@given(st.integers(0, 2**49), st.integers(0, 2**80 - 1))
def test_the_time_of_an_id_can_be_read_back(time_ms, entropy):
    """Ids carry the millisecond of their making."""
    assert made_at(make_id("unit", time_ms, entropy)) == time_ms


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 9)), min_size=2))
def test_ids_sort_by_time(pairs):
    """The order of ids of one kind is the order of their times."""
    ids = [make_id("c", t, e) for t, e in pairs]
    assert [made_at(i) for i in sorted(ids)] == sorted(t for t, _ in pairs)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400)), max_size=40), st.integers(1, 7))
def test_both_folds_agree_and_batches_do_not_matter(steps, batch):
    """However requests are cut into batches, the journal's lines and the state are the same."""
    requests = [request(f"r{i}", Raise(name, by)) for i, (name, by) in enumerate(steps)]
    journals = []
    for size in (batch, 512):
        journal = MemoryJournal()
        driver = SynchronousDriver(Executor([make_domain()], Limits(batch=size)), journal)
        driver.run(requests, NOON)
        assert driver.executor._committed.stored() == driver.executor._decided.stored()
        journals.append(list(journal.read()))
    assert journals[0] == journals[1]


def test_the_first_line_behind_a_break_may_be_lost_to_the_next(journal, driver):
    """Two breaks side by side: what is left between them is folded, and the chain behind the second is followed."""
    driver.run([request(f"r{i}", Raise("x")) for i in range(12)], NOON)
    envelopes = [opened(line) for line in journal.read()]
    genesis, lines = Head().hash, []
    for begin, end in ((0, 4), (4, 8), (8, 12)):  # three chains; the later ones go on behind nothing that was good
        previous = genesis
        for envelope in envelopes[begin:end]:
            previous, line = seal(previous, envelope)
            lines.append(line)
    gaps = [Gap(0, genesis, 5), Gap(4, genesis, 9)]
    left = [line for position, line in enumerate(lines, start=1) if position not in {5, 6}]
    executor = Executor([make_domain()])
    executor.refold(left, gaps)
    assert executor.durable.position == 12
    assert executor.committed["counter"] == {"x": 9}  # line 11 marks a round value


def test_a_break_counts_what_can_be_read_no_more_wherever_a_fold_began(driver, journal):
    """The journal is asked for what is between; what it cannot read, or only behind further damage, is lost."""
    driver.run([request(str(number), Raise("x")) for number in range(8)], NOON)
    stored = list(journal.read())
    gap = Gap(2, unseal(bytes(32), stored[0])[0], 7)
    assert missing_in(gap, journal.read) == 0
    assert missing_in(gap, lambda after: [*stored[after:3], *stored[5:]]) == 2

    def damaged(after):
        yield from stored[after:3]
        raise Corruption("a bit was turned")

    assert missing_in(gap, damaged) == 3
