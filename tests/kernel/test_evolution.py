"""Evolution: a cluster of old and new nodes never writes a line that one of them cannot read."""

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.kernel.releases import DOWN, RELEASES, UP, Heard, Seen2

from redstick.kernel import evolution
from redstick.kernel.evolution import (
    ALWAYS_ACTIVE,
    ActivateKinds,
    Casts,
    DeclareNode,
    DismissNode,
    Evolution,
    KindsActivated,
    NodeKnows,
    Written,
    activatable,
    written,
)
from redstick.kernel.values import Rejection

NOON = 1_700_000_000_000
DECIDE = {
    DeclareNode: evolution.decide_declare_node,
    DismissNode: evolution.decide_dismiss_node,
    ActivateKinds: evolution.decide_activate_kinds,
}
APPLY = {
    NodeKnows: evolution.apply_node_knows,
    evolution.NodeLeft: evolution.apply_node_left,
    KindsActivated: evolution.apply_kinds_activated,
}


CASTS = Casts(UP, DOWN)


def known_by(release):
    return {**ALWAYS_ACTIVE, **{kind: cls.event_version for kind, cls in RELEASES[release].items()}}


class State(msgspec.Struct):
    """A state that holds an evolution, as the kernel's own does."""

    evolution: Evolution = msgspec.field(default_factory=Evolution)


class Cluster:
    """Nodes of several releases over one journal of (kind, version) lines; whoever leads decides."""

    def __init__(self):
        self.state, self.lines, self.up, self.leader = State(), [], {}, None

    def ask(self, command):
        """Decide a command as the leader would; its events are lines."""
        decision = DECIDE[type(command)](self.state, command, NOON)
        if isinstance(decision, Rejection):
            return decision
        for happened in decision:
            self.lines.append((happened.event_kind, happened.event_version))
            APPLY[type(happened)](self.state, happened, NOON)
        return decision

    def start(self, node, release):
        """A node comes up with a release, and stays up only when it is taken in."""
        self.up.pop(node, None)
        refused = isinstance(self.ask(DeclareNode(node, known_by(release))), Rejection)
        if not refused:
            self.up[node] = release
            self.leader = self.leader if self.leader in self.up else node
        elif self.leader == node:
            self.leader = next(iter(sorted(self.up)), None)
        return not refused

    def stop(self, node):
        """A node goes down; it is still one of the cluster."""
        self.up.pop(node, None)
        self.leader = next(iter(sorted(self.up)), None)

    def write(self, kind, *values):
        """The leader writes an event as its own release has it."""
        cls = RELEASES[self.up[self.leader]].get(kind)
        if cls is None:
            return None
        found = written(self.state.evolution, cls(*values), CASTS)
        if isinstance(found, Written):
            self.lines.append((kind, found.version))
        return found

    def readable(self, release):
        """Whether a release can read every line."""
        known = known_by(release)
        return all(version <= known.get(kind, 0) for kind, version in self.lines)

    def faults(self):
        """Nodes that are up and cannot read the journal, or are of the cluster and could not on coming back."""
        found = [node for node, release in self.up.items() if not self.readable(release)]
        for node, kinds in self.state.evolution.nodes.items():
            if any(version > kinds.get(kind, 0) for kind, version in self.lines):
                found.append(node)
        return found


NODES = st.sampled_from(["n1", "n2", "n3"])


