"""People and roles: who begins, who may change what, and that somebody always can."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.authority import domain
from redstick.kernel.authority.adoption import AdoptPolicy, Bootstrap
from redstick.kernel.authority.people import EnrollPerson, GrantRole, RestorePerson, RevokeRole, SuspendPerson
from redstick.kernel.authority.policy import Cells
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor

sys.path.insert(0, str(Path(__file__).parent))
from office import Office, make_policy


def test_before_the_beginning_nobody_may_do_anything_but_begin(empty_office):
    """Without a policy every command but the bootstrap is refused, whoever asks."""
    assert empty_office.refused(EnrollPerson("eve")).data["because"] == "no_policy"
    assert empty_office.run(Bootstrap("ada", ["administrator"], make_policy()), actor="nobody") == [
        "access.policy_adopted",
        "access.person_enrolled",
        "access.role_granted",
    ]


def test_the_beginning_is_once(office):
    """A second bootstrap is refused by authority, and would be by its own rule."""
    again = Bootstrap("eve", ["administrator"], make_policy())
    assert office.refused(again, actor="eve").code == "not_permitted"
    unguarded = SynchronousDriver(Executor([domain]), office.journal)
    office.driver = unguarded
    assert office.refused(again, actor="eve").code == "already_begun"


def test_a_beginning_without_an_administrator_is_refused(empty_office):
    """The first person must be able to grant roles and adopt policies; else nobody ever could."""
    assert empty_office.refused(Bootstrap("ada", ["clerk"], make_policy())).code == "nobody_administers"
    assert empty_office.refused(Bootstrap("ada", ["rescuer", "administrator"], make_policy())).code == "role_unknown"
    assert empty_office.refused(Bootstrap("Ada!", ["administrator"], make_policy())).code == "person_id_invalid"
    assert empty_office.state.people == {}


def test_roles_come_and_go_by_command(office):
    """An administrator enrols, grants and revokes; doing it twice changes nothing; each is an event."""
    assert office.run(EnrollPerson("ben", ["watcher"])) == ["access.person_enrolled", "access.role_granted"]
    assert office.run(GrantRole("ben", "clerk")) == ["access.role_granted"]
    assert office.run(GrantRole("ben", "clerk")) == ["kernel.nothing_changed"]
    assert office.state.people["ben"].roles == ("clerk", "watcher")
    assert office.run(RevokeRole("ben", "watcher")) == ["access.role_revoked"]
    assert office.state.people["ben"].roles == ("clerk",)
    assert office.refused(EnrollPerson("ben")).code == "person_known"
    assert office.refused(GrantRole("ben", "emperor")).code == "role_unknown"
    assert office.refused(GrantRole("ben", "rescuer")).code == "role_unknown"
    assert office.refused(GrantRole("cleo", "clerk")).code == "person_unknown"


def test_nobody_grants_a_role_to_themself(office):
    """An administrator who wants to read files must be given the role by another one."""
    assert office.refused(GrantRole("ada", "clerk")).data["because"] == "not_for_oneself"
    office.run(EnrollPerson("bea", ["administrator"]))
    office.run(GrantRole("ada", "clerk"), actor="bea")


def test_a_suspension_holds_for_the_very_next_command(office):
    """Who is suspended may do nothing in the same batch already, and may again when restored."""
    office.run(EnrollPerson("bea", ["administrator"]))
    office.run(SuspendPerson("bea", "left the service"))
    assert office.refused(EnrollPerson("cleo"), actor="bea").data["because"] == "suspended"
    assert office.run(SuspendPerson("bea", "again")) == ["kernel.nothing_changed"]
    assert office.refused(SuspendPerson("bea", " ")).code == "reason_missing"
    office.run(RestorePerson("bea"))
    office.run(EnrollPerson("cleo"), actor="bea")


def test_the_last_administrator_stays(office):
    """Suspending or demoting the only one who may change roles and policy is refused, a second one may be."""
    office.run(EnrollPerson("bea", ["administrator"]))
    office.run(SuspendPerson("ada", "on leave"), actor="bea")
    assert office.refused(SuspendPerson("bea", "too"), actor="bea").code == "last_administrator"
    assert office.refused(RevokeRole("bea", "administrator"), actor="bea").code == "last_administrator"
    office.run(RestorePerson("ada"), actor="bea")
    office.run(RevokeRole("bea", "administrator"))


def test_a_service_is_no_administrator(office):
    """The house's own services do not count among those who could still mend a lock-out."""
    office.run(EnrollPerson("robot", ["administrator"], service=True))
    assert office.refused(RevokeRole("ada", "administrator"), actor="robot").code == "last_administrator"


