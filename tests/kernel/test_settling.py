"""An append whose answer is unknown is not a failed append; a leader that lost the lease decides nothing."""

import pytest

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.executor import Executor, Lane
from redstick.kernel.lease import Lease
from redstick.kernel.node import Answer, Append, Changed, Claim, Node, Pace, ReadTail, Redirect, Standing
from redstick.kernel.snapshots import read_snapshot, written_snapshot
from redstick.kernel.values import Request
from redstick.simulation.world import proving
from redstick.simulation.world.proving import OpenBox, Put

NOON = 1_700_000_000_000


class Doubtful(MemoryJournal):
    """Answers an append with an error; whether it was written is told by `writes`."""

    def __init__(self, *, writes):
        super().__init__()
        self.writes, self.fails = writes, False

    def append(self, lines, after, head):
        """Write or not, as told, and give no answer."""
        if self.fails:
            if self.writes:
                super().append(lines, after, head)
            raise Unavailable("no answer")
        super().append(lines, after, head)


@pytest.mark.parametrize("writes", [True, False])
def test_an_unknown_append_is_settled_by_id(writes):
    """Written or not, after a reopening each pending command has one outcome and one line; nobody had to ask again."""
    journal = Doubtful(writes=writes)
    driver = SynchronousDriver(Executor([proving.domain]), journal)
    driver.run([Request("open", OpenBox("x"), "t")], NOON)
    journal.fails = True
    with pytest.raises(Unavailable):
        driver.run([Request("a", Put("x", 1), "t"), Request("b", Put("x", 2), "t")], NOON)
    with pytest.raises(Unavailable):
        driver.executor.decide(NOON)
    assert driver.executor.committed["proving"].boxes["x"].amount == 0
    journal.fails = False
    driver.reopen(journal)
    outcomes = driver.lead("a node", NOON)
    assert [(outcome.request, outcome.accepted) for outcome in outcomes] == [("a", True), ("b", True)]
    assert [len(outcome.events) for outcome in outcomes] == [1, 1]
    assert driver.executor.committed["proving"].boxes["x"].amount == 3
    causes = [opened(line).cause for line in journal.read()]
    assert sorted(causes) == ["a", "b", "epoch:1:a node", "open"]


def test_an_epoch_that_is_not_higher_is_refused():
    """Nobody leads twice under the same number."""
    driver = SynchronousDriver(Executor([proving.domain]), MemoryJournal())
    driver.lead("a", NOON)
    driver.executor.lead(1, "b", NOON)
    driver.commit()
    kinds = [opened(line).kind for line in driver.journal.read()]
    assert kinds == ["kernel.epoch_began", "kernel.rejected"]


def test_every_line_carries_its_epoch():
    """The line that begins an epoch, and each behind it until the next one."""
    driver = SynchronousDriver(Executor([proving.domain]), MemoryJournal())
    driver.run([Request("a", OpenBox("x"), "t")], NOON)
    driver.lead("one", NOON)
    driver.run([Request("b", Put("x", 1), "t")], NOON)
    driver.lead("two", NOON)
    assert [opened(line).epoch for line in driver.journal.read()] == [0, 1, 1, 2]


def test_the_lease_has_one_holder_and_epochs_that_only_grow():
    """Held, renewed, run out, claimed by another; the older epoch appends no more."""
    lease = Lease()
    assert lease.claim("a", 0, 100) == 1
    assert lease.claim("b", 99, 100) is None
    assert lease.renew("a", 1, 90, 100)
    assert lease.claim("b", 150, 100) is None
    assert lease.claim("b", 190, 100) == 2
    assert not lease.holds("a", 1)
    assert not lease.renew("a", 1, 191, 100)
    assert lease.claim("b", 200, 100) == 3
    assert not lease.holds("b", 2)