class MixedCluster(RuleBasedStateMachine):
    """Nodes come, go, are upgraded and set back; leaders change; everybody writes what they can."""

    def __init__(self):
        super().__init__()
        self.cluster = Cluster()

    @initialize(release=st.sampled_from([*RELEASES]))
    def first(self, release):
        """The first node of the journal."""
        self.cluster.start("n1", release)

    @rule(node=NODES, release=st.sampled_from([*RELEASES]))
    def start(self, node, release):
        """A node starts, with any release."""
        self.cluster.start(node, release)

    @rule(node=NODES)
    def stop(self, node):
        """A node goes down."""
        self.cluster.stop(node)

    @rule(node=NODES)
    def dismiss(self, node):
        """A node is gone for good."""
        self.cluster.ask(DismissNode(node))
        self.cluster.stop(node)

    @precondition(lambda self: self.cluster.up)
    @rule(data=st.data())
    def lead(self, data):
        """Somebody else leads."""
        self.cluster.leader = data.draw(st.sampled_from(sorted(self.cluster.up)))

    @rule()
    def activate(self):
        """Somebody says that all know enough."""
        self.cluster.ask(ActivateKinds())

    @precondition(lambda self: self.cluster.up)
    @rule(values=st.sampled_from([("test.seen", "fox"), ("test.heard", "owl")]))
    def write(self, values):
        """An event that every version can say, or a new kind."""
        self.cluster.write(*values)

    @precondition(lambda self: self.cluster.up)
    @rule(by=st.integers(1, 2))
    def write_what_an_older_version_may_not_say(self, by):
        """An event that says more the newer the release is."""
        more = {"old": (), "middle": (by,), "new": (["?"] * by,)}[self.cluster.up[self.cluster.leader]]
        self.cluster.write("test.seen", "fox", *more)

    @invariant()
    def every_node_reads_every_line(self):
        """Whoever is up, or may come back as it was, can read everything."""
        assert self.cluster.faults() == []


class TestMixedCluster(MixedCluster.TestCase):
    """A mixed cluster never writes a line that one of its nodes cannot read."""

    settings = settings(max_examples=200, stateful_step_count=40)


def upgrade(cluster):
    """The usual way: an old pair, one after the other on the new release, then activation."""
    cluster.start("n1", "old")
    cluster.start("n2", "old")
    cluster.start("n1", "middle")
    cluster.leader = "n1"
    yield "mixed"
    cluster.start("n2", "middle")
    yield "all new"
    cluster.ask(ActivateKinds())
    yield "active"


def test_what_is_new_waits_for_the_event():
    """In a mixed cluster it is refused, and says for whom it waits; when all know it, still; then it is written."""
    cluster, refusals = Cluster(), {}
    for stage in upgrade(cluster):
        refusals[stage] = cluster.write("test.heard", "owl")
    assert refusals["mixed"].code == "kind_not_active"
    assert refusals["mixed"].data == {"kind": "test.heard", "version": 1, "active": 0, "unknown_to": ["n2"]}
    assert refusals["all new"].data["unknown_to"] == []
    assert refusals["active"] == Written(1, b'{"what":"owl"}')
    assert cluster.faults() == []


def test_a_new_node_goes_on_writing_what_the_old_ones_read():
    """An event whose old version says the same is written in it; one that says more is refused: nothing is lost."""
    cluster, told = Cluster(), {}
    for stage in upgrade(cluster):
        told[stage] = cluster.write("test.seen", "fox"), cluster.write("test.seen", "fox", 2)
    assert told["mixed"][0] == Written(1, b'{"what":"fox"}')
    assert told["mixed"][1].code == "kind_not_active"
    assert told["active"] == (Written(2, b'{"what":"fox"}'), Written(2, b'{"what":"fox","by":2}'))
    assert cluster.start("n1", "new")
    cluster.leader = "n1"
    assert cluster.write("test.seen", "fox").code == "kind_not_active"  # there is no way back from version 3


def test_a_cast_that_loses_something_is_not_used():
    """What does not come back unchanged from the older version is refused, whatever the downcaster says."""
    state = Evolution({"n1": {"test.seen": 1}}, {"test.seen": 1})
    careless = Casts(UP, {("test.seen", 2): lambda payload: {"what": payload["what"]}})
    assert written(state, Seen2("fox", 1), careless) == Written(1, b'{"what":"fox"}')
    assert written(state, Seen2("fox", 5), careless).code == "kind_not_active"
    for broken in (Casts({}, DOWN), Casts({("test.seen", 1): lambda payload: {}}, DOWN)):
        assert written(state, Seen2("fox", 1), broken).code == "kind_not_active"


