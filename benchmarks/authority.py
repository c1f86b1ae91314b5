"""What authority and sessions cost: a check beside Cedar itself, a look-up beside the book, hashing beside a loop."""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import cedarpy

from benchmarks.figure import Figure, cpu_us
from redstick.adapters.accounts.book import SqlAccountBook
from redstick.adapters.accounts.hashing import HashingPool
from redstick.adapters.cedar.compiling import compile_folder, person_in
from redstick.bootstrap import SHIPPED_POLICIES, command_kinds
from redstick.dispatch.rules.calls import EndCall
from redstick.kernel.authority.accounts import Account, Busy
from redstick.kernel.authority.authority import Authority
from redstick.kernel.authority.people import Person
from redstick.kernel.authority.sessions import holds
from redstick.kernel.authority.state import Access
from redstick.kernel.values import Request
from redstick.server.accounts.sessions import Sessions

NOON = 1_700_000_000_000
CHECKS, DECISIONS, PEOPLE = 200_000, 500, 2_000
ROLES = ("dispatcher", "analyst")


def checks() -> Iterator[Figure]:
    """One command and one read by the table, beside one decision by Cedar from policies that are parsed already."""
    compiled = compile_folder(SHIPPED_POLICIES, command_kinds())
    access = Access({f"p{n}": Person(f"p{n}", ROLES) for n in range(PEOPLE)}, compiled.policy)
    authority, request = Authority(), Request("id", EndCall("call"), "p7")
    if authority.refusal(access, request) is not None:
        raise RuntimeError("the command is refused: this would measure something else")
    policies = cedarpy.PolicySet.from_str("\n".join(p.read_text() for p in sorted(SHIPPED_POLICIES.glob("*.cedar"))))
    schema = cedarpy.Schema.from_str(compiled.schema)
    entity = str(person_in(list(ROLES), compiled.words, "p7")).replace("'", '"')
    people = cedarpy.Entities.from_json_str(f"[{entity}]", schema)
    asked = {
        "principal": {"type": "Person", "id": "p7"},
        "action": {"type": "Action", "id": "dispatch.end_call"},
        "resource": {"type": "City", "id": "city"},
        "context": {"purpose": {"__entity": {"type": "Purpose", "id": "none"}}},
    }
    raw = cpu_us(lambda: cedarpy.is_authorized(asked, policies, people, schema=schema), DECISIONS)
    limit_name = "us a decision by Cedar from parsed policies"
    by_table = cpu_us(lambda: authority.refusal(access, request), CHECKS)
    yield Figure("authority_check", by_table, "us", raw, limit_name, CHECKS)
    read = cpu_us(lambda: authority.may_read(access, "p7", "dispatch.view.units", "floor"), CHECKS)
    yield Figure("authority_read", read, "us", raw, limit_name, CHECKS)
    began = time.process_time()
    compile_folder(SHIPPED_POLICIES, command_kinds())
    seconds = time.process_time() - began
    cells = sum(len(cells.purposes) for cells in compiled.policy.permits)
    yield Figure("policy_compile", seconds, "s", 10, "s, our own bound for a change of policy", cells)


def look_up() -> Figure:
    """A session's look-up at each request, beside the same look-up in the book's SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        book = SqlAccountBook.in_folder(Path(folder))
        book.add(Account("p7", "p7", "", NOON))
        people = {"p7": Person("p7")}
        numbers = itertools.count()

        async def at_once(work: Callable[..., object], *arguments: object) -> object:
            return work(*arguments)

        sessions = Sessions(
            book, lambda session: holds(people, session), lambda size: next(numbers).to_bytes(size, "big"), at_once
        )
        token = asyncio.run(sessions.begin("p7", "192.0.2.7", NOON))
        memory = cpu_us(lambda: sessions.look_up(token, NOON + 1), CHECKS)
        disk = cpu_us(lambda: book.find("p7", "192.0.2.7"), DECISIONS)
        book.close()
    return Figure("session_look_up", memory, "us", disk, "us one query of the book takes", CHECKS)


async def longest_pauses_ms(ticks: int, crowd: HashingPool | None) -> list[float]:
    """How late a loop wakes from sleeps of one ms, sorted; with a crowd, its hashing pool is always full."""
    stored = "" if crowd is None else await crowd.hash("eleven quiet engines")

    async def sign_in_again_and_again() -> None:
        while crowd is not None:
            with suppress(Busy):
                await crowd.verify(stored, "a wrong password of some length")
            await asyncio.sleep(0.05)

    signing_in = [asyncio.ensure_future(sign_in_again_and_again()) for _ in range(40 if crowd else 0)]
    late = []
    for _ in range(ticks):
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append((time.perf_counter() - began) * 1e3 - 1)
    for task in signing_in:
        task.cancel()
    await asyncio.gather(*signing_in, return_exceptions=True)
    return sorted(late)


def pause() -> Figure:
    """The 99th percentile of a loop's lateness while a crowd signs in, beside the loop alone; best of five turns."""
    pool, ticks = HashingPool(), 500
    at = ticks * 99 // 100
    alone, crowded = [], []
    for _ in range(5):
        alone.append(asyncio.run(longest_pauses_ms(ticks, None))[at])
        crowded.append(asyncio.run(longest_pauses_ms(ticks, pool))[at])
    pool.close()
    return Figure("sign_in_pause_p99", min(crowded), "ms", min(alone), "ms of the same loop without a crowd", 5 * ticks)


def measure() -> Iterator[Figure]:
    """Checks, look-ups, and what a crowd at the door does to everybody else."""
    yield from checks()
    yield look_up()
    yield pause()
