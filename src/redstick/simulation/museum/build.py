"""What a scenario runs on: the parts of the house as they are, each of which a mutant may replace by a faulty one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from redstick.adapters.segments import SegmentJournal
from redstick.dispatch import live
from redstick.dispatch.alerting.outbox import Outbox
from redstick.dispatch.avl.noting import Noted, news
from redstick.dispatch.avl.quality import Fix
from redstick.dispatch.cards.card import PaperCard
from redstick.dispatch.cards.entering import requests_of
from redstick.dispatch.cards.printing import free_numbers, page
from redstick.dispatch.discovery.evidence import Case
from redstick.dispatch.discovery.suspects import Account, Suspicion, published, suspicions
from redstick.dispatch.geocoding import geocoded
from redstick.dispatch.place import Extent, Place
from redstick.dispatch.reads.warnings import WarningsView
from redstick.dispatch.recommendation.answer import Answer
from redstick.dispatch.recommendation.question import Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.rules.callbacks import Callback, queue
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.geo.geocoder import Candidate, Geocoder, Result
from redstick.kernel.domain import Domain
from redstick.kernel.envelope import Head
from redstick.kernel.executor import Executor
from redstick.kernel.ids import make_id
from redstick.kernel.ports import Disk, Journal, Readable
from redstick.kernel.values import Instant, Request
from redstick.pages.document import Document
from redstick.server.audiences import Audiences, View
from redstick.simulation.museum.bridge import CHECKED, Bridge
from redstick.simulation.museum.copies import verified
from redstick.simulation.museum.export import Rows, exported

DEFAULT_POLICY = Policy()
SEGMENT_BYTES, ALLOCATE_BYTES = 200_000, 20_000


def small_segments(disk: Disk) -> Journal:
    """The journal of production, with segments so small that they roll and are sealed within a scenario."""
    return SegmentJournal(disk, segment_bytes=SEGMENT_BYTES, allocate_bytes=ALLOCATE_BYTES, go_on=True)


def by_straight_line(question: Question) -> Answer:
    """Who should go, where no roads are known."""
    return recommend(question, None)


@dataclass(frozen=True)
class Build:
    """The true build: `Build()`. A mutant is one that differs from it."""

    domain: Domain = live
    executor: Callable[[Sequence[Domain]], Executor] = Executor
    journal: Callable[[Disk], Journal] = small_segments
    news: Callable[
        [Mapping[str, Sequence[Fix]], Mapping[str, Status], Mapping[str, str], int, int, Extent | None], list[Noted]
    ] = news
    policy: Policy = DEFAULT_POLICY
    recommend: Callable[[Question], Answer] = by_straight_line
    outbox: Callable[[], Outbox] = Outbox
    bridge: Bridge = CHECKED
    cards: Callable[[str, str, PaperCard, str], list[Request]] = requests_of
    card_page: Callable[[Dispatch, str, Instant, tzinfo], Document] = page
    card_numbers: Callable[[Dispatch, str], list[str]] = free_numbers
    suspicions: Callable[[Mapping[str, Case]], list[Suspicion]] = suspicions
    published: Callable[[Mapping[str, Case], Iterable[Suspicion]], dict[str, Account]] = published
    geocode: Callable[[Geocoder, str, tuple[float, float] | None], Result] = Geocoder.geocode
    geocoded: Callable[[str, Result, str, Candidate | None], Place] = geocoded
    exported: Callable[[Readable, Domain, Path], Rows] = exported
    verified: Callable[[Sequence[bytes], Sequence[Head]], bool] = verified
    new_id: Callable[[str, Instant, int], str] = make_id
    audiences: type[Audiences] = Audiences
    warnings_view: Callable[[], View] = WarningsView
    callbacks: Callable[[Dispatch, Instant], list[Callback]] = queue
