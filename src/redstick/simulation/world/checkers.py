"""What must hold after every run, whatever befell it.

Checked from outside: stored lines, what clients were told, what seats saw. Nothing here asks the system how it did.
"""

import json
from collections.abc import Iterator, Sequence

import msgspec

from redstick.kernel.envelope import Gap
from redstick.kernel.values import Outcome
from redstick.simulation.world.askers import Asked, Asker
from redstick.simulation.world.chain import Line, Model, Problem, Row, chain_problems, read_lines
from redstick.simulation.world.deciding import decision_problems
from redstick.simulation.world.proving import RETIRE_MS, STAFF, STRANGER
from redstick.simulation.world.seats import Seat

SLACK_MS = 1_500  # how long after it was due a timer may fire once all is well


def problems_of(
    stored: list[bytes], gaps: Sequence[Gap], clients: Sequence[Asker], seats: Sequence[Seat]
) -> Iterator[Problem]:
    """Every invariant that the stored lines, the clients and the seats can show broken."""
    lines = read_lines(stored)
    groups = groups_of(lines)
    yield from chain_problems(stored, lines, resumed_at(gaps))
    yield from break_problems(lines, gaps)
    yield from once_problems(groups)
    yield from balance_problems(lines)
    for client in clients:
        for asked in client.asked.values():
            yield from told_problems(asked, groups.get(asked.request.id))
    requests = {name: asked.request for client in clients for name, asked in client.asked.items()}
    yield from decision_problems(lines, groups, requests)
    yield from timer_problems(lines)
    yield from reaction_problems(lines, groups)
    yield from seat_problems(lines, seats)


def liveness_problems(stored: list[bytes], gaps: Sequence[Gap], clients: Sequence[Asker]) -> Iterator[Problem]:
    """What holds even on a disk that said "durable" of what it then lost: an unbroken or cited chain, and answers.

    No program can keep the other promises there. That the loss is found is the storage's promise, and tested there.
    """
    found = chain_problems(stored, read_lines(stored), resumed_at(gaps))
    yield from (problem for problem in found if problem.invariant == "chain")
    for client in clients:
        for name in client.waits:
            yield Problem("everyone_is_told", f"{name} was never answered")


def resumed_at(gaps: Sequence[Gap]) -> dict[int, tuple[int, bytes]]:
    """Where the chain goes on behind damage: the good position and the hash that it cites there."""
    return {gap.first: (gap.good, gap.hash) for gap in gaps}


def break_problems(lines: Sequence[Line], gaps: Sequence[Gap]) -> Iterator[Problem]:
    """Each break is told in the journal itself: how far it was good, where it goes on, how many lines are lost."""
    there = {line.position for line in lines}
    told = {line.payload["first"]: line.payload for line in lines if line.kind == "kernel.chain_broken"}
    for gap in gaps:
        lost = sum(position not in there for position in range(gap.good + 1, gap.first))
        wanted = {"good": gap.good, "first": gap.first, "missing": lost}
        if told.get(gap.first) != wanted:
            yield Problem("break_told", f"{wanted} was told as {told.get(gap.first)}")


