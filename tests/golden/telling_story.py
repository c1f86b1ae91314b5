"""Everyone is told: an alert that nobody answers, cautions, BOLOs, turns, questions, benchmarks, cards on paper."""

from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.cards.card import PaperCard, UnitLine
from redstick.dispatch.place import Place
from redstick.dispatch.rules import (
    alerts,
    assignments,
    bolos,
    cards,
    cautions,
    incidents,
    recipients,
    rotation,
    triage,
    units,
)
from redstick.dispatch.rules import command_board as board
from redstick.kernel.values import Command

MINUTE, HOUR = 60_000, 3_600_000
PLACE = Place("3 Harbor Rd", -912_000_000, 304_010_000, in_geofile=True)
DIGEST = "0" * 64
ALERT = "t1/T1/1/dispatch/crew of T1"


def telling_story(now: int) -> list[tuple[Command, int | None]]:
    """(command, how late it is written down), each half a minute after the one before; it begins at `now`.

    The pager has 20 s and nobody answers it, so that by the next command a person is to voice the alert.
    """
    chapters = [_alerting(), _known(now), _turns(), _questions(), _paper(now)]
    return [(command, None) for chapter in chapters for command in chapter]


def _alerting() -> list[Command]:
    pager = Path(PathKind.PAGER, "4711", wait_ms=20_000)
    return [
        units.EnrollUnit("T1", "truck", "fire", "4"),
        units.ReportStatus("T1", "AQ"),
        recipients.EnrollRecipient("crew of T1", "T1", [pager]),
        recipients.EnrollRecipient("old crew", "T1", [pager]),
        recipients.RemoveRecipient("old crew"),
        incidents.OpenIncident("t1", "T-1", "alarm", "fire", 1, PLACE),
        assignments.AssignUnits("t1", ["T1"]),
        alerts.ReportReceipt("t1", ALERT, f"{ALERT}/0", Step.SENT, "202"),
        alerts.TakeVoice("t1", ALERT, "Ana"),
        alerts.ReportVoiced("t1", ALERT, "Ben", "heard"),  # refused: Ana has taken it
        alerts.ReportVoiced("t1", ALERT, "Ana", "answered by radio"),
        board.MarkBenchmark("t1", board.Benchmark.COMMAND_ESTABLISHED, "BC1"),
        board.MarkBenchmark("t1", board.Benchmark.FIRE_UNDER_CONTROL, "BC1"),
        board.TakeBackBenchmark("t1", board.Benchmark.FIRE_UNDER_CONTROL, "BC1", "flared up"),
    ]


def _known(now: int) -> list[Command]:
    """A caution that is overdue within the hour, one that is renewed and removed; BOLOs that end both ways."""
    C = cautions.Caution  # noqa: N806  (a short name for a long list)
    place, person = cautions.About.PLACE, cautions.About.PERSON
    soon = C("k1", cautions.Shape.CAUTION, place, "dog", "loose", "crew", "Ana", now, now + HOUR, PLACE, buffer_m=50)
    secret = C("k2", cautions.Shape.HISTORY, person, "weapon", "rifle", "crew", "Ana", now, now + 9 * HOUR,
               key="A. Person", sensitive=True)  # fmt: skip
    return [
        cautions.EnterCaution(soon),
        cautions.EnterCaution(secret),
        cautions.ViewCaution("k2", "Ana", "t1"),
        cautions.RenewCaution("k2", "Ana", now + 24 * HOUR),
        cautions.RemoveCaution("k2", "Ana", "sold it"),
        bolos.IssueBolo("b1", "grey van", "Ana", now + HOUR, vehicle="ABC 123", area=["north"]),
        bolos.IssueBolo("b2", "blue van", "Ana", now + HOUR),
        bolos.ReportBoloHeard("b1", "T1", Step.READ),
        bolos.CancelBolo("b1", "Ana", "found"),
    ]


def _turns() -> list[Command]:
    listed = [rotation.Listed("Able Towing"), rotation.Listed("Best Towing", ["heavy"])]
    return [
        rotation.SetRotation("tow north", "tow", "north", listed),
        rotation.SuspendContractor("tow north", "Able Towing", "Ben", "audit"),
        rotation.RestoreContractor("tow north", "Able Towing", "Ben"),
        rotation.OfferRotation("tow north", "o1", "t1", ["heavy"]),
        rotation.AnswerRotation("tow north", "o1", rotation.Answer.ACCEPTED, "Ana"),
        rotation.RequestContractor("tow north", "Able Towing", "t1", "Ana"),
    ]


def _questions() -> list[Command]:
    return [
        triage.RecordAnswer("t1", "example", DIGEST, "awake", "no"),  # refused: locked
        triage.SignProtocol("example", "0.1", DIGEST, "Dr. Cole", "MD-1"),
        triage.RecordAnswer("t1", "example", DIGEST, "awake", "no"),
        triage.GiveInstructions("t1", "example", DIGEST, "compressions"),
        triage.SetDeterminant("t1", "example", DIGEST, "EX-1"),
        triage.LockProtocol("example", "Dr. Cole", "an example only"),
    ]


def _paper(now: int) -> list[Command]:
    line = UnitLine("T1", now - 2 * HOUR, available=now - HOUR)
    card = PaperCard("P-000002", now - 2 * HOUR - MINUTE, "8 Harbor Rd", units=[line])
    return [
        cards.ReserveCards("seat-1", 5),
        cards.EnterCard("e1", "t2", card, "Cleo"),
        incidents.OpenIncident("t2", "P-000002", place=Place("8 Harbor Rd", source="paper")),
        cards.TagFromPaper("t2", "e1"),
        cards.EnterCard("e2", "t3", card, "Cleo"),
        cards.SettleCard("e2", "Ana", False, "the same card"),
        assignments.ReleaseUnit("t1", "T1"),
        incidents.CloseIncident("t2", "01"),
        incidents.CloseIncident("t1", "01"),
    ]
