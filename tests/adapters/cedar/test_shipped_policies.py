"""The policies that ship: what a council may rely on before it has changed a word."""

import pytest

from redstick.adapters.cedar.compiling import compile_folder
from redstick.bootstrap import SHIPPED_POLICIES, command_kinds
from redstick.kernel.authority.invariants import permitted_plainly
from redstick.kernel.authority.people import Person, administrators

COMMANDS = command_kinds()


@pytest.fixture(scope="module")
def shipped():
    return compile_folder(SHIPPED_POLICIES, COMMANDS)


def may(shipped, role, action, audience="", purpose="none"):
    return permitted_plainly(shipped.policy, [role], action, audience, purpose)


def test_every_command_of_dispatch_is_somebodys(shipped):
    """A supervisor may ask each, without a purpose, except what only a medical director may sign and lock."""
    medical = {"dispatch.sign_protocol", "dispatch.lock_protocol"}
    asked = {kind for kind in COMMANDS if kind.startswith("dispatch.")}
    assert {kind for kind in asked if not may(shipped, "supervisor", kind)} == medical
    for kind in medical:
        assert [role for role in shipped.words.roles if may(shipped, role, kind)] == ["medical_director"]


def test_who_takes_calls_does_not_send_units(shipped):
    """Call takers open incidents; dispatchers do that and assign units; crews do neither."""
    assert may(shipped, "call_taker", "dispatch.open_incident")
    assert not may(shipped, "call_taker", "dispatch.assign_units")
    assert may(shipped, "dispatcher", "dispatch.assign_units")
    assert not may(shipped, "responder", "dispatch.open_incident")
    assert may(shipped, "responder", "dispatch.raise_emergency")


def test_who_takes_calls_may_ask_all_that_the_calls_seat_asks(shipped):
    """Sending to dispatch writes the plan's needs down, and the seat keeps numbered paper for when the link goes."""
    for command in ("answer_call", "open_incident", "add_note", "set_needs", "reserve_cards"):
        assert may(shipped, "call_taker", f"dispatch.{command}"), command


def test_who_takes_calls_types_in_the_cards_that_they_wrote(shipped):
    """Calls, incidents and notes of paper; what it says of units is a dispatcher's, and so is settling a conflict."""
    for command in ("reserve_cards", "enter_card", "tag_from_paper"):
        assert may(shipped, "call_taker", f"dispatch.{command}"), command
    for command in ("settle_card", "assign_units", "correct_time", "release_unit", "close_incident"):
        assert not may(shipped, "call_taker", f"dispatch.{command}"), command


def test_nobody_looks_into_what_is_over_without_saying_why(shipped):
    """The whole history is closed to every role without a purpose."""
    for role in shipped.words.roles:
        assert not may(shipped, role, "dispatch.view.history", "floor")
        assert not may(shipped, role, "dispatch.view.history", "field")
    assert may(shipped, "dispatcher", "dispatch.view.history", "floor", "live_incident")
    assert not may(shipped, "dispatcher", "dispatch.view.history", "floor", "open_case")
    assert may(shipped, "analyst", "dispatch.view.history", "floor", "open_case")


def test_administrators_rule_and_do_not_look(shipped):
    """Who grants roles and adopts policies sees no call and no incident, and needs another to be given such a role."""
    assert administrators([Person("a", ("administrator",))], shipped.policy) == ["a"]
    for role in set(shipped.words.roles) - {"administrator"}:
        assert administrators([Person("a", (role,))], shipped.policy) == []
    for view in ("dispatch.view.calls", "dispatch.view.history"):
        for audience in shipped.words.audiences:
            for purpose in shipped.words.purpose_codes:
                assert not may(shipped, "administrator", view, audience, purpose)


def test_auditors_see_the_records_and_command_nothing(shipped):
    """For an audit they see who read what, without callers; no other role they hold lets them command."""
    assert may(shipped, "auditor", "access.view.records", "oversight", "audit")
    assert not may(shipped, "auditor", "access.view.records", "oversight")
    assert not may(shipped, "auditor", "dispatch.view.calls", "floor", "audit")
    for kind in COMMANDS:
        assert not permitted_plainly(shipped.policy, ["auditor", "supervisor", "administrator"], kind)


