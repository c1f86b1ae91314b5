"""The only place where parts are joined: domains to executors, executors to journals."""

import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import redstick
from redstick.adapters.accounts.book import SqlAccountBook
from redstick.adapters.accounts.hashing import HashingPool
from redstick.adapters.alerts.email import EmailPath
from redstick.adapters.alerts.notices import EmailNotices
from redstick.adapters.disk import PosixDisk
from redstick.adapters.heads import FileHeads, proof_folder
from redstick.adapters.held import HeldClient
from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.phone_book import SqlCredentialBook
from redstick.adapters.retirements import RetirementFile
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.segments.beside import SegmentReader
from redstick.adapters.snapshots import SnapshotFiles
from redstick.adapters.voice.announcements import Announcements
from redstick.adapters.voice.spoken import SpokenFiles
from redstick.adapters.voice.tones import BEEP, HOLDING, REORDER, WAITING
from redstick.adapters.voice.vocabulary import Vocabulary
from redstick.comms import domain as comms
from redstick.comms import live as live_comms
from redstick.comms.reads.views import VIEWS as COMMS_VIEWS
from redstick.comms.signalling import PhoneUsers
from redstick.dispatch import domain as dispatch
from redstick.dispatch import live as live_dispatch
from redstick.dispatch.alerting.paths import PathKind
from redstick.dispatch.computing.desk import Desk
from redstick.dispatch.computing.questions import unpacked
from redstick.dispatch.ports import AlertPath
from redstick.dispatch.reads.closures import CLOSURE_VIEWS
from redstick.dispatch.reads.owed import OWED_VIEWS
from redstick.dispatch.reads.pending import WATCH_VIEWS
from redstick.dispatch.reads.plans import PLAN_VIEWS
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT, PUBLIC, VIEWS
from redstick.dispatch.reads.telling import TELLING_VIEWS
from redstick.dispatch.reads.warnings import WARNING_VIEWS
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.authority import domain as access
from redstick.kernel.authority.authority import Authority
from redstick.kernel.authority.sessions import SessionLimits
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.executor import Executor, Lane
from redstick.kernel.house import House
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.ledgers import catch_up
from redstick.kernel.ports import Journal
from redstick.kernel.proof.attested import Attested
from redstick.kernel.proof.notary import Notary
from redstick.kernel.proof.statements import Signer
from redstick.kernel.secrets import domain as sealing
from redstick.kernel.secrets.ports import KeyRing
from redstick.kernel.snapshots import stands_in
from redstick.kernel.values import Command, Instant, Outcome, Request
from redstick.phones import domain as phones
from redstick.phones import live as live_phones
from redstick.phones.pins import PinBook
from redstick.phones.ports import Sounds
from redstick.phones.reads.views import VIEWS as PHONE_VIEWS
from redstick.savings import domain as savings
from redstick.server.alerting import Alerting
from redstick.server.ali import AliFeed
from redstick.server.city_desk import CityDesk, CityFacts, compute_plainly
from redstick.server.computing import FAILED, HELLO, ComputingProcess, answer_questions
from redstick.server.erasing import Erasing
from redstick.server.following import Followed, FollowerProcess
from redstick.server.lookback import PATIENCE_S, PRESENT, WHAT_IF, Lookback
from redstick.server.map.desk import MapDesk, MapFacts
from redstick.server.notices import Notices
from redstick.server.operations import Beside, LiveOperations
from redstick.server.phones import Forgetting, Hushing
from redstick.server.phoning.exchange import Exchange
from redstick.server.phoning.pins import BoxPins
from redstick.server.phoning.serving import Studio
from redstick.server.phoning.softphones import Softphones
from redstick.server.processes import OF_A_CITY, give_back, share
from redstick.server.references import References
from redstick.server.savings import SavingsDesk
from redstick.server.voice import HOUSE, Voice

if TYPE_CHECKING:
    from redstick.adapters.voice.engine import Listening
    from redstick.adapters.voice_production.edge_server import EdgePorts
    from redstick.comms.ports import MediaPort
    from redstick.dispatch.lookback.another import Ground

JOURNAL_FOLDER, SNAPSHOT_FOLDER, RECORDINGS_FOLDER = "journal", "snapshots", "recordings"
SNAPSHOT_LINES = 50_000  # after so many the follower takes a snapshot
DOMAINS = (dispatch, comms, access, sealing, savings, phones)
BEHIND = 10  # niceness of what may wait for everything else
SHIPPED_POLICIES = Path(redstick.__file__).parent / "policies"