class Stage:
    """A node whose effects are kept and answered by hand."""

    def __init__(self):
        self.effects, self.journal = [], MemoryJournal()
        self.executor = Executor([proving.domain])
        self.executor.history = self.journal.read
        self.node = Node("a", self.executor, self.effects.append, lambda: NOON, Pace(lease=1000, renew=300, margin=100))

    def last(self, kind):
        """The newest effect of a kind."""
        return next(effect for effect in reversed(self.effects) if isinstance(effect, kind))

    def lead(self, epoch=1, tick=0):
        """Take the lease, read the tail, begin the epoch."""
        self.node.claim(tick)
        self.node.granted(epoch, tick, tick)
        self.node.tail(self.last(ReadTail).token, list(self.journal.read(self.executor.durable.position)), (), tick)
        self.write(tick)

    def write(self, tick=0):
        """Make the newest batch durable and say so."""
        batch = self.last(Append).batch
        self.journal.append(batch.lines, batch.after, batch.head)
        self.node.appended(batch, tick)


def test_a_follower_sends_who_asks_to_the_leader():
    """It decides nothing."""
    stage = Stage()
    stage.node.denied("b", 0)
    stage.node.ask(Request("r", OpenBox("x"), "t"), Lane.ORDINARY, 0)
    assert stage.last(Redirect) == Redirect("r", "b")


def test_what_comes_while_an_append_is_in_flight_goes_into_the_next_one():
    """One append at a time; the rest is a group commit."""
    stage = Stage()
    stage.lead()
    for i in range(5):
        stage.node.ask(Request(f"r{i}", OpenBox(f"x{i}"), "t"), Lane.ORDINARY, 1)
    appends = [effect for effect in stage.effects if isinstance(effect, Append)]
    assert len(appends[-1].batch.lines) == 1
    stage.write(2)
    assert len(stage.last(Append).batch.lines) == 4
    assert [effect.outcome.request for effect in stage.effects if isinstance(effect, Answer)] == ["r0"]


def first_of_two_durable(at):
    """A stage at which two have asked and the append of the first is confirmed at a tick; its effects since then."""
    stage = Stage()
    stage.lead()
    for name in ("r", "s"):
        stage.node.ask(Request(name, OpenBox(name), "t"), Lane.ORDINARY, 1)
    asked = len(stage.effects)
    stage.write(at)
    return stage, [type(effect) for effect in stage.effects[asked:]]


def test_the_writer_has_the_next_batch_before_anyone_is_told_of_the_last():
    """The disk works while outcomes are told; what is told is durable all the same, and nothing of the next is seen."""
    stage, effects = first_of_two_durable(at=2)
    assert effects == [Append, Changed, Answer]
    assert [fact.event.box for fact in stage.last(Changed).facts] == ["r"]
    assert list(stage.executor.committed["proving"].boxes) == ["r"]


def test_a_lease_that_ran_out_meanwhile_hands_over_no_further_batch():
    """What is durable is told; what was decided behind it waits for a new epoch."""
    _, effects = first_of_two_durable(at=950)
    assert effects == [Changed, Answer, Claim]


def test_an_answer_that_comes_after_its_batch_was_settled_says_nothing_new():
    """The late word of an old append releases no outcome twice."""
    stage = Stage()
    stage.lead()
    stage.node.ask(Request("r", OpenBox("x"), "t"), Lane.ORDINARY, 1)
    late = stage.last(Append).batch
    stage.journal.append(late.lines, late.after, late.head)
    stage.node.append_failed(late, 2)
    assert stage.node.standing is Standing.CLAIMING
    stage.node.granted(2, 2, 3)
    stage.node.tail(stage.last(ReadTail).token, list(stage.journal.read(stage.executor.durable.position)), (), 3)
    stage.node.appended(late, 4)
    stage.write(5)
    answers = [effect.outcome.request for effect in stage.effects if isinstance(effect, Answer)]
    assert answers == ["r"]
    assert [opened(line).epoch for line in stage.journal.read()] == [1, 1, 2]


