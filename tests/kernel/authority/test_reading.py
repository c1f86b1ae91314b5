"""Reads: nobody above their authority, purposes where law asks them, and the glass that breaks and closes again."""

import sys
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from redstick.kernel.authority.adoption import AdoptPolicy
from redstick.kernel.authority.authority import Authority
from redstick.kernel.authority.emergencies import BreakGlass, EndEmergency
from redstick.kernel.authority.invariants import permitted_plainly
from redstick.kernel.authority.people import EnrollPerson, GrantRole, Person, SuspendPerson
from redstick.kernel.authority.policy import Cells, Policy, Purpose
from redstick.kernel.authority.records import (
    ReadAllowed,
    ReadRefused,
    RecordReadRefused,
    RecordSignIn,
    RecordSignInFailed,
    RecordSignOut,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from redstick.kernel.authority.state import Access
from redstick.kernel.authority.table import Table

sys.path.insert(0, str(Path(__file__).parent))
from office import MINUTE, make_policy

REASON = "The clerk on duty cannot be reached"


def test_a_missing_purpose_is_refused_and_says_which_would_do(office):
    """Where a view is open under a purpose alone, `purpose_needed` lists the purposes; an unknown one is refused."""
    office.run(EnrollPerson("ben", ["clerk"]))
    needed = office.read("ben", "demo.view.history").rejection
    assert (needed.code, needed.data["purposes"]) == ("purpose_needed", ["open_case"])
    assert office.read("ben", "demo.view.history", purpose="curiosity").rejection.code == "purpose_unknown"
    assert office.read("ben", "demo.view.history", purpose="none").rejection.code == "purpose_unknown"
    assert office.read("ben", "demo.view.history", purpose="audit").rejection.code == "not_permitted"


def test_a_purpose_that_needs_a_reference_is_refused_without(office):
    """`open_case` alone does not do; with the case behind a colon the read is permitted, and its record says which."""
    office.run(EnrollPerson("ben", ["clerk"]))
    for purpose in ("open_case", "open_case:", "open_case: "):
        assert office.read("ben", "demo.view.history", purpose=purpose).rejection.code == "reference_needed"
    answer = office.read("ben", "demo.view.history", purpose="open_case:2026-17")
    assert answer.permitted
    assert answer.record == ReadAllowed("ben", "demo.view.history", "floor", "open_case:2026-17")


def test_a_read_without_purpose_leaves_no_record_and_a_refused_one_does(office):
    """The board is looked at all day; who was refused anything is written down with the code."""
    office.run(EnrollPerson("ben", ["watcher"]))
    assert office.read("ben", "demo.view.board").record is None
    refused = office.read("ben", "demo.view.history")
    assert refused.record == ReadRefused("ben", "demo.view.history", "floor", "", "not_permitted")
    assert office.run(RecordReadRefused(refused.record), actor="house") == ["access.read_refused"]
    assert office.refused(RecordReadRefused(refused.record), actor="ben").code == "not_permitted"


def test_audiences_are_tried_from_the_widest(office):
    """A seat is given the audience that shows most of what its person may see, or none."""
    office.run(EnrollPerson("ben", ["watcher"]))
    office.run(EnrollPerson("cleo", ["clerk"]))
    widest = office.authority.widest_audience
    assert widest(office.state, "ben", "demo.view.board") == "floor"
    assert widest(office.state, "cleo", "demo.view.board") is None
    assert widest(office.state, "cleo", "demo.view.history") == "public"
    assert widest(office.state, "cleo", "demo.view.history", "open_case:1") == "floor"


def test_unknown_names_are_refused_everywhere(office):
    """An unknown person, view or audience is never shown anything; nor is a command's empty audience a way in."""
    office.run(EnrollPerson("ben", ["watcher", "clerk"]))
    for actor, view, audience in (
        ("nobody", "demo.view.board", "floor"),
        ("ben", "demo.view.secrets", "floor"),
        ("ben", "demo.view.board", "palace"),
        ("ben", "access.break_glass", ""),
    ):
        assert office.read(actor, view, audience).rejection.code == "not_permitted"


def test_nothing_is_read_before_there_is_a_policy(empty_office):
    """An empty house shows nothing to anyone."""
    assert empty_office.read("ada", "demo.view.board").rejection.data["because"] == "no_policy"
    assert empty_office.authority.widest_audience(empty_office.state, "ada", "demo.view.board") is None


def test_a_forbidding_cell_wins_over_every_role(office):
    """An administrator who is also an auditor may command nothing that auditors are barred from."""
    office.run(EnrollPerson("bea", ["administrator"]))
    office.run(EnrollPerson("cleo"), actor="bea")
    office.run(GrantRole("bea", "auditor"))
    assert office.refused(EnrollPerson("dora"), actor="bea").data["because"] == "no_cell"


def test_breaking_the_glass_opens_for_a_time_and_is_recorded(office):
    """With a reason a clerk sees the board at once, each read is recorded as an emergency's, and time ends it."""
    office.run(EnrollPerson("ben", ["clerk"]))
    assert not office.read("ben", "demo.view.board").permitted
    assert office.run(BreakGlass("ben", REASON), actor="ben") == ["access.glass_broken"]
    answer = office.read("ben", "demo.view.board")
    assert answer.record == ReadAllowed("ben", "demo.view.board", "floor", "", emergency=True)
    assert office.read("ben", "demo.view.history", "public").record is None  # permitted by his own role
    assert office.refused(BreakGlass("ben", REASON), actor="ben").code == "emergency_runs"

    office.now += 30 * MINUTE - 1
    office.driver.drain(office.now)
    assert office.read("ben", "demo.view.board").permitted
    office.now += 1
    office.driver.drain(office.now)
    assert not office.read("ben", "demo.view.board").permitted
    kinds = [msgspec.json.decode(line[65:])["kind"] for line in office.journal.read()]
    assert kinds[-1] == "access.emergency_ended"


def test_the_glass_is_broken_for_oneself_with_a_reason_and_by_those_who_may(office):
    """Not for another, not without a sentence, not by a role that has no cell for it."""
    office.run(EnrollPerson("ben", ["clerk"]))
    office.run(EnrollPerson("wim", ["watcher"]))
    assert office.refused(BreakGlass("ben", REASON), actor="ada").data["because"] == "for_oneself_only"
    assert office.refused(BreakGlass("ben", "because"), actor="ben").code == "reason_missing"
    assert office.refused(BreakGlass("wim", REASON), actor="wim").code == "not_permitted"


def test_an_emergency_can_be_ended_early_and_begun_anew(office):
    """Another ends it, and the old timer does not cut the new one short; a suspension ends it too."""
    office.run(EnrollPerson("ben", ["clerk"]))
    office.run(EnrollPerson("wim", ["watcher"]))
    office.run(BreakGlass("ben", REASON), actor="ben")
    office.now += 20 * MINUTE
    assert office.run(EndEmergency("ben"), actor="wim") == ["access.emergency_ended"]
    office.run(BreakGlass("ben", REASON), actor="ben")
    office.now += 20 * MINUTE
    office.driver.drain(office.now)
    assert office.read("ben", "demo.view.board").permitted
    office.run(SuspendPerson("ben", "under inquiry"))
    assert office.state.people["ben"].emergency_until is None
    assert office.refused(EndEmergency("ben"), actor="ben").data["because"] == "suspended"


def test_the_timer_of_an_emergency_that_is_over_asks_nothing(office):
    """Ended early or by a suspension, its time passes without a line."""
    for person in ("ben", "bob"):
        office.run(EnrollPerson(person, ["clerk", "watcher"]))
        office.run(BreakGlass(person, REASON), actor=person)
    office.run(EndEmergency("ben"), actor="ben")
    office.run(SuspendPerson("bob", "under inquiry"))
    lines = len(list(office.journal.read()))
    office.now += 60 * MINUTE
    office.driver.drain(office.now)
    assert len(list(office.journal.read())) == lines


def test_no_emergency_access_where_the_policy_has_none(office):
    """A policy without an emergency role gives none; one that is adopted meanwhile takes it away at once."""
    office.run(EnrollPerson("ben", ["clerk"]))
    office.run(BreakGlass("ben", REASON), actor="ben")
    office.run(AdoptPolicy(make_policy(emergency_role="", emergency_ms=0)))
    assert not office.read("ben", "demo.view.board").permitted
    assert office.refused(BreakGlass("ben", REASON), actor="ben").code == "no_emergency_access"


def test_signing_in_is_recorded_by_the_house_and_not_for_the_suspended(office):
    """Sign-ins, sign-outs and failures are lines; a suspension that came first refuses the sign-in's record."""
    office.run(EnrollPerson("ben", ["clerk"]))
    assert office.run(RecordSignIn(SignedIn("ben", "192.0.2.7")), actor="house") == ["access.signed_in"]
    assert office.run(RecordSignOut(SignedOut("ben", "192.0.2.7")), actor="house") == ["access.signed_out"]
    failed = RecordSignInFailed(SignInFailed("", "192.0.2.7", "sign_in_refused", 12))
    assert office.run(failed, actor="house") == ["access.sign_in_failed"]
    office.run(SuspendPerson("ben", "left"))
    assert office.refused(RecordSignIn(SignedIn("ben", "192.0.2.7")), actor="house").code == "person_unknown"
    assert office.refused(RecordSignIn(SignedIn("house", "192.0.2.7")), actor="house").code == "person_unknown"
    assert office.refused(RecordSignOut(SignedOut("ben", "9" * 201)), actor="house").code == "text_too_long"


ROLES, ACTIONS, AUDIENCES, PURPOSES = ["a", "b", "c"], ["x", "y.view.z"], ["", "wide", "narrow"], ["none", "p", "q"]
CELLS = st.builds(
    Cells,
    st.sampled_from(ROLES),
    st.sampled_from(ACTIONS),
    st.lists(st.sampled_from(PURPOSES), unique=True),
    st.sampled_from(AUDIENCES),
)


def tiny_policy(permits, forbids):
    """These cells, over few names; the glass gives role c."""
    purposes = [Purpose(code) for code in PURPOSES]
    return Policy([], ROLES, AUDIENCES[1:], purposes, permits, forbids, "c", 1)


@given(
    permits=st.lists(CELLS, max_size=12),
    forbids=st.lists(CELLS, max_size=6),
    roles=st.lists(st.sampled_from(ROLES), unique=True),
)
def test_the_table_says_what_its_cells_say(permits, forbids, roles):
    """For every action, audience and purpose the table answers as someone who reads the cells one by one."""
    policy = tiny_policy(permits, forbids)
    table = Table(policy)
    for action in ACTIONS:
        for audience in AUDIENCES:
            plain = [code for code in PURPOSES if permitted_plainly(policy, roles, action, audience, code)]
            assert table.purposes_that_permit(tuple(roles), action, audience) == plain


@given(
    permits=st.lists(CELLS, max_size=12),
    forbids=st.lists(CELLS, max_size=6),
    roles=st.lists(st.sampled_from(ROLES), unique=True),
    emergency=st.sampled_from([None, 1]),
    suspended=st.booleans(),
)
def test_no_read_above_authority(permits, forbids, roles, emergency, suspended):
    """What may be read is a cell of one's roles, or of the broken glass's, that none of them forbids; else nothing."""
    policy = tiny_policy(permits, forbids)
    held = tuple(role for role in roles if role != "c")
    person = Person("p", held, suspended=suspended, emergency_until=emergency)
    access = Access({"p": person}, policy)
    effective = (*held, *(["c"] if emergency else []))
    for audience in AUDIENCES:
        for purpose in PURPOSES:
            said = None if purpose == "none" else purpose
            answer = Authority().may_read(access, "p", "y.view.z", audience, said)
            plain = permitted_plainly(policy, effective, "y.view.z", audience, purpose)
            assert answer.permitted == (plain and not suspended and audience != "")
            if answer.permitted and not permitted_plainly(policy, held, "y.view.z", audience, purpose):
                assert answer.record.emergency