def command_kinds() -> list[str]:
    """Every command that there is, for policies to speak of; sorted."""
    return sorted(command.command_kind for command in House(DOMAINS).deciders)


def open_journaled(data: Path) -> SynchronousDriver:
    """The domains on the segment journal in `data`, refolded; made if it is not there. Nobody but us may ask.

    Raises Corruption when the journal is not as it was written.
    """
    return SynchronousDriver(Executor(DOMAINS), SegmentJournal(PosixDisk(data / JOURNAL_FOLDER)))


def open_guarded(data: Path) -> SynchronousDriver:
    """The same, with authority asked before every command."""
    return SynchronousDriver(Executor(DOMAINS, guard=Authority()), SegmentJournal(PosixDisk(data / JOURNAL_FOLDER)))


def open_beforehand() -> SynchronousDriver:
    """A live city without its server, on a journal in memory: what a demo lives before anybody comes."""
    return SynchronousDriver(Executor(LIVE, guard=Authority()), MemoryJournal())


def write_down(driver: SynchronousDriver, data: Path) -> None:
    """Make a journal in an empty folder of what a driver has on its own; raises what the journal raises."""
    journal = SegmentJournal(PosixDisk(data / JOURNAL_FOLDER))
    try:
        journal.append(list(driver.journal.read(0)), journal.head(), driver.executor.durable)
    finally:
        journal.close()


def open_in_memory(*, live: bool = False) -> SynchronousDriver:
    """Dispatch on a journal in memory: for what-ifs, which nobody needs to keep; `live` with timers and reactions."""
    return SynchronousDriver(Executor([live_dispatch if live else dispatch]), MemoryJournal())


# A live city

LIVE = (live_dispatch, live_comms, access, sealing, savings, live_phones)
DISPATCH_VIEWS = (*VIEWS, *WATCH_VIEWS, *OWED_VIEWS, *WARNING_VIEWS, *TELLING_VIEWS, *PLAN_VIEWS, *CLOSURE_VIEWS)
SEAT_VIEWS = (*DISPATCH_VIEWS, *COMMS_VIEWS, *PHONE_VIEWS)
AUDIENCES = (FLOOR, FIELD, OVERSIGHT, PUBLIC)


def wall_clock() -> Instant:
    """The time of this machine, ms since the epoch."""
    return time.time_ns() // 1_000_000


def monotonic_clock() -> int:
    """Milliseconds that only count up."""
    return time.monotonic_ns() // 1_000_000


def new_id(now: Instant) -> str:
    """A new id for a command of the house."""
    return make_id("cmd", now, secrets.randbits(ENTROPY_BITS))


