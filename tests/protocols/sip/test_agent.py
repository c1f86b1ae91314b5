"""Two agents over a wire of virtual time that may lose, double and delay: calls, transfers, what must not happen."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.protocols.sip import calling, events
from redstick.protocols.sip.agent import Agent, Identity
from redstick.protocols.sip.digest import Judge, Verdict, read_credentials, secret_of
from redstick.protocols.sip.headers import Address, cseq
from redstick.protocols.sip.messages import Request, with_headers
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.referring import ReferTo, Replaces, read_sipfrag, refer_to_of
from redstick.protocols.sip.uris import read_uri

CALLER = Address(read_uri("sip:+12255550100@caller.example"), "Caller")
OFFER, ANSWER = b"v=0\r\ns=offer\r\n", b"v=0\r\ns=answer\r\n"


class Wire:
    """Agents by host and port, joined by a network whose losses a seed decides."""

    def __init__(self, *names, seed=None, loss=0.0, transport="UDP"):
        self.now, self.queue, self.order = 0, [], itertools.count()
        self.chance, self.loss = random.Random(seed), loss
        self.agents, self.seen, self.log = {}, {}, []
        self.handled = dict.fromkeys(names, 0)
        for number, name in enumerate(names, start=1):
            tokens = (f"{name}{index}" for index in itertools.count())
            identity = Identity(
                transport=transport, host=f"192.0.2.{number}", port=5060, contact=f"sip:{name}@192.0.2.{number}:5060"
            )  # fmt: skip
            self.agents[name] = Agent(identity, lambda tokens=tokens: next(tokens))
            self.seen[name] = []
        self.hosts = {agent.identity.host: name for name, agent in self.agents.items()}

    def flush(self):
        """What agents have given out goes on the wire or into `seen`."""
        for name, agent in self.agents.items():
            for out in agent.take():
                if isinstance(out, events.Transmit):
                    host = out.source.rpartition(":")[0] if out.source else read_uri(out.hop).host
                    self.log.append((self.now, name, out.data))
                    copies = 0 if self.chance.random() < self.loss else 2 if self.chance.random() < self.loss else 1
                    for _ in range(copies):
                        at = self.now + 10 + (self.chance.randrange(200) if self.loss else 0)
                        self.queue.append((at, next(self.order), self.hosts.get(host), agent.identity.host, out.data))
                else:
                    self.seen[name].append(out)

    def run(self, until=None, robot=None):
        """Until nothing is left to happen, or until a time. `robot(name, event)` acts on what agents hear."""
        while True:
            self.flush()
            for name, heard in self.seen.items():
                while robot and self.handled[name] < len(heard):
                    event = heard[self.handled[name]]
                    self.handled[name] += 1
                    robot(name, event)
            self.flush()
            times = [one[0] for one in self.queue] + [a.next_at for a in self.agents.values() if a.next_at is not None]
            if not times or (until is not None and min(times) > until):
                self.now = until or self.now
                return
            self.now = max(self.now, min(times))
            for one in sorted(one for one in self.queue if one[0] <= self.now):
                self.queue.remove(one)
                if one[2] is not None:
                    self.agents[one[2]].receive(one[4], f"{one[3]}:5060", self.now)
            for agent in self.agents.values():
                agent.tick(self.now)

    def heard(self, name, kind):
        """The events of one kind that an agent gave out."""
        return [event for event in self.seen[name] if isinstance(event, kind)]

    def sent(self, name, start):
        """How many messages an agent sent that begin so."""
        return sum(1 for _, who, data in self.log if who == name and data.startswith(start))


def target(wire, name):
    """The URI of an agent."""
    return wire.agents[name].identity.contact


def answering(wire, name="psap"):
    """A robot that takes every call at once, and confirms every answer."""

    def robot(who, event):
        agent = wire.agents[who]
        if isinstance(event, events.Offered) and who == name:
            agent.respond(event.key, 200, "OK", wire.now, ("Content-Type", "application/sdp"), body=ANSWER)
        elif isinstance(event, events.Told) and event.request.method == "INVITE" and event.response is not None:
            agent.confirm(agent.calls[event.call])

    return robot


def established(wire):
    """A call from caller to psap that both have; their Call values."""
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, wire.now, body=OFFER)
    wire.run(wire.now + 1_000, answering(wire))
    [ours], [theirs] = wire.agents["psap"].calls.values(), wire.agents["caller"].calls.values()
    return ours, theirs


def test_a_call_is_offered_answered_acknowledged_and_ended():
    """The offer reaches the other side whole; each side hears each thing once; nothing is left behind."""
    wire = Wire("caller", "psap")
    ours, theirs = established(wire)
    [offered] = wire.heard("psap", events.Offered)
    assert offered.request.body == OFFER
    [told] = wire.heard("caller", events.Told)
    assert told.response.body == ANSWER
    assert len(wire.heard("psap", events.Acknowledged)) == 1
    assert ours.dialog.names == (theirs.dialog.call_id, theirs.dialog.remote.tag, theirs.dialog.local.tag)
    wire.agents["caller"].hang_up(theirs, wire.now)
    wire.run()
    [ended] = wire.heard("psap", events.Ended)
    assert (ended.who, ended.reason) == ("them", "bye")
    assert wire.agents["psap"].calls == wire.agents["caller"].calls == {}
    assert len(wire.agents["psap"].table) == len(wire.agents["caller"].table) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0, 0.3), st.sampled_from(["caller", "psap"]))
def test_a_call_survives_a_lossy_network_and_everybody_hears_each_thing_once(seed, loss, who):
    """One offer, one answer, one end: whatever is lost, doubled or delayed; timers end what all repeats lost."""
    wire = Wire("caller", "psap", seed=seed, loss=loss)
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0, body=OFFER)
    wire.run(20_000, answering(wire))
    for call in list(wire.agents[who].calls.values()):
        wire.agents[who].hang_up(call, wire.now)
    wire.run(robot=answering(wire))
    assert len(wire.heard("psap", events.Offered)) <= 1
    assert len(wire.heard("psap", events.Ended)) <= 1
    assert len(wire.heard("psap", events.Acknowledged)) <= 1
    for agent in wire.agents.values():
        assert len(agent.table) == 0
        assert agent.next_at is None


def test_a_caller_who_gives_up_is_heard_once_and_answered_487():
    """CANCEL before an answer: 200 to the CANCEL, 487 to the INVITE, and no call is left."""
    wire = Wire("caller", "psap")
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0)
    wire.run(100)
    [offered] = wire.heard("psap", events.Offered)
    wire.agents["psap"].respond(offered.key, 180, "Ringing", wire.now)
    wire.run(200)
    [call] = wire.agents["caller"].calls.values()
    wire.agents["caller"].hang_up(call, wire.now)
    wire.agents["caller"].hang_up(call, wire.now)
    wire.run()
    assert len(wire.heard("psap", events.Cancelled)) == 1
    assert [event.code for event in wire.heard("caller", events.Failed)] == [487]
    assert wire.sent("caller", b"CANCEL") == 1
    assert wire.agents["psap"].calls == wire.agents["caller"].calls == {}


def test_an_answer_that_crosses_the_cancel_is_acknowledged_and_ended():
    """The 200 wins: the caller confirms it and says BYE, so that nobody is left with half a call."""
    wire = Wire("caller", "psap")
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0)
    wire.run(100)
    [call] = wire.agents["caller"].calls.values()
    wire.agents["psap"].respond(wire.heard("psap", events.Offered)[0].key, 200, "OK", wire.now)
    wire.agents["caller"].hang_up(call, wire.now)
    wire.run()
    assert len(wire.heard("psap", events.Acknowledged)) == 1
    assert [event.who for event in wire.heard("psap", events.Ended)] == ["them"]
    assert wire.heard("psap", events.Cancelled) == []
    assert wire.agents["caller"].calls == {}


def test_a_call_given_up_before_any_answer_is_cancelled_once_there_is_one():
    """Section 9.1: no CANCEL before a provisional answer; then at once."""
    wire = Wire("caller", "psap")
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0)
    [call] = wire.agents["caller"].calls.values()
    wire.agents["caller"].hang_up(call, 0)
    wire.flush()
    assert wire.sent("caller", b"CANCEL") == 0
    wire.run()
    assert wire.sent("caller", b"CANCEL") == 1
    assert len(wire.heard("psap", events.Cancelled)) == 1


def test_a_bye_waits_for_the_ack_of_our_answer():
    """Section 15: the called side says BYE only once its 2xx was acknowledged."""
    wire = Wire("caller", "psap")
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0)
    wire.run(50)
    [ours] = wire.agents["psap"].calls.values()
    wire.agents["psap"].respond(ours.theirs, 200, "OK", wire.now)
    wire.agents["psap"].hang_up(ours, wire.now)
    wire.flush()
    assert wire.sent("psap", b"BYE") == 0
    wire.run(robot=answering(wire))
    assert wire.sent("psap", b"BYE") == 1
    assert len(wire.heard("caller", events.Ended)) == 1


def test_an_answer_that_is_never_acknowledged_is_told():
    """After 64 T1 the driver hears that nobody came, and can hang up."""
    wire = Wire("caller", "psap")
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0)
    wire.run(50)
    [ours] = wire.agents["psap"].calls.values()
    wire.agents["psap"].respond(ours.theirs, 200, "OK", wire.now)
    del wire.agents["caller"]
    wire.hosts.pop("192.0.2.1")
    wire.run(60_000)
    [ended] = wire.heard("psap", events.Ended)
    assert ended.who == "nobody"
    wire.agents["psap"].hang_up(ours, wire.now)
    wire.flush()
    assert wire.sent("psap", b"BYE") == 1


def test_an_invite_that_nobody_answers_fails_by_a_timer():
    """408 after 64 T1, and no call is left."""
    wire = Wire("caller")
    calling.invite(wire.agents["caller"], "sip:nobody@192.0.2.99", CALLER, 0)
    wire.run()
    assert [event.code for event in wire.heard("caller", events.Failed)] == [408]
    assert wire.agents["caller"].calls == {}


def test_a_call_is_put_on_hold_by_a_re_invite_and_glare_is_refused():
    """Either side may renew; two at once are answered 491; an old number 500."""
    wire = Wire("caller", "psap")
    ours, theirs = established(wire)
    psap, caller = wire.agents["psap"], wire.agents["caller"]
    psap.ask(ours, "INVITE", wire.now, body=b"v=0\r\na=sendonly\r\n")
    assert psap.ask(ours, "INVITE", wire.now) is None
    caller.ask(theirs, "INVITE", wire.now, body=OFFER)
    wire.run(wire.now + 100)
    assert [event.code for event in wire.heard("caller", events.Failed)] == [491]
    assert [event.code for event in wire.heard("psap", events.Failed)] == [491]
    psap.ask(ours, "INVITE", wire.now, body=b"v=0\r\na=sendonly\r\n")
    wire.run(wire.now + 100)
    [renewed] = wire.heard("caller", events.Renewed)
    assert b"sendonly" in renewed.request.body
    caller.respond(renewed.key, 200, "OK", wire.now, body=ANSWER)
    wire.run(wire.now + 5_000, answering(wire))
    assert len(wire.heard("caller", events.Acknowledged)) == 1
    assert set(psap.calls) == {ours.id}
    assert set(caller.calls) == {theirs.id}


def test_a_renewal_by_update_needs_no_ack():
    """UPDATE (RFC 3311) is heard as a renewal and answered at once."""
    wire = Wire("caller", "psap")
    ours, _ = established(wire)
    wire.agents["psap"].ask(ours, "UPDATE", wire.now, body=OFFER)
    wire.run(wire.now + 100)
    [renewed] = wire.heard("caller", events.Renewed)
    wire.agents["caller"].respond(renewed.key, 200, "OK", wire.now, body=ANSWER)
    wire.run(wire.now + 10_000)
    assert wire.heard("psap", events.Told)[-1].response.body == ANSWER


def test_an_attended_transfer_takes_the_place_of_the_call_it_names():
    """REFER with Replaces: the target hears whose place is taken; whoever asked hears by NOTIFY how it went."""
    wire = Wire("caller", "psap", "partner")
    ours, theirs = established(wire)
    calling.invite(wire.agents["psap"], target(wire, "partner"), CALLER, wire.now, body=OFFER)
    wire.run(wire.now + 1_000, answering(wire, "partner"))
    second = next(call for call in wire.agents["psap"].calls.values() if call.id != ours.id)
    place = Replaces(second.dialog.call_id, second.dialog.remote.tag, second.dialog.local.tag)
    refer = ReferTo(read_uri(target(wire, "partner")), "INVITE", place)
    calling.refer(wire.agents["psap"], ours, refer, "sip:psap@192.0.2.2", wire.now)
    wire.run(wire.now + 100)
    [asked] = wire.heard("caller", events.Referred)
    assert asked.refer_to == refer
    caller = wire.agents["caller"]
    caller.respond(asked.key, 202, "Accepted", wire.now)
    calling.invite(
        caller, str(asked.refer_to.uri), CALLER, wire.now, ("Replaces", str(asked.refer_to.replaces)), body=OFFER
    )  # fmt: skip
    wire.run(wire.now + 1_000, answering(wire, "partner"))
    offered = wire.heard("partner", events.Offered)[-1]
    assert wire.agents["partner"].calls[offered.replaces].dialog.call_id == second.dialog.call_id
    calling.notify_progress(caller, theirs, 200, "OK", wire.now)
    wire.run(wire.now + 100)
    [notified] = [event for event in wire.heard("psap", events.Asked) if event.request.method == "NOTIFY"]
    assert read_sipfrag(notified.request.body) == (200, "OK")


def test_a_call_cannot_take_the_place_of_one_that_is_not_there():
    """Replaces without its dialog is answered 481, and nobody hears of a call (RFC 3891 section 3)."""
    wire = Wire("caller", "psap")
    gone = ("Replaces", str(Replaces("none", "a", "b")))
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0, gone)
    wire.run(5_000)
    assert [event.code for event in wire.heard("caller", events.Failed)] == [481]
    assert wire.heard("psap", events.Offered) == []


@pytest.mark.parametrize(
    ("method", "extra", "code"),
    [
        ("BYE", (), 481), ("UPDATE", (), 481), ("NONSENSE", (), 501), ("PUBLISH", (), 405),
        ("REFER", (("Refer-To", "<"),), 400), ("INVITE", (("Replaces", "x"),), 400),
        ("INVITE", (("Require", "100rel"),), 420),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_answered_and_changes_nothing(method, extra, code):
    """Outside of any call: each by its own code; no call is opened, nothing is left to wait for but repeats."""
    wire = Wire("caller", "psap")
    request = calling.outside(wire.agents["caller"], method, target(wire, "psap"), CALLER, *extra)
    wire.agents["caller"].send(request, 0)
    wire.run(2_000)
    wire.run()
    assert wire.sent("psap", f"SIP/2.0 {code}".encode()) >= 1
    assert wire.agents["psap"].calls == {}


def test_an_old_number_within_a_call_is_refused():
    """A request that is older than the last one is answered 500 (section 12.2.2)."""
    wire = Wire("caller", "psap")
    _, theirs = established(wire)
    caller = wire.agents["caller"]
    caller.ask(theirs, "INFO", wire.now)
    wire.run(wire.now + 100)
    old = Request(
        method="INFO", uri=str(theirs.dialog.target),
        headers=(("From", str(theirs.dialog.local)), ("To", str(theirs.dialog.remote)),
                 ("Call-ID", theirs.dialog.call_id), ("CSeq", "1 INFO")),
    )  # fmt: skip
    caller.send(old, wire.now, theirs.id)
    wire.run(wire.now + 100)
    assert wire.sent("psap", b"SIP/2.0 500") == 1


def test_a_bye_that_repeats_the_last_number_ends_the_call():
    """The same number is not a lower one (section 12.2.2), so no channel hangs; a lower one is answered 500."""
    for number, code, left in ((2, b"200", 0), (1, b"500", 1)):
        wire = Wire("caller", "psap")
        _, theirs = established(wire)
        caller = wire.agents["caller"]
        caller.ask(theirs, "INFO", wire.now)
        wire.run(wire.now + 100)
        bye = Request(
            method="BYE", uri=str(theirs.dialog.target),
            headers=(("From", str(theirs.dialog.local)), ("To", str(theirs.dialog.remote)),
                     ("Call-ID", theirs.dialog.call_id), ("CSeq", f"{number} BYE")),
        )  # fmt: skip
        caller.send(bye, wire.now, theirs.id)
        wire.run(wire.now + 100)
        assert wire.sent("psap", b"SIP/2.0 " + code) >= 1
        assert len(wire.agents["psap"].calls) == left


def test_what_cannot_be_read_is_told_with_its_bytes_and_never_raises():
    """Garbage, a response that nobody asked for, a broken request: told, answered where it can be."""
    wire = Wire("psap")
    agent = wire.agents["psap"]
    for data in (b"garbage", b"\xff\xfe" * 40, b"SIP/2.0 200 OK\r\n\r\n", b"INVITE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n"):
        agent.receive(data, "192.0.2.66:5060", 0)
        told = [out for out in agent.take() if isinstance(out, events.Unread)]
        assert told[0].data == data
        assert told[0].faults[0].place


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_byte_changed_on_the_wire_leaves_the_agent_standing(data):
    """Each message of a whole call, with bytes changed, fed to an agent in that call: nothing raises."""
    wire = Wire("caller", "psap")
    _, theirs = established(wire)
    wire.agents["caller"].hang_up(theirs, wire.now)
    wire.flush()
    agent = wire.agents["psap"]
    for _, _, message in wire.log:
        changed = bytearray(message)
        for _ in range(data.draw(st.integers(1, 4))):
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
        agent.receive(bytes(changed), "192.0.2.1:5060", wire.now)
        agent.tick(wire.now)
    agent.take()


def test_a_request_behind_a_translator_is_answered_where_it_came_from():
    """`received` and `rport` say it on the Via (RFC 3581), and the answer goes to the source."""
    wire = Wire("caller", "psap")
    request = calling.outside(wire.agents["caller"], "OPTIONS", target(wire, "psap"), CALLER)
    wire.agents["caller"].send(request, 0)
    [sent] = wire.agents["caller"].take()
    wire.agents["psap"].receive(sent.data, "198.51.100.9:40000", 0)
    [asked] = wire.agents["psap"].take()
    wire.agents["psap"].respond(asked.key, 200, "OK", 0)
    [back] = wire.agents["psap"].take()
    assert back.source == "198.51.100.9:40000"
    assert b"received=198.51.100.9" in back.data
    assert b"rport=40000" in back.data


def test_a_challenged_invite_is_tried_again_with_credentials():
    """407, then the same call under the next number; the judge finds the answer good, and a second use a replay."""
    wire = Wire("caller", "psap")
    judge, psap, caller = Judge("psap.example"), wire.agents["psap"], wire.agents["caller"]
    secret = secret_of("alice", "psap.example", "correct horse", "SHA-256")
    calling.invite(caller, target(wire, "psap"), CALLER, 0, body=OFFER)
    wire.run(50)
    [offered] = wire.heard("psap", events.Offered)
    psap.respond(
        offered.key, 407, "Proxy Authentication Required", 50, ("Proxy-Authenticate", str(judge.challenge("n", 50)))
    )
    wire.run(100)
    [failed] = wire.heard("caller", events.Failed)
    call, _ = calling.try_again(caller, failed, "alice", "correct horse", wire.now)
    wire.run(200)
    again = wire.heard("psap", events.Offered)[1].request
    assert cseq(again).number == 2
    assert again.first("Call-ID") == offered.request.first("Call-ID")
    credentials = read_credentials(again.first("Proxy-Authorization"))
    assert judge.judge(credentials, secret, "INVITE", wire.now) is Verdict.GOOD
    assert judge.judge(credentials, secret, "INVITE", wire.now) is Verdict.REPLAYED
    wire.run(1_000, answering(wire))
    assert caller.calls[call].confirmed


def test_a_strict_router_of_old_is_still_passed_through():
    """The first route without `lr` becomes the Request-URI, and the target the last route (section 12.2.1.1)."""
    wire = Wire("caller", "psap")
    calling.invite(wire.agents["caller"], target(wire, "psap"), CALLER, 0)
    [sent] = wire.agents["caller"].take()
    invite = read_message(sent.data)
    routed = with_headers(invite.headers, "Record-Route", "<sip:old.example>", "<sip:new.example;lr>")
    wire.agents["psap"].receive(
        b"\r\n".join([b"INVITE sip:psap@192.0.2.2 SIP/2.0", *(f"{n}: {v}".encode() for n, v in routed)]) + b"\r\n\r\n",
        "192.0.2.1:5060", 0,
    )  # fmt: skip
    [offered] = [out for out in wire.agents["psap"].take() if isinstance(out, events.Offered)]
    psap = wire.agents["psap"]
    psap.respond(offered.key, 200, "OK", 0)
    psap.take()
    psap.ask(psap.calls[offered.call], "INFO", 0)
    [info] = psap.take()
    request = read_message(info.data)
    assert request.uri == "sip:old.example"
    assert request.all("Route") == ["<sip:new.example;lr>", "<sip:caller@192.0.2.1:5060>"]


def test_refer_to_is_read_as_it_is_written():
    """With and without the call whose place is taken."""
    for value in (
        ReferTo(read_uri("sip:a@b")),
        ReferTo(read_uri("sip:a@b"), "INVITE", Replaces("c;d@e", "t", "f", True)),
    ):
        if value.replaces is None or ";" not in value.replaces.call_id:
            assert refer_to_of(Request(method="REFER", uri="x", headers=(("Refer-To", str(value)),))) == value