def groups_of(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each command, by its id."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.cause, []).append(line)
    return groups


def once_problems(groups: dict[str, list[Line]]) -> Iterator[Problem]:
    """No command has two groups of lines, whoever asked it."""
    for cause, group in groups.items():
        if [line.part for line in group] != list(range(1, group[0].parts + 1)):
            yield Problem("once", f"{cause} has the parts {[line.part for line in group]}")


def balance_problems(lines: Sequence[Line]) -> Iterator[Problem]:
    """Balances are what was put."""
    totals: dict[str, int] = {}
    for line in lines:
        if line.kind == "proving.amount_put":
            name = line.payload["box"]
            totals[name] = totals.get(name, 0) + line.payload["amount"]
            if totals[name] != line.payload["total"]:
                yield Problem("fold", f"position {line.position}: {name} holds {totals[name]}, the line says otherwise")
        elif line.kind == "proving.box_opened" and line.payload["box"] in totals:
            yield Problem("recall", f"position {line.position}: {line.payload['box']} was there already")
        elif line.kind == "proving.box_opened":
            totals[line.payload["box"]] = 0


def told_problems(asked: Asked, group: list[Line] | None) -> Iterator[Problem]:
    """Whatever was told is in the journal once, as it was told, every time it was told.

    Nobody here uses an id for two commands or asks again a day later, so nobody may be told so.
    """
    name = asked.request.id
    for _, outcome in asked.told:
        if group is None:
            yield Problem("acknowledged", f"{name} was told {_words(outcome)} and has no line")
        elif told_by(group) != said_in(outcome):
            yield Problem("acknowledged", f"{name} was told {_words(outcome)}, its lines say {told_by(group)}")
    if not asked.told:
        yield Problem("everyone_is_told", f"{name} was never answered")
    if asked.request.actor == STRANGER and any(outcome.accepted for _, outcome in asked.told):
        yield Problem("authority", f"a stranger's {name} was accepted")


def told_by(group: Sequence[Line]) -> list[tuple[str, Row]]:
    """What the lines of a command say became of it, as kinds and payloads; a refusal as its code."""
    first = group[0]
    if first.kind == "kernel.rejected":
        return [("rejected", {"code": first.payload["code"]})]
    if first.kind == "kernel.domain_suspended":
        return [("rejected", {"code": "domain_suspended"})]
    return [(line.kind, line.payload) for line in group]


def said_in(outcome: Outcome) -> list[tuple[str, Row]]:
    """What an outcome says, in the same form."""
    if outcome.rejection is not None:
        return [("rejected", {"code": outcome.rejection.code})]
    return [(event.event_kind, msgspec.json.decode(msgspec.json.encode(event))) for event in outcome.events]


def timer_problems(lines: Sequence[Line]) -> Iterator[Problem]:
    """An alarm rings once, never early, and unless it was stopped; so does the retirement of what was closed."""
    running: dict[str, tuple[int, int]] = {}
    for line in lines:
        if line.cause.startswith("timer:") and line.part == 1:
            key = line.cause.removeprefix("timer:").rpartition(":")[0]
            started, due = running.pop(key, (0, 0))
            if line.cause != f"timer:{key}:{started}":
                yield Problem("timer_once", f"position {line.position}: {line.cause} fired and was not running")
            elif line.recorded_at < due:
                yield Problem("timer_early", f"position {line.position}: {key} was due at {due}")
        domain, _, what = line.kind.partition(".")
        if domain == "proving" and what == "alarm_set":
            due = line.recorded_at + line.payload["after_ms"]
            running[f"alarm:{line.payload['box']}"] = (line.position, due)
        elif domain == "proving" and what == "alarm_stopped":
            running.pop(f"alarm:{line.payload['box']}", None)
        elif domain == "proving" and what == "box_closed":
            running[f"retire:{line.payload['box']}"] = (line.position, line.recorded_at + RETIRE_MS)
        elif domain == "proving" and what == "box_reopened":
            running.pop(f"retire:{line.payload['box']}", None)
    for key, (position, due) in running.items():
        if lines and due + SLACK_MS < lines[-1].recorded_at:
            yield Problem("timer_lost", f"{key}, set at position {position}, was due at {due} and never fired")


def reaction_problems(lines: Sequence[Line], groups: dict[str, list[Line]]) -> Iterator[Problem]:
    """Every total that seven divides is stamped once, and nothing else is."""
    owed = {
        f"reaction:stamping:{line.position}:0"
        for line in lines
        if line.kind == "proving.amount_put" and line.payload["total"] % 7 == 0
    }
    answered = {cause for cause in groups if cause.startswith("reaction:")}
    for cause in sorted(owed ^ answered):
        yield Problem("reactions", f"{cause} is {'not answered' if cause in owed else 'an answer to nothing'}")


def seat_problems(lines: Sequence[Line], seats: Sequence[Seat]) -> Iterator[Problem]:
    """Every row that a seat ever showed is that of the journal at the position it claimed; frames never go back."""
    wanted = {at for seat in seats for at, _ in seat.seen}
    model, stood = Model(), 0
    at_position: dict[int, dict[str, dict[str, Row]]] = {}

    def note(position: int) -> None:
        if position in wanted:
            at_position[position] = {STAFF: model.rows(staff=True), "": model.rows(staff=False)}

    for line in lines:
        for position in range(stood, line.position):  # those that a chain skips where it goes on behind a break, too
            note(position)
        model.follow(line)
        stood = line.position
        note(stood)
    for seat in seats:
        if seat.went_back:
            yield Problem("frames_in_order", f"{seat.name}: {seat.went_back} frames did not follow")
        for at, rows in seat.seen:
            if at not in at_position:
                yield Problem("seen_is_durable", f"{seat.name} stood at position {at}, which the journal does not hold")
                continue
            should = at_position[at][STAFF if seat.audience == STAFF else ""]
            shown = {key: json.loads(bytes(row)) for key, row in rows.items()}
            if shown == should:
                continue
            if seat.audience != STAFF and any("note" in row for row in shown.values()):
                yield Problem("read_above_authority", f"{seat.name} saw a note at position {at}")
            else:
                yield Problem("view_equals_fold", f"{seat.name} at position {at}: {_difference(shown, should)}")
            break


def _difference(shown: dict[str, Row], should: dict[str, Row]) -> str:
    keys = sorted(key for key in {*shown, *should} if shown.get(key) != should.get(key))
    return ", ".join(f"{key}: {shown.get(key)} for {should.get(key)}" for key in keys[:3])


def _words(outcome: Outcome) -> str:
    return outcome.rejection.code if outcome.rejection is not None else "accepted"