def open_live(
    data: Path,
    signer: Signer | None = None,
    ring: KeyRing | None = None,
    alert_paths: Mapping[PathKind, AlertPath] | None = None,
    city: Path | None = None,
    clock: Callable[[], Instant] | None = None,
    limits: SessionLimits | None = None,
    carried_elsewhere: bool = False,
) -> LiveOperations:
    """A live city on the folder `data`, made if it is not there: its `start` comes up, or raises what is wrong.

    With a `signer` the heads of the journal are signed as it grows; from a `ring` what was destroyed is erased. With
    `alert_paths` alerts leave the house; without, whoever is enrolled to be alerted is given to a person to voice.
    Those that are `carried_elsewhere`, as by the devices of a simulated city, are neither sent nor refused from here.
    Plans and recommendations are computed beside it, places too where there is a folder `city`. A city on another
    `clock` than this machine's lives by that alone: its timers, its ids and its sessions, which last as `limits` say.
    Raises Unavailable or Corruption when an index beside the journal cannot be used.
    """
    if city is not None:
        share(*OF_A_CITY)
    executor, clock = Executor(LIVE, guard=Authority()), clock or wall_clock
    retired = RetirementFile(data / "indexes" / "retired.sqlite3")
    executor.retired = retired

    def open_journal() -> Journal:
        journal = SegmentJournal(PosixDisk(data / JOURNAL_FOLDER), go_on=True)
        if executor.durable.position == 0:
            _begin_from_snapshot(executor, data, journal, retired)
        return journal if signer is None else _attested(journal, data / JOURNAL_FOLDER, signer, clock)

    def beside(city: LiveOperations) -> list[Beside]:
        alerting = Alerting(alert_paths or {}, city.states, city.driver.ask, city.now)
        carrying: list[Beside] = [] if carried_elsewhere else [alerting]
        return carrying if ring is None else [*carrying, Erasing(ring, city.states, city.driver.ask)]

    def desk(live: LiveOperations) -> CityDesk:
        plain = ComputingProcess("plain", compute_plainly, waits=True)
        asked = None if city is None else ComputingProcess("city", partial(compute_city, city))
        return CityDesk(live.states, live.now, plain, asked, live.tracks.newest)

    def looking(live: LiveOperations) -> Lookback:
        def opened(name: str) -> ComputingProcess:
            compute = partial(look_back, data, city, 0 if name == PRESENT else BEHIND)
            return ComputingProcess(name, compute, patience_s=PATIENCE_S, waits=True, gives_up=name == WHAT_IF)

        return Lookback(opened, live.position, live.now)

    return LiveOperations(
        AsyncDriver("operations", executor, open_journal, clock, monotonic_clock),
        SEAT_VIEWS,
        AUDIENCES,
        SqlAccountBook.in_folder(data),
        HashingPool(),
        lambda: FollowerProcess(partial(follow, data)),
        retired.flush,
        clock,
        new_id,
        secrets.token_bytes,
        beside,
        desk,
        partial(read_lines, data),
        None if city is None else lambda: MapDesk(ComputingProcess("map", partial(compute_map, city), waits=True)),
        looking,
        limits,
        lambda: SavingsDesk(lambda: ComputingProcess("savings", compute_savings, patience_s=PATIENCE_S, waits=True)),
    )


def open_phone_book(city: LiveOperations, data: Path) -> SqlCredentialBook:
    """The credentials of a city's phones; those of a phone that is removed are forgotten. Raises Unavailable."""
    book = SqlCredentialBook.in_folder(data)
    city.beside(Forgetting(book, city.states))
    return book


def open_pins(city: LiveOperations, book: PinBook) -> BoxPins:
    """The PINs of a city's boxes, by hashes in a book."""

    def name(prefix: str) -> str:
        return make_id(prefix, city.now(), secrets.randbits(ENTROPY_BITS))

    async def ask(command: Command) -> Outcome:
        return await city.ask(Request(new_id(city.now()), command, HOUSE), Lane.ORDINARY)

    return BoxPins(book, city.passwords, city.states, city.now, name, ask)


def open_sounds(city: LiveOperations, data: Path) -> SpokenFiles:
    """What boxes and menus of a city's phones say, and what is left there; a message's goes when that is dropped."""
    sounds = SpokenFiles(data / "sounds", data / RECORDINGS_FOLDER)
    city.beside(Hushing(sounds, city.states))
    return sounds


def carry_notices(city: LiveOperations, path: EmailPath) -> None:
    """Have people told by e-mail of 911 calls in their house and of voicemail, beside a live city."""

    async def ask(command: Command) -> Outcome:
        return await city.ask(Request(new_id(city.now()), command, HOUSE), Lane.ORDINARY)

    city.beside(Notices(EmailNotices(path), ask, city.states))


def open_voice(
    city: LiveOperations,
    listening: "Listening",
    element: str,
    data: Path,
    phones: PhoneUsers,
    sounds: Sounds,
    pins: BoxPins,
    ports: "EdgePorts | None" = None,
) -> Voice:
    """Voice beside a live city, on sockets that are bound; it starts with the city. Raises Unavailable.

    With the `ports` of an edge it is by the production engine, else by the embedded one. What is said on 911 lines is
    kept below `data`, and `sounds` has that of the phones; whoever is in `phones` may register with a phone, and `pins`
    open boxes.
    """

    def name(prefix: str) -> str:
        return make_id(prefix, city.now(), secrets.randbits(ENTROPY_BITS))

    studio = Studio(sounds, BEEP, REORDER, Vocabulary(data / "words"))
    carrying = _engine(listening, ports, lambda: name("leg"), phones, data / RECORDINGS_FOLDER)
    engine = Softphones(carrying, lambda: name("leg"), phones.realm, WAITING, HOLDING)

    async def ask(command: Command, lane: Lane) -> Outcome:
        return await city.ask(Request(new_id(city.now()), command, HOUSE), lane)

    exchange = Exchange(engine, ask, city.states, city.now, name, phones.realm, WAITING, studio, pins)
    engine.know_calls(exchange.far_of, exchange.calls_for_help)
    voice = Voice(
        engine, city.ask, city.states, name, lambda: secrets.token_hex(16), element, WAITING, HOLDING, exchange,
        Announcements(data / "announcements"), engine,
    )  # fmt: skip
    city.beside(voice)
    return voice


