"""What a city is promised through every fault, held against its journal alone.

A deadline is judged at the first ordinary command that was decided behind it: timers that are due are decided before
any such, so it makes no difference how long nobody led. An emergency is decided before them, and a line that says only
that something was refused, or changed nothing, may be of one. What a reaction does is allowed a while, since it follows
what is durable.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence

from redstick.simulation.world.chain import Line, Problem
from redstick.simulation.world.city.accounts import KNOWS, Accounts

SLACK_MS, REACTION_MS = 500, 12_000
HEAR_EMERGENCY_MS, SEAT_GRACE_MS, TURNOUT_MS, ESCALATE_MS = 15_000, 60_000, 120_000, 120_000
WARN_MS = {1: 60_000, 2: 90_000, 3: 300_000, 4: 900_000, 5: 1_800_000}
THEN_ALARM_MS = {1: 46_000, 2: 90_000, 3: 300_000, 4: 900_000, 5: 1_800_000}
AGAIN_MS = 60_000
ATTEMPTS = 3  # to call a number back before a person may close it
MAYBE_URGENT = frozenset({"kernel.rejected", "kernel.nothing_changed"})  # such a line does not say of which lane it is
URGENT = MAYBE_URGENT | frozenset(
    {
        "dispatch.call_received",
        "dispatch.call_answered",
        "dispatch.emergency_raised",
        "dispatch.emergency_acknowledged",
    }
)
HOUSE = ("timer:", "reaction:")  # what no person asked
WATCH = frozenset(
    {
        "dispatch.incident_opened",
        "dispatch.needs_set",
        "dispatch.assignment_ended",
        "dispatch.assignment_moved",
        "dispatch.incident_reopened",
        "dispatch.incident_replaced",
        "dispatch.incident_split",
        "dispatch.seat_signed_on",
        "dispatch.seat_signed_off",
        "dispatch.coverage_restored",
    }
)

Broken = Callable[[], str]  # what is wrong when the time has come, "" for nothing


class Watch:
    """Follows a journal line by line; `problems` are the promises that it shows broken."""

    def __init__(self) -> None:
        self.accounts = Accounts()
        self.problems: list[Problem] = []
        self._deadlines: list[tuple[int, int, str, Broken]] = []
        self._count = 0
        self._warned: set[tuple[str, str, str]] = set()
        self._group: list[Line] = []

    def follow(self, lines: Sequence[Line]) -> None:
        """Take lines in."""
        for line in lines:
            if line.part == 1 and line.cause.startswith("cmd_") and line.kind not in URGENT:
                self._judge(line.recorded_at)
            self._before(line)
            self.accounts.take(line)
            self._behind(line)
            self._group.append(line)
            if line.part == line.parts:
                self._whole(self._group)
                self._group = []

    def close(self, now: int) -> None:
        """Judge whatever is due by the end."""
        self._judge(now)

    def _judge(self, now: int) -> None:
        while self._deadlines and self._deadlines[0][0] < now:
            due, _, name, broken = heapq.heappop(self._deadlines)
            words = broken()
            if words:
                self._say(name, f"{words}, due at {due}, and it is {now}")

    def _by(self, due: int, name: str, broken: Broken) -> None:
        self._count += 1
        heapq.heappush(self._deadlines, (due + SLACK_MS, self._count, name, broken))

    def _say(self, invariant: str, detail: str) -> None:
        self.problems.append(Problem(invariant, detail))

    # At a line, before it counts

    def _before(self, line: Line) -> None:
        said, books = line.payload, self.accounts
        match line.kind:
            case "dispatch.unit_assigned":
                held = list(books.work.get(said["unit"], ()))
                if held and not said.get("despite"):
                    self._say("one_assignment_a_unit", f"{said['unit']} is on {held} and sent to {said['incident']}")
            case "dispatch.emergency_cleared":
                named = said.get("by", "").strip() and said.get("reason", "").strip()
                if said["unit"] not in books.dangers or not named or line.cause.startswith(HOUSE):
                    self._say("no_emergency_ends_silently", f"position {line.position}: {line.cause} cleared {said}")
            case "dispatch.callback_closed":
                tried = books.attempts[said["number"]]
                if tried < ATTEMPTS or not said.get("by", "").strip() or not said.get("reason", "").strip():
                    self._say("no_number_is_uncalled", f"{said['number']} was closed after {tried} attempts: {said}")
            case "dispatch.seat_signed_off" if said.get("how", "left") == "left" and not said.get("despite"):
                seen = set(books.unseen())
                seats = books.seats.pop(said["seat"], [])
                lost = set(books.unseen()) - seen
                books.seats[said["seat"]] = seats
                if lost:
                    self._say("no_sign_off_leaves_needs_unseen", f"{said['seat']} left {sorted(lost)} unseen")
            case "dispatch.alert_settled" if said["standing"] == "alerted":
                self._say_unproven(line)
            case "kernel.domain_suspended" | "kernel.reaction_failed":
                self._say("dispatch_goes_on", f"position {line.position}: {line.kind} {said}")
            case _:
                pass

    def _say_unproven(self, line: Line) -> None:
        alert, evidence = self.accounts.alerts[line.payload["alert"]], line.payload.get("evidence", "")
        status = evidence.removeprefix("status ") if evidence.startswith("status ") else ""
        by_word = status and (status in KNOWS or (alert.purpose == "cancel" and status == "CAN"))
        if not alert.proven and not by_word:
            self._say("alerted_means_proof", f"position {line.position}: {line.payload}")

    # At a line, once it counts

    def _behind(self, line: Line) -> None:
        said, books, now = line.payload, self.accounts, line.recorded_at
        match line.kind:
            case "dispatch.alert_queued" | "dispatch.voice_needed" | "dispatch.voice_taken":
                alert = books.alerts[said["alert"]]
                self._by(now + alert.bears_ms, "alerts_are_chased", lambda: (
                    f"nobody goes on with {said['alert']}" if alert.waits_since == now else ""
                ))  # fmt: skip
            case "dispatch.emergency_raised":
                danger = books.dangers[said["unit"]]
                self._by(now + HEAR_EMERGENCY_MS, "an_emergency_is_heard_or_loud", lambda: (
                    "" if danger.heard or danger.alarmed or books.dangers.get(said["unit"]) is not danger
                    else f"nobody hears {said['unit']}"
                ))  # fmt: skip
            case "dispatch.seat_lost":
                self._by(now + SEAT_GRACE_MS, "a_lost_seat_is_dropped", lambda: (
                    f"{said['seat']} is lost and watches still" if books.lost_seats.get(said["seat"]) == now else ""
                ))  # fmt: skip
            case "dispatch.warning_raised":
                self._warned.add((said["what"], said.get("incident", ""), said.get("unit", "")))
            case "dispatch.unit_assigned" | "dispatch.assignment_moved":
                self._await_unit(said["incident"], said["unit"], now, sent=line.kind.endswith("assigned"))
            case "dispatch.assignment_ended" if said["ending"] == "cancelled":
                self._await_cancel(said["incident"], said["unit"], now)
            case "dispatch.wait_overdue":
                self._await_louder(said["incident"], now)
            case _:
                pass
        name = said.get("incident", "")
        incident = books.incidents.get(name)
        if incident is not None and incident.lacking_since == now:
            self._await_told(name, now)
        if line.kind in WATCH:
            for unseen in books.unseen():
                self._by(now + REACTION_MS, "no_need_is_unseen", lambda unseen=unseen: (  # type: ignore[misc]  # the loop's name, bound now
                    f"nobody watches {unseen} and no alarm stands" if unseen in books.unseen() else ""
                ))  # fmt: skip

    def _await_unit(self, name: str, unit: str, now: int, *, sent: bool) -> None:
        """It is told to come, and leaves in time, or somebody is warned of it."""
        books = self.accounts
        part = books.incidents[name].part(unit)
        if part is None:
            return

        def untold() -> str:
            begun = f"{name}/{unit}/{part.sequence}/dispatch/"
            here = part.open and part in books.incidents[name].parts and not part.left
            raised = any(alert.startswith(begun) for alert in books.alerts)
            return f"{unit} was sent to {name} and nobody tells it" if here and not raised else ""

        def late() -> str:
            here = part in books.incidents[name].parts  # else it has moved with a merge, and is awaited there
            waits = here and part.open and not part.left and part.assigned_at == now
            warned = ("turnout", name, unit) in self._warned
            return f"{unit} has not left for {name} and nobody is warned" if waits and not warned else ""

        if sent:
            self._by(now + REACTION_MS, "who_is_sent_is_told", untold)
        self._by(now + TURNOUT_MS, "no_unit_is_forgotten", late)

    def _await_cancel(self, name: str, unit: str, now: int) -> None:
        """Who was told to come and need not is told that, unless it was sent anew meanwhile."""
        books = self.accounts
        part = books.incidents[name].part(unit)
        if part is None:
            return
        begun = f"{name}/{unit}/{part.sequence}"
        told = [one for key, one in books.alerts.items() if key.startswith(f"{begun}/dispatch/")]
        if not told:
            return
        self._by(now + REACTION_MS, "who_is_called_back_is_told", lambda: (
            "" if books.incidents[name].part(unit) is not part
            or any(key.startswith(f"{begun}/cancel/") for key in books.alerts)
            else f"{unit} is called back from {name} and nobody tells it"
        ))  # fmt: skip

    def _await_told(self, name: str, since: int) -> None:
        incident = self.accounts.incidents[name]
        wait_ms = max(WARN_MS.get(incident.priority, WARN_MS[5]), AGAIN_MS)
        self._by(since + wait_ms, "no_wait_is_silent", lambda: (
            f"{name} lacks somebody and nobody is told"
            if incident.lacking_since == since and not incident.told else ""
        ))  # fmt: skip

    def _await_louder(self, name: str, told_at: int) -> None:
        incident = self.accounts.incidents[name]
        level = incident.told
        if level > 2:
            return
        wait_ms = THEN_ALARM_MS.get(incident.priority, THEN_ALARM_MS[5]) if level == 1 else ESCALATE_MS

        def quiet() -> str:
            same = incident.told == level and incident.told_at == told_at and incident.lacking_since is not None
            seen = level == 2 and incident.acknowledged
            return f"{name} still lacks somebody and nothing is louder than {level}" if same and not seen else ""

        self._by(told_at + wait_ms, "no_wait_is_silent", quiet)

    # At the end of a command

    def _whole(self, group: Sequence[Line]) -> None:
        books = self.accounts
        for line in group:
            said = line.payload
            if line.kind == "dispatch.call_abandoned":
                if not any(said["call"] in calls for calls in books.owed.values()):
                    self._say("no_number_is_uncalled", f"{said['call']} hung up and no callback is owed")
            elif line.kind == "dispatch.incident_replaced":
                replaced = books.incidents[said["replaced"]]
                working = [part.unit for part in replaced.parts if part.open]
                if replaced.calls or working:
                    self._say("a_merge_loses_nothing", f"{said['replaced']} still has {replaced.calls} {working}")


def journal_problems(lines: Sequence[Line], now: int) -> tuple[Accounts, list[Problem]]:
    """The ledger of a whole journal, and the promises that it shows broken by `now`."""
    watch = Watch()
    watch.follow(lines)
    watch.close(now)
    return watch.accounts, watch.problems


def open_at_the_end(books: Accounts) -> Iterator[Problem]:
    """What still waits for somebody when nothing has broken for long: nothing may."""
    calls = [name for name, call in books.calls.items() if call.ended_at is None]
    if calls:
        yield Problem("every_call_comes_to_an_end", f"{calls[:5]} {[books.calls[name].state for name in calls[:5]]}")
    if books.owed:
        yield Problem("no_number_is_uncalled", f"still owed: {sorted(books.owed)[:5]}")
    incidents = [name for name, incident in books.incidents.items() if not incident.closed]
    if incidents:
        lacking = {name: books.incidents[name].lacking() for name in incidents[:5]}
        yield Problem("every_incident_comes_to_an_end", f"open and lacking {lacking}")
    working = {unit: list(held) for unit, held in books.work.items() if held}
    if working:
        yield Problem("every_unit_comes_home", f"{working}")
    if books.dangers:
        yield Problem("every_emergency_comes_to_an_end", f"{sorted(books.dangers)}")
    chased = [name for name, alert in books.alerts.items() if alert.waits_since is not None]
    if chased:
        yield Problem("every_alert_comes_to_an_end", f"{chased[:5]}")
    doubted = {unit: quality for unit, quality in books.quality.items() if quality != "fresh"}
    if doubted:
        yield Problem("a_healed_receiver_is_believed", f"{doubted}")
