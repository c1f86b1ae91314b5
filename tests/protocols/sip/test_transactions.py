"""The four machines of RFC 3261 section 17, step by step, by the timers of its table 4."""

import pytest

from redstick.protocols.sip.messages import Request, answer
from redstick.protocols.sip.timing import Deadlines, Timing
from redstick.protocols.sip.transactions import (
    Heard,
    InviteClient,
    InviteServer,
    RequestClient,
    RequestServer,
    Send,
    TimedOut,
    acknowledgement,
    cancellation,
    client_key,
    server_key,
)

TIMING = Timing()


def request(method="INVITE", branch="z9hG4bK1", **changes):
    """A request of the caller."""
    headers = (
        ("Via", f"SIP/2.0/UDP 192.0.2.7;branch={branch}"), ("Max-Forwards", "70"), ("From", "<sip:a@b.example>;tag=f"),
        ("To", "<sip:psap@example.com>"), ("Call-ID", "c"), ("CSeq", f"1 {method}"), ("Route", "<sip:edge.example;lr>"),
    )  # fmt: skip
    return Request(method=method, uri="sip:psap@example.com", headers=headers, **changes)


def run(machine, until):
    """Every (time, output) until a time, stepped at the machine's own deadlines."""
    found = []
    while machine.next_at is not None and machine.next_at <= until:
        now = machine.next_at
        found += [(now, output) for output in machine.tick(now)]
    return found


def made(kind, method="INVITE", *, reliable=False):
    """A machine that has begun at time 0, and what it gave out."""
    machine = kind(request(method), reliable=reliable, timing=TIMING)
    return machine, machine.start(0)


def test_an_invite_is_repeated_at_doubling_gaps_and_given_up_after_64_t1():
    """Timer A at 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, timer B at 32 s."""
    machine, first = made(InviteClient)
    assert first == [Send(request())]
    later = run(machine, 60_000)
    assert [at for at, output in later if isinstance(output, Send)] == [500, 1_500, 3_500, 7_500, 15_500, 31_500]
    assert later[-1] == (32_000, TimedOut())
    assert machine.over


def test_over_a_reliable_transport_nothing_is_repeated():
    """Neither an INVITE nor another request; they still time out."""
    for kind, method in ((InviteClient, "INVITE"), (RequestClient, "OPTIONS")):
        machine, _ = made(kind, method, reliable=True)
        assert run(machine, 60_000) == [(32_000, TimedOut())]


def test_a_provisional_answer_stops_the_repeats_of_an_invite():
    """And no timer ends it then: the phone may ring for long."""
    machine, _ = made(InviteClient)
    ringing = answer(request(), 180, "Ringing")
    assert machine.receive(ringing, 100) == [Heard(ringing)]
    assert machine.next_at is None


def test_a_refusal_is_acknowledged_each_time_and_heard_once():
    """The ACK has the Via, the Route and the CSeq number of the INVITE, and the To of the answer."""
    machine, _ = made(InviteClient)
    busy = answer(request(), 486, "Busy Here", tag="t")
    ack = acknowledgement(request(), busy)
    assert machine.receive(busy, 100) == [Send(ack), Heard(busy)]
    assert machine.receive(busy, 200) == [Send(ack)]
    assert (ack.first("CSeq"), ack.first("To"), ack.first("Route")) == (
        "1 ACK", "<sip:psap@example.com>;tag=t", "<sip:edge.example;lr>",
    )  # fmt: skip
    assert ack.first("Via") == request().first("Via")
    assert run(machine, 60_000) == []
    assert machine.over


def test_each_2xx_of_an_accepted_invite_is_heard():
    """Its user sends the ACK, again if it must (RFC 6026)."""
    machine, _ = made(InviteClient)
    accepted = answer(request(), 200, "OK", tag="t")
    assert machine.receive(accepted, 100) == [Heard(accepted)]
    assert machine.receive(accepted, 600) == [Heard(accepted)]
    assert run(machine, 100 + 32_000) == []
    assert machine.over


def test_another_request_is_repeated_up_to_every_four_seconds():
    """Timer E at 0.5, 1.5, 3.5, 7.5, 11.5 … 31.5 s; F at 32 s."""
    machine, _ = made(RequestClient, "OPTIONS")
    later = run(machine, 60_000)
    wanted = [500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]
    assert [at for at, output in later if isinstance(output, Send)] == wanted
    assert later[-1] == (32_000, TimedOut())


def test_a_repeated_final_answer_to_another_request_is_absorbed():
    """It is heard once; timer K ends the machine after T4."""
    machine, _ = made(RequestClient, "OPTIONS")
    done = answer(request("OPTIONS"), 200, "OK", tag="t")
    assert machine.receive(done, 100) == [Heard(done)]
    assert machine.receive(done, 200) == []
    assert machine.next_at == 5_100
    assert run(machine, 6_000) == []
    assert machine.over