def test_a_policy_that_locks_everyone_out_is_refused_and_the_old_one_stays(office):
    """Without a cell for granting roles, with a forbidden one, or with a held role gone, nothing is adopted."""
    before = office.state.policy
    without = make_policy(permits=[c for c in make_policy().permits if c.action != "access.grant_role"])
    assert office.refused(AdoptPolicy(without)).code == "nobody_administers"
    barred = make_policy(forbids=[Cells("administrator", "access.adopt_policy", ["none"])])
    assert office.refused(AdoptPolicy(barred)).code == "nobody_administers"
    office.run(EnrollPerson("ben", ["watcher"]))
    fewer = make_policy(
        roles=[role for role in before.roles if role != "watcher"],
        permits=[cells for cells in before.permits if cells.role != "watcher"],
    )
    assert office.refused(AdoptPolicy(fewer)).data == {"roles": ["watcher"]}
    assert office.state.policy is before


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": ["administrator", "administrator"]},
        {"audiences": ["floor", ""]},
        {"purposes": []},
        {"permits": [Cells("administrator", "x", ["never declared"])]},
        {"permits": [Cells("emperor", "x", ["none"])]},
        {"forbids": [Cells("clerk", "x", ["none"], "nowhere")]},
        {"emergency_role": "emperor"},
        {"emergency_ms": 0},
        {"permits": [Cells("clerk", f"x{n}", ["none"]) for n in range(50_001)]},
    ],
)
def test_a_policy_at_odds_with_itself_is_refused(office, changed):
    """Names twice or undeclared, no purpose "none", an emergency without a time, or too many cells: not adopted."""
    before = office.state.policy
    assert office.refused(AdoptPolicy(make_policy(**changed))).code == "policy_faulty"
    assert office.state.policy is before


def test_a_policy_decides_from_the_next_command_on(office):
    """What was permitted before the change is refused right behind it; the same policy twice changes nothing."""
    office.run(EnrollPerson("ben", ["watcher"]))
    assert office.read("ben", "demo.view.board").permitted
    stricter = make_policy(permits=[c for c in make_policy().permits if c.role != "watcher"])
    assert office.run(AdoptPolicy(stricter)) == ["access.policy_adopted"]
    assert not office.read("ben", "demo.view.board").permitted
    assert office.run(AdoptPolicy(stricter)) == ["kernel.nothing_changed"]
    fewer = make_policy(permits=[c for c in make_policy().permits if c.action != "access.enroll_person"])
    office.run(AdoptPolicy(fewer))
    assert office.refused(EnrollPerson("cleo")).code == "not_permitted"
    assert office.read("ben", "demo.view.board").permitted


def test_the_journal_alone_gives_the_same_authority(office):
    """A refold of the lines gives the same policy, people and revision, without the files of the policy."""
    office.run(EnrollPerson("ben", ["watcher", "clerk"]))
    office.run(SuspendPerson("ben", "for a while"))
    again = SynchronousDriver(Executor([domain]), office.journal)
    assert again.executor.committed["access"] == office.state


NAMES = st.sampled_from(["ada", "bea", "ben", "cleo"])
ROLES = st.sampled_from(["administrator", "auditor", "clerk", "rescuer", "watcher", "emperor"])
ASKED = st.one_of(
    st.builds(EnrollPerson, NAMES, st.lists(ROLES, max_size=2), st.booleans()),
    st.builds(GrantRole, NAMES, ROLES),
    st.builds(RevokeRole, NAMES, ROLES),
    st.builds(SuspendPerson, NAMES, st.just("a reason")),
    st.builds(RestorePerson, NAMES),
    st.builds(
        AdoptPolicy,
        st.builds(
            make_policy,
            forbids=st.lists(st.builds(Cells, ROLES, st.just("access.grant_role"), st.just(["none"])), max_size=1),
        ),
    ),
)


@given(asked=st.lists(st.tuples(NAMES, ASKED), max_size=40))
def test_whatever_is_asked_in_whatever_order_somebody_can_mend_it(asked):
    """After any commands by anyone the invariants hold: among them, that an administrator is left."""
    office = Office()
    office.run(Bootstrap("ada", ["administrator"], make_policy(), {"house": ["house"]}), actor="nobody")
    for actor, command in asked:
        office.ask(command, actor)