def test_a_tail_that_was_asked_before_the_grant_is_not_taken_for_the_one_behind_it():
    """An old answer, overtaken on the way, could lack what another leader wrote."""
    stage = Stage()
    stage.node.tick(0)
    old = stage.last(ReadTail).token
    stage.node.claim(1)
    stage.node.granted(1, 1, 2)
    stage.node.tail(old, [], (), 3)
    assert stage.node.standing is Standing.READING
    stage.node.tail(stage.last(ReadTail).token, [], (), 4)
    assert stage.node.standing is Standing.LEADING


def test_a_leader_whose_lease_runs_out_stops_deciding():
    """Before its end, by a margin, it asks for a new epoch instead."""
    stage = Stage()
    stage.lead()
    stage.node.ask(Request("r", OpenBox("x"), "t"), Lane.ORDINARY, 950)
    assert stage.node.standing is Standing.CLAIMING
    assert stage.last(Claim) == Claim(None, 1000)


def test_a_leader_that_is_fenced_sends_everyone_on():
    """What it had decided and what waited is answered by a redirect: the new leader knows it by id, or decides it."""
    stage = Stage()
    stage.lead()
    stage.node.ask(Request("r", OpenBox("x"), "t"), Lane.ORDINARY, 1)
    stage.node.ask(Request("s", OpenBox("y"), "t"), Lane.ORDINARY, 1)
    stage.node.fenced("b", 2)
    redirects = [effect for effect in stage.effects if isinstance(effect, Redirect)]
    assert redirects == [Redirect("r", "b"), Redirect("s", "b")]
    assert stage.executor.committed["proving"].boxes == {}


def test_a_suspended_domain_is_resumed_from_its_committed_state():
    """What its faulty code had done to the decided state is gone; resuming what is not suspended is refused."""
    driver = SynchronousDriver(Executor([proving.domain, proving.fragile]), MemoryJournal())
    from redstick.kernel.system import ResumeDomain

    assert driver.run([Request("r0", ResumeDomain("fragile"), "t")], NOON)[0].rejection.code == "domain_not_mended"
    driver.run([Request("b", proving.Break(), "t")], NOON)
    assert driver.executor._decided.states["fragile"] == {"dirty": 1}
    assert driver.run([Request("r", ResumeDomain("fragile"), "t")], NOON)[0].accepted
    assert driver.executor._decided.states["fragile"] == {}
    assert driver.executor.suspended == {}


def test_lines_that_do_not_fold_suspend_their_domain_alone():
    """A new version whose applier fails on an old line starts all the same, with that domain suspended by name."""
    journal = MemoryJournal()
    driver = SynchronousDriver(Executor([proving.domain]), journal)
    driver.run([Request("a", OpenBox("x"), "t"), Request("b", Put("x", 1), "t")], NOON)

    def fails(state, happened, at):
        raise RuntimeError("new code, old line")

    from dataclasses import replace

    changed = replace(proving.domain, appliers={**proving.domain.appliers, proving.AmountPut: fails})
    again = SynchronousDriver(Executor([changed, proving.fragile]), journal)
    again.lead("a", NOON)
    assert "position 2" in again.executor.suspended["proving"]
    assert again.run([Request("c", Put("x", 1), "t")], NOON)[0].rejection.code == "domain_suspended"
    with pytest.raises(ValueError, match="broken"):
        again.executor.snapshot()


def test_a_snapshot_with_a_turned_bit_is_not_used():
    """Any bit of it: the digest, the position and the bytes hold each other."""
    driver = SynchronousDriver(Executor([proving.domain]), MemoryJournal())
    driver.run([Request("a", OpenBox("x"), "t")], NOON)
    written = written_snapshot(driver.executor.snapshot())
    for at in range(len(written)):
        turned = written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :]
        with pytest.raises(Corruption):
            read_snapshot(turned)


def test_a_snapshot_of_another_fold_is_refused():
    """When the same events fold to another state than before, the journal is folded anew."""
    from dataclasses import replace

    driver = SynchronousDriver(Executor([proving.domain]), MemoryJournal())
    kept = driver.executor.snapshot()
    with pytest.raises(Corruption, match="versions"):
        Executor([replace(proving.domain, fold_version=2)]).restore(kept)