def test_a_node_that_does_not_know_what_is_active_is_not_taken_in():
    """After the activation an old release is refused by name, set back or new; before it, going back is possible."""
    cluster = Cluster()
    for stage in upgrade(cluster):
        if stage == "all new":
            assert cluster.start("n2", "old")
            assert cluster.start("n2", "middle")
    refused = cluster.ask(DeclareNode("n3", known_by("old")))
    assert refused == Rejection("node_too_old", {"node": "n3", "kinds": {"test.heard": 1, "test.seen": 2}})
    assert not cluster.start("n2", "old")
    assert cluster.ask(DeclareNode("n3", {"test.seen": 9, "test.heard": 9})).code == "node_too_old"  # not even ours


def test_the_first_node_has_nobody_to_wait_for():
    """What it knows is active at once; a second one that knows more activates nothing by itself."""
    cluster = Cluster()
    cluster.start("n1", "middle")
    assert isinstance(cluster.write("test.heard", "owl"), Written)
    cluster.start("n2", "new")
    assert activatable(cluster.state.evolution) == {}
    cluster.start("n1", "new")
    assert activatable(cluster.state.evolution) == {"test.seen": 3}


def test_nobody_waits_for_a_node_that_was_dismissed():
    """A dead old node holds the cluster up until somebody says that it is gone."""
    cluster = Cluster()
    for node in ("n1", "n2"):
        cluster.start(node, "old")
    cluster.stop("n2")
    cluster.start("n1", "new")
    assert activatable(cluster.state.evolution) == {}
    cluster.ask(DismissNode("n2"))
    assert activatable(cluster.state.evolution) == {"test.heard": 1, "test.seen": 3}
    assert cluster.ask(DismissNode("n2")).code == "node_unknown"


def test_where_nobody_declared_anything_everything_may_be_written():
    """A journal that one process keeps for itself needs no activation."""
    assert written(Evolution(), Heard("owl"), CASTS) == Written(1, b'{"what":"owl"}')


def test_the_kernel_can_always_say_no():
    """Rejections, suspensions, and evolution itself are written whatever is active."""
    state = Evolution({"n1": {}}, {"test.seen": 1})
    for happened in (NodeKnows("n1", {}), KindsActivated({}), evolution.NodeLeft("n1")):
        assert isinstance(written(state, happened, CASTS), Written)


def test_saying_again_what_is_known_changes_nothing():
    """A node that declares the same, an activation with nothing to activate: no events."""
    cluster = Cluster()
    cluster.start("n1", "old")
    count = len(cluster.lines)
    assert cluster.ask(DeclareNode("n1", known_by("old"))) == []
    assert cluster.ask(ActivateKinds()) == []
    assert len(cluster.lines) == count
    assert cluster.ask(DeclareNode(" ", {})).code == "node_unnamed"


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 3)),
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 3)),
)
def test_what_is_activatable_is_known_to_all(one, other):
    """For any two nodes: exactly what both know, in the older of the two versions."""
    found = activatable(Evolution({"n1": one, "n2": other}))
    assert found == {kind: min(one[kind], other[kind]) for kind in one.keys() & other.keys()}


def anybody_knows(state):
    """What at least one node knows, not all."""
    kinds = {}
    for known in state.nodes.values():
        kinds.update({kind: version for kind, version in known.items() if version > kinds.get(kind, 0)})
    return {kind: version for kind, version in kinds.items() if version > state.active.get(kind, 0)}


MUTANTS = {
    "activate what anybody knows": lambda patch: patch.setattr(evolution, "activatable", anybody_knows),
    "write without asking": lambda patch: patch.setattr(evolution, "holds", lambda state: False),
    "take in whoever comes": lambda patch: patch.setitem(
        DECIDE, DeclareNode, lambda state, asked, now: [NodeKnows(asked.node, asked.kinds)]
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_property_catches_what_it_is_for(mutant, monkeypatch):
    """A rule with a fault planted in it writes a line that some node cannot read, and the property sees it."""
    MUTANTS[mutant](monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            MixedCluster,
            settings=settings(max_examples=300, stateful_step_count=40, phases=[Phase.generate], derandomize=True),
        )