def test_a_repeated_invite_gets_the_last_answer_again():
    """100 at once, then what its user said; nobody hears the INVITE twice."""
    machine, first = made(InviteServer)
    trying = answer(request(), 100, "Trying")
    assert first == [Send(trying), Heard(request())]
    assert machine.receive(request(), 10) == [Send(trying)]
    ringing = answer(request(), 180, "Ringing", tag="t")
    machine.respond(ringing, 20)
    assert machine.receive(request(), 30) == [Send(ringing)]


def test_a_refusal_is_repeated_until_its_ack_and_given_up_after_64_t1():
    """Timer G at 0.5, 1.5, 3.5, 7.5, 11.5 …; the ACK stops it; without one timer H ends it."""
    machine, _ = made(InviteServer)
    busy = answer(request(), 486, "Busy Here", tag="t")
    assert machine.respond(busy, 0) == [Send(busy)]
    assert [at for at, _ in run(machine, 16_000)] == [500, 1_500, 3_500, 7_500, 11_500, 15_500]
    assert machine.receive(acknowledgement(request(), busy), 17_000) == []
    assert run(machine, 60_000) == []
    assert machine.over
    lost, _ = made(InviteServer)
    lost.respond(busy, 0)
    assert run(lost, 60_000)[-1] == (32_000, TimedOut())


@pytest.mark.parametrize("reliable", [False, True])
def test_a_2xx_is_repeated_until_its_ack_over_any_transport(reliable):
    """Section 13.3.1.4; without an ACK the call is to be ended."""
    accepted = answer(request(), 200, "OK", tag="t")
    machine, _ = made(InviteServer, reliable=reliable)
    machine.respond(accepted, 0)
    assert [at for at, _ in run(machine, 4_000)] == [500, 1_500, 3_500]
    machine.acknowledged()
    assert run(machine, 60_000) == []
    assert machine.over
    lost, _ = made(InviteServer, reliable=reliable)
    lost.respond(accepted, 0)
    assert run(lost, 60_000)[-1] == (32_000, TimedOut())


def test_nothing_is_sent_behind_a_final_answer():
    """A second one, or a late provisional one, is not sent."""
    for kind, method in ((InviteServer, "INVITE"), (RequestServer, "BYE")):
        machine, _ = made(kind, method)
        machine.respond(answer(request(method), 200, "OK"), 0)
        assert machine.respond(answer(request(method), 486, "Busy Here"), 1) == []


def test_a_repeated_request_gets_the_same_answer_again():
    """Before there is one it gets none."""
    machine, first = made(RequestServer, "OPTIONS")
    assert first == [Heard(request("OPTIONS"))]
    assert machine.receive(request("OPTIONS"), 1) == []
    done = answer(request("OPTIONS"), 200, "OK", tag="t")
    assert machine.respond(done, 2) == [Send(done)]
    assert machine.receive(request("OPTIONS"), 3) == [Send(done)]
    assert run(machine, 2 + 32_000) == []
    assert machine.over


def test_an_ack_and_a_cancel_are_told_from_their_invite_as_the_rfc_says():
    """The ACK of a refusal has the key of its INVITE, a CANCEL one of its own with the same branch."""
    invite = request()
    ack, cancel = acknowledgement(invite, answer(invite, 486, "Busy Here", tag="t")), cancellation(invite)
    assert server_key(ack) == server_key(invite)
    assert server_key(cancel) != server_key(invite)
    assert server_key(cancel, "INVITE") == server_key(invite)
    assert client_key(answer(invite, 200, "OK")) == client_key(invite)


def test_requests_without_a_branch_of_their_own_are_told_by_the_older_rule():
    """RFC 4475 section 3.2.1: the bare cookie tells nothing; another Call-ID is another transaction."""
    first = request(branch="z9hG4bK")
    other = Request(method="INVITE", uri=first.uri, headers=tuple(
        (name, "other" if name == "Call-ID" else value) for name, value in first.headers
    ))  # fmt: skip
    assert server_key(first) != server_key(other)
    assert server_key(first) == server_key(request(branch="z9hG4bK"))


def test_deadlines_come_in_their_order():
    """The earliest first; what was dropped does not come."""
    deadlines = Deadlines()
    for name, at in (("B", 20), ("A", 10), ("C", 10), ("D", 99)):
        deadlines.put(name, at)
    deadlines.drop("C")
    assert deadlines.next_at == 10
    assert deadlines.due(20) == ["A", "B"]
    assert deadlines.next_at == 99