def test_the_public_sees_kinds_and_times_and_no_person(shipped):
    """For the audience `public` only open incidents, today in figures, the map and the policy are drawn."""
    shown = {"dispatch.view.incidents", "dispatch.view.overview", "city.view.map", "access.view.policy"}
    for role in shipped.words.roles:
        for purpose in shipped.words.purpose_codes:
            for view in set(shipped.words.reads) - shown:
                assert not may(shipped, role, view, "public", purpose)


def test_a_case_is_erased_for_a_court_order_alone(shipped):
    """By a records clerk who names the order; holds are theirs too, and how long a class is kept is not."""
    asked = [(role, code) for role in shipped.words.roles for code in shipped.words.purpose_codes]
    assert [cell for cell in asked if may(shipped, cell[0], "secrets.expunge", "", cell[1])] == [
        ("records_clerk", "court_order")
    ]
    assert shipped.words.purposes["court_order"].reference
    assert may(shipped, "records_clerk", "secrets.place_hold")
    assert not may(shipped, "records_clerk", "secrets.declare_class")


def test_records_are_written_by_the_house_alone(shipped):
    """No person can write down a sign-in or a read that did not happen."""
    for kind in (kind for kind in COMMANDS if kind.startswith("access.record_")):
        assert [role for role in shipped.words.roles if may(shipped, role, kind)] == ["house"]
    assert shipped.words.services == {"house": ["house"]}


def test_the_kernels_own_commands_are_nobodys_but_resuming(shipped):
    """Epochs, anchors and failures are the house's to ask; a person may resume a suspended domain, if administrator."""
    asked = {kind: [role for role in shipped.words.roles if may(shipped, role, kind)] for kind in COMMANDS}
    administered = {"kernel.resume_domain", "kernel.activate_kinds", "kernel.dismiss_node"}
    assert all(asked[kind] == ["administrator"] for kind in administered)
    assert not any(asked[kind] for kind in COMMANDS if kind.startswith("kernel.") and kind not in administered)
    assert not asked["access.bootstrap"]


def test_a_broken_glass_gives_the_floor_for_half_an_hour(shipped):
    """The emergency role takes calls, sends units and sees the floor; nobody can be granted it otherwise."""
    policy = shipped.policy
    assert (policy.emergency_role, policy.emergency_ms) == ("emergency", 30 * 60_000)
    assert may(shipped, "emergency", "dispatch.assign_units")
    assert may(shipped, "emergency", "dispatch.view.calls", "floor")
    for role in ("call_taker", "responder", "administrator"):
        assert may(shipped, role, "access.break_glass")
    for role in ("auditor", "gateway", "house", "analyst"):
        assert not may(shipped, role, "access.break_glass")


def test_crews_see_what_they_were_sent_and_the_way_and_no_caller(shipped):
    """They say that an alert was read; calls, the recommendation, seats and other people's acts stay the floor's."""
    assert may(shipped, "responder", "dispatch.view.alerts", "field")
    assert not may(shipped, "responder", "dispatch.view.alerts", "floor")
    assert may(shipped, "responder", "dispatch.report_receipt")
    assert [role for role in shipped.words.roles if may(shipped, role, "city.view.route", "floor")] == [
        "call_taker", "dispatcher", "supervisor", "responder", "administrator",
    ]  # fmt: skip
    for view in ("dispatch.view.calls", "dispatch.view.recommendations", "dispatch.view.seats"):
        assert not any(may(shipped, "responder", view, audience) for audience in shipped.words.audiences)
    for kind in ("dispatch.sign_on", "dispatch.assign_units", "dispatch.acknowledge_emergency"):
        assert not may(shipped, "responder", kind)


def test_administrators_set_the_city_up_and_move_no_unit(shipped):
    """Plans, words, the fleet, closures; a plan that nobody has seen replayed is a supervisor's to activate."""
    for kind in ("draft_plan", "review_plan_replay", "activate_plan", "adopt_codes", "enroll_unit", "close_road"):
        assert may(shipped, "administrator", f"dispatch.{kind}")
    for kind in ("activate_plan_unseen", "assign_units", "report_status", "open_incident", "add_note", "sign_on"):
        assert not may(shipped, "administrator", f"dispatch.{kind}")
