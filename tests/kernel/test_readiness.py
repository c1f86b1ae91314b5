"""What a build would do to a journal that another build wrote, found by reading alone."""

import msgspec
import pytest

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.domain import Domain
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.evolution import Evolution, KindsActivated, NodeKnows, NodeLeft
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.readiness import NotActive, Upcasted, not_active, readiness, snapshot_fault
from redstick.kernel.snapshots import written_snapshot
from redstick.kernel.values import Event, event

NOON = 1_700_000_000_000


@event("test.seen", version=3)
class Seen(Event, frozen=True):
    """What was seen, and by how many, and when it was over."""

    what: str
    by: int
    over: bool = False


def apply_seen(state, happened, at):
    """Count; nobody ever saw a dragon."""
    if happened.what == "dragon":
        raise RuntimeError("no dragons")
    state[happened.what] = state.get(happened.what, 0) + happened.by


UPCASTERS = {
    ("test.seen", 1): lambda payload: {**payload, "by": 1},
    ("test.seen", 2): lambda payload: payload,
}


def house_of(upcasters=UPCASTERS, fold_version=1):
    return House([Domain("test", dict, {}, {Seen: apply_seen}, upcasters, fold_version=fold_version)])


def lines_of(*told):
    """A chain of (kind, version, payload) lines."""
    head, lines = Head(), []
    for position, (kind, version, payload) in enumerate(told, start=1):
        raw = msgspec.Raw(msgspec.json.encode(payload))
        envelope = Envelope(position, NOON, NOON, kind, version, "a", f"c{position}", "d", raw)
        digest, line = seal(head.hash, envelope)
        head = Head(position, digest)
        lines.append(line)
    return lines


OLD, MIDDLE = ("test.seen", 1, {"what": "fox"}), ("test.seen", 2, {"what": "owl", "by": 2})
NEW = ("test.seen", 3, {"what": "owl", "by": 2, "over": True})


def test_older_versions_are_counted_and_converted():
    """Upcasters that would run, and on how many lines; the journal can be taken over."""
    found = readiness(house_of(), lines_of(OLD, NEW, OLD, MIDDLE))
    assert found.ok
    assert found.upcast == [Upcasted("test.seen", 1, 3, 2), Upcasted("test.seen", 2, 3, 1)]
    assert (found.head.position, found.unreadable, found.broken, found.not_active) == (4, [], {}, [])


@pytest.mark.parametrize(
    ("told", "kind", "version", "why"),
    [
        (("test.heard", 1, {}), "test.heard", 1, "unknown kind"),
        (("test.seen", 4, {"what": "fox"}), "test.seen", 4, "version 4 cannot be read"),
        (("test.seen", 3, {"what": 7, "by": 1}), "test.seen", 3, "Expected `str`"),
        (("test.seen", 3, {"what": "fox", "by": 1, "new": 1}), "test.seen", 3, "unknown field"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_first_position(told, kind, version, why):
    """A kind or version from the future, or a payload of another shape: all of its lines are counted."""
    found = readiness(house_of(), lines_of(NEW, told, NEW, told))
    [one] = found.unreadable
    assert not found.ok
    assert (one.kind, one.version, one.lines, one.first) == (kind, version, 2, 2)
    assert why in one.why


def test_a_version_whose_upcaster_is_gone_cannot_be_read():
    """It is not counted as converted."""
    found = readiness(house_of({("test.seen", 2): UPCASTERS["test.seen", 2]}), lines_of(OLD, MIDDLE))
    assert [(one.version, one.lines) for one in found.unreadable] == [(1, 1)]
    assert found.upcast == [Upcasted("test.seen", 2, 3, 1)]


def test_a_domain_whose_code_fails_on_a_stored_line_is_named():
    """Reading is not enough: every line is folded too."""
    found = readiness(house_of(), lines_of(NEW, ("test.seen", 3, {"what": "dragon", "by": 1})))
    assert not found.ok
    assert "position 2" in found.broken["test"]
    assert "no dragons" in found.broken["test"]


def test_what_waits_for_an_activation_is_named_with_whom_it_waits_for():
    """Kinds of this build that are not active, and the nodes that do not know them; nothing where no rule holds."""
    newest = {"test.seen": 3, "test.heard": 1, "test.felt": 1}
    assert not_active(Evolution(), newest) == []
    mixed = Evolution({"n1": newest, "n2": {"test.seen": 2, "test.heard": 1}}, {"test.seen": 2, "test.felt": 1})
    assert not_active(mixed, newest) == [NotActive("test.seen", 3, 2, ["n2"]), NotActive("test.heard", 1, 0, [])]


def test_activations_are_read_from_the_journal():
    """Declarations, departures and activations in the lines themselves."""
    told = [
        ("kernel.node_knows", 1, msgspec.to_builtins(NodeKnows("n1", {"test.seen": 2}))),
        ("kernel.kinds_activated", 1, msgspec.to_builtins(KindsActivated({"test.seen": 2}))),
        ("kernel.node_knows", 1, msgspec.to_builtins(NodeKnows("n2", {"test.seen": 2}))),
        ("kernel.node_left", 1, msgspec.to_builtins(NodeLeft("n1"))),
    ]
    found = readiness(house_of(), lines_of(*told))
    assert found.ok
    assert found.nodes == ["n2"]
    assert found.not_active == [NotActive("test.seen", 3, 2, ["n2"])]


def test_a_snapshot_of_other_folds_would_not_be_used():
    """Its fold versions are set beside ours; one that cannot be read, or is ahead, is named so."""
    executor = Executor([house_of().domains["test"]])
    SynchronousDriver(executor, MemoryJournal())
    stored = written_snapshot(executor.snapshot())
    assert snapshot_fault(house_of(), stored, Head()) == ""
    assert snapshot_fault(house_of(fold_version=2), stored, Head()) == "of other folds: test 1 (here 2)"
    assert snapshot_fault(house_of(), stored[:-5], Head()).startswith("cannot be read: ")
    ahead = msgspec.structs.replace(executor.snapshot().fold, position=7)
    ahead = written_snapshot(msgspec.structs.replace(executor.snapshot(), fold=ahead))
    assert snapshot_fault(house_of(), ahead, Head()) == "stands at position 7, ahead of the journal"