def _engine(
    listening: "Listening",
    ports: "EdgePorts | None",
    new_leg: Callable[[], str],
    phones: PhoneUsers,
    recordings: Path,
) -> "MediaPort":
    """Either engine; only the one that is used is loaded."""
    if ports is None:
        from redstick.adapters.voice.engine import EmbeddedEngine  # noqa: PLC0415  (its codecs are 60 MB)

        return EmbeddedEngine(listening, new_leg, phones, recordings=recordings)
    from redstick.adapters.voice_production.engine import ProductionEngine  # noqa: PLC0415  (most cities need it not)

    return ProductionEngine(listening, ports, new_leg, phones, recordings=recordings)


def open_ali(city: LiveOperations, listening: socket.socket, seat: str) -> None:
    """Records of a center that keeps its own phones, on a socket that is bound; calls of `seat`, or "" of any."""

    async def ask(command: Command) -> Outcome:
        return await city.ask(Request(new_id(city.now()), command, HOUSE), Lane.EMERGENCY)

    city.beside(AliFeed(listening, ask, lambda: make_id("call", city.now(), secrets.randbits(ENTROPY_BITS)), seat))


def follow_references(city: LiveOperations, hosts: Sequence[str]) -> None:
    """Have locations by reference asked of these servers, beside a live city."""

    async def ask(command: Command) -> Outcome:
        return await city.ask(Request(new_id(city.now()), command, HOUSE), Lane.ORDINARY)

    city.beside(References([HeldClient(hosts)], ask, city.states))


def read_lines(data: Path, after: int, until: int) -> Iterator[bytes]:
    """Lines of a journal that another writes, behind a position, up to and with a position."""
    return SegmentReader(PosixDisk(data / JOURNAL_FOLDER), until).read(after)


def _attested(journal: Journal, folder: Path, signer: Signer, clock: Callable[[], Instant]) -> Journal:
    """The journal, signed as it grows. Where that cannot be, dispatch goes on and `redstick verify` names the fault."""
    disk = PosixDisk(proof_folder(folder))
    try:
        notary = Notary("operations", journal, disk, FileHeads(disk), signer, go_on=bool(journal.gaps))
    except (Corruption, Unavailable, OSError):
        return journal
    return Attested(journal, notary, clock)


def _begin_from_snapshot(executor: Executor, data: Path, journal: Journal, retired: RetirementFile) -> None:
    """Begin from the newest snapshot that is of this very journal, and that the index of retired things reaches.

    Everything is folded where there is none; folding notes what was retired anew.
    """
    snapshot = SnapshotFiles(PosixDisk(data / SNAPSHOT_FOLDER)).newest(min(journal.head().position, retired.taken_in))
    if snapshot is not None and stands_in(snapshot, journal.read):
        with suppress(Corruption):  # of another version of the folds: everything is folded
            executor.restore(snapshot)


# What is computed beside the server, in processes of their own: only they know roads, geocoder and zones


def compute_city(folder: Path, server: Connection) -> None:
    """Answer questions from a city folder until the server hangs up."""
    from redstick.adapters.city_folder import (  # noqa: PLC0415 (roads and zones are loaded in this process alone)
        CityGround,
        UnusableCity,
        read_city,
    )

    with suppress(EOFError, OSError, KeyboardInterrupt):  # the server has hung up, or is gone
        try:
            city = read_city(folder)
            stations = {station.id: (station.x, station.y) for station in city.stations}
            server.send_bytes(HELLO + msgspec.msgpack.encode(CityFacts(city.name, city.digest, stations)))
            desk = Desk(CityGround(folder, city))
            del city  # what is asked for is in the desk
        except UnusableCity as error:
            server.send_bytes(FAILED + str(error).encode())
            return
        answer_questions(server, lambda question: desk.answer(unpacked(question)))


