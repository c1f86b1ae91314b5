"""What only the world outside knows, held against the journal: who rang, what a device got, what a seat showed."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from redstick.dispatch.invariants import broken
from redstick.dispatch.reads.seats import FLOOR
from redstick.dispatch.state import Dispatch
from redstick.kernel.snapshots import written_snapshot
from redstick.simulation.world.chain import Problem, Row
from redstick.simulation.world.city.accounts import Accounts
from redstick.simulation.world.city.house import Floor
from redstick.simulation.world.city.paths import Provider
from redstick.simulation.world.city.plan import FAULTS_UNTIL_MS
from redstick.simulation.world.city.telephone import Telephone
from redstick.simulation.world.household import EPOCH_MS
from redstick.simulation.world.machines import Folded, Machines
from redstick.simulation.world.seats import Seat

# Once nothing breaks any more no call waits longer for an owner: behind a long outage each call taker may have
# two callers before it, and speaks with each for over a minute.
OWNED_WITHIN_MS = 240_000
OWNED_IN_PARISH_MS = 300_000  # where callers and call takers speak for as long as people do
SAMPLED_EACH = 149  # positions at which dispatch's own invariants are looked at
SETTLES_BY_REACTION = "nobody watches"  # holds once reactions have answered: looked at in the journal, and at the end


def telephone_problems(telephone: Telephone, books: Accounts) -> Iterator[Problem]:
    """Every ring is written down; whoever hung up was called back, or somebody answers for it by name."""
    for story in telephone.stories.values():
        call = books.calls.get(story.call)
        if call is None:
            yield Problem("every_ring_is_written_down", f"{story.call} rang at {story.rang_at} ms")
            continue
        if story.hung_up_at is not None and story.call not in books.answered_for:
            yield Problem("no_number_is_uncalled", f"{story.number} hung up at {story.hung_up_at} ms: {story.call}")


def owner_problems(books: Accounts, within_ms: int) -> Iterator[Problem]:
    """Every call is answered, handed over or owed a callback by its deadline, once nothing breaks any more."""
    for name, call in books.calls.items():
        due = max(call.received_at, EPOCH_MS + FAULTS_UNTIL_MS) + within_ms
        waits = call.owned_at is None and due < books.now
        if waits or (call.owned_at is not None and call.owned_at > due):
            yield Problem("every_call_is_owned", f"{name} rang at {call.received_at}, owned {call.owned_at}")


def path_problems(provider: Provider, books: Accounts) -> Iterator[Problem]:
    """What counts as alerted was really delivered, or the unit said so itself."""
    for name, alert in books.alerts.items():
        by_word = alert.evidence.startswith("status ")
        if alert.standing == "alerted" and not by_word and not any(key in provider.delivered for key in alert.keys):
            yield Problem("alerted_means_proof", f"{name} counts as alerted: {alert.evidence}; no device has it")


def state_problems(state: Dispatch, books: Accounts, where: str) -> Iterator[Problem]:
    """The fold says of units, dangers and callbacks what the ledger says."""
    for name, unit in state.units.items():
        if set(unit.work) != set(books.work.get(name, ())):
            says = list(books.work.get(name, ()))
            yield Problem("work_follows_events", f"{where}: {name} works on {unit.work}, its events say {says}")
        if (unit.emergency_at is not None) != (name in books.dangers):
            yield Problem("no_emergency_ends_silently", f"{where}: {name} {unit.emergency_at}")
    if {number: list(owed.calls) for number, owed in state.callbacks.items()} != books.owed:
        yield Problem("no_number_is_uncalled", f"{where}: {sorted(state.callbacks)} for {sorted(books.owed)}")


def fold_stepwise(machines: Machines, stored: list[bytes], seats: Sequence[Seat]) -> tuple[Folded, list[Problem]]:
    """Fold the journal anew, looking on the way: at dispatch's own invariants, and at what seats showed there."""
    problems: list[Problem] = []
    wanted: dict[int, list[tuple[Seat, Mapping[str, object]]]] = {}
    for seat in seats:
        for at, rows in seat.seen:
            wanted.setdefault(at, []).append((seat, rows))
        if seat.went_back:
            problems.append(Problem("frames_in_order", f"{seat.name}: {seat.went_back} frames did not follow"))
    executor, floor, stood, sampled = machines.household.executor(), Floor(), 0, 0

    def look(position: int) -> None:
        for seat, rows in wanted.pop(position, ()):
            shown = {key: _told(msgspec.json.decode(row)) for key, row in rows.items()}  # type: ignore[call-overload]  # rows are raw JSON
            should = _rows(floor, executor.committed)
            if shown != should:
                odd = _difference(shown, should)
                problems.append(Problem("view_equals_fold", f"{seat.name} at position {position}: {odd}"))

    look(0)
    for fact in executor.follow(stored, machines.gaps):
        position = fact.envelope.position
        for skipped in range(stood + 1, position):
            look(skipped)
        look(position)
        stood = position
        if position // SAMPLED_EACH > sampled and fact.envelope.part == fact.envelope.parts:
            sampled = position // SAMPLED_EACH
            problems += _own(executor.committed["dispatch"], position, final=False)
    problems += [
        Problem("seen_is_durable", f"{held[0][0].name} stood at position {at}, which the journal does not hold")
        for at, held in wanted.items()
        if at > stood
    ]
    if machines.gaps:
        executor.refold()  # it may end behind a break
    problems += _own(executor.committed["dispatch"], stood, final=True)
    return Folded(executor, executor.durable, written_snapshot(executor.snapshot())), problems


def _own(state: Dispatch, position: int, *, final: bool) -> list[Problem]:
    return [
        Problem("dispatch_holds", f"position {position}: {words}")
        for words in broken(state)
        if final or not words.startswith(SETTLES_BY_REACTION)
    ]


def _rows(floor: Floor, states: Mapping[str, object]) -> dict[str, Row]:
    found = ((key, floor.row(states, key, FLOOR)) for key in floor.keys(states))
    return {key: _told(msgspec.json.decode(msgspec.json.encode(row))) for key, row in found if row is not None}


def _told(row: Row) -> Row:
    """A row without what is only suggested: that is reckoned when the row was last touched, and as old as that."""
    return {name: value for name, value in row.items() if name != "similar"}


def _difference(shown: Mapping[str, Row], should: Mapping[str, Row]) -> str:
    """The first few fields that differ, by row."""
    keys = sorted(key for key in {*shown, *should} if shown.get(key) != should.get(key))
    fields = []
    for key in keys[:3]:
        one, other = shown.get(key), should.get(key)
        if one is None or other is None:
            fields.append(f"{key} is {'missing' if one is None else 'there'}")
        else:
            odd = [name for name in {**one, **other} if one.get(name) != other.get(name)]
            fields += [f"{key}: {name} {one.get(name)!r} for {other.get(name)!r}" for name in odd[:2]]
    return "; ".join(fields)