def compute_map(folder: Path, server: Connection) -> None:
    """Cut tiles of the map of a city folder until the server hangs up."""
    from redstick.adapters.city_map import (  # noqa: PLC0415 (shapes are loaded in this process alone)
        UnusableMap,
        map_facts,
        read_map,
        tiles_of,
    )

    with suppress(EOFError, OSError, KeyboardInterrupt):  # the server has hung up, or is gone
        try:
            city = read_map(folder)
            server.send_bytes(HELLO + msgspec.msgpack.encode(msgspec.convert(map_facts(city), MapFacts)))
            cut = tiles_of(folder, city)
            del city  # what is drawn is in the sheets
        except UnusableMap as error:
            server.send_bytes(FAILED + str(error).encode())
            return
        answer_questions(server, cut)


def compute_savings(server: Connection) -> None:
    """Read bills and draw reports of savings until the server hangs up."""
    from redstick.adapters.typesetting import typeset  # noqa: PLC0415 (the typesetter is loaded in this process alone)
    from redstick.savings.desk import answered  # noqa: PLC0415 (what draws is loaded in this process alone)

    with suppress(EOFError, OSError, KeyboardInterrupt):  # the server has hung up, or is gone
        answer_questions(server, partial(answered, typeset=typeset))


def look_back(data: Path, city: Path | None, niceness: int, server: Connection) -> None:
    """Follow the journal in `data` and answer questions of what was, until the server hangs up."""
    from redstick.adapters.typesetting import typeset  # noqa: PLC0415 (the typesetter too is loaded here)
    from redstick.dispatch.lookback.desk import LookbackDesk  # noqa: PLC0415 (numbers are loaded in this process alone)

    os.nice(niceness)
    zone = "UTC"
    if city is not None:
        with suppress(OSError, ValueError, KeyError):  # a city that cannot be read is told of by whoever computes in it
            zone = json.loads((city / "city.json").read_bytes())["time_zone"]
    reader = SegmentReader(PosixDisk(data / JOURNAL_FOLDER))
    ground = partial(_ground_of, city)
    desk = LookbackDesk(LIVE, reader, {view.name: view for view in SEAT_VIEWS}, zone, typeset, ground)
    with suppress(EOFError, OSError, KeyboardInterrupt):  # the server has hung up, or is gone
        answer_questions(server, desk.answer)


def _ground_of(folder: Path | None) -> "Ground | None":
    """Where a past span is lived again; None without a city. Raises UnusableCity."""
    from redstick.adapters.city_folder import ground_of_the_past  # noqa: PLC0415 (loaded only where it is asked for)

    return None if folder is None else ground_of_the_past(folder, open_in_memory)


# The follower: another process, that reads beside the one that writes


def follow(data: Path, server: Connection) -> None:
    """Keep the ledger and take snapshots, as far as the server says that the journal is durable; until it hangs up."""
    reader, house = SegmentReader(PosixDisk(data / JOURNAL_FOLDER)), House(LIVE)
    ledger = SqlLedger(open_database(data / "ledgers" / "operations.sqlite3"), LEDGER)
    files = SnapshotFiles(PosixDisk(data / SNAPSHOT_FOLDER))
    newest = files.newest(10**16)
    kept, first = 0 if newest is None else newest.fold.position, True
    with suppress(EOFError, OSError, KeyboardInterrupt):  # the server has hung up, or is gone
        while True:
            reader.until, fault = server.recv(), ""
            try:
                catch_up(ledger, reader, house)
                if reader.until - kept >= SNAPSHOT_LINES:
                    take_snapshot(files, reader)
                    kept = reader.until
            except (Corruption, Unavailable, Conflict, OSError) as error:
                fault = str(error)
            server.send(Followed(reader.until, fault))
            if first:  # all that was written before took memory that no later step needs
                give_back()
                first = False


def take_snapshot(files: SnapshotFiles, reader: SegmentReader) -> str:
    """Fold a journal as far as it may be read, from the newest snapshot on, and store that; gives the file's name.

    Raises Corruption.
    """
    executor = Executor(LIVE)
    newest = files.newest(reader.until)
    if newest is not None and stands_in(newest, reader.read):
        with suppress(Corruption):
            executor.restore(newest)
    executor.refold(reader.read(executor.durable.position), reader.gaps)
    return files.keep(executor.snapshot())
