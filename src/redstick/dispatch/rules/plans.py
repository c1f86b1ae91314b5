"""Versions of the response plan: drafted as text, checked, replayed over the past, reviewed, and only then active.

A version is one text, never edited: a change is another version. It goes live when the linter found no error, neither
in the text nor against city and roster, and when somebody by name has looked at a replay of past incidents under just
this text (dispatch reference, sections 4 and 14, 3). When there is no time for that, a supervisor may activate it
unseen, by name and with a reason; that stays marked until a replay of it has been reviewed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.plans.reading import TextReading, digest_of, reading_of, version_in_head
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_TEXT = 500_000  # characters


class Check(msgspec.Struct, frozen=True):
    """What the linter said of a version beside a city and a roster; `city` is the city folder's digest."""

    at: Instant
    city: str
    units: int
    errors: int
    warnings: int
    codes: list[str]


class Replay(msgspec.Struct):
    """Past incidents lived again under a version. `result` is the digest of the whole account, `figures` its gist."""

    result: str
    at: Instant
    since: Instant
    until: Instant
    incidents: int
    figures: dict[str, int]
    reviewed_at: Instant | None = None
    reviewed_by: str = ""
    approved: bool = False
    words: str = ""


class PlanVersion(msgspec.Struct):
    """One text with all that is known of it; `digest` is the SHA-256 of the text."""

    id: str
    text: str
    digest: str
    title: str
    drafted_at: Instant
    drafted_by: str
    errors: int = 0
    warnings: int = 0
    check: Check | None = None
    replays: dict[str, Replay] = msgspec.field(default_factory=dict)
    retired_at: Instant | None = None

    @property
    def seen(self) -> bool:
        """True when somebody has looked at a replay of it and found it good."""
        return any(replay.approved for replay in self.replays.values())


class Activation(msgspec.Struct, frozen=True):
    """From `at` on a version was the one that counts; `unseen` when nobody had looked at a replay of it."""

    version: str
    at: Instant
    by: str
    reason: str = ""
    unseen: bool = False


@event("dispatch.plan_drafted", subjects=("plan",))
class PlanDrafted(Event, frozen=True):
    """A version is written down; `errors` and `warnings` are the linter's, of the text alone."""

    plan: str
    text: str
    digest: str
    title: str
    by: str
    errors: int = 0
    warnings: int = 0


@event("dispatch.plan_checked", subjects=("plan",))
class PlanChecked(Event, frozen=True):
    """The linter looked at a version beside a city and a roster."""

    plan: str
    city: str
    units: int
    errors: int
    warnings: int
    codes: list[str] = []


@event("dispatch.plan_replayed", subjects=("plan",))
class PlanReplayed(Event, frozen=True):
    """Past incidents were lived again under a version."""

    plan: str
    result: str
    since: Instant
    until: Instant
    incidents: int
    figures: dict[str, int] = {}


@event("dispatch.plan_replay_reviewed", subjects=("plan",))
class PlanReplayReviewed(Event, frozen=True):
    """Somebody looked at a replay and says what they make of it."""

    plan: str
    result: str
    by: str
    approved: bool
    words: str = ""


@event("dispatch.plan_activated", subjects=("plan", "before"))
class PlanActivated(Event, frozen=True):
    """From now on this version counts, and no more the one before; `unseen` without a reviewed replay."""

    plan: str
    before: str
    by: str
    reason: str = ""
    unseen: bool = False


@event("dispatch.plan_retired", subjects=("plan",))
class PlanRetired(Event, frozen=True):
    """A version is not to be used again."""

    plan: str
    by: str


@command("dispatch.draft_plan")
class DraftPlan(Command, frozen=True):
    """Write down a version, as TOML text that says its own version; `by` is who wrote it.

    `reading` is what came of reading the text outside. A live server fills it by itself, and takes nobody's word for
    it; where it is missing the text is read when it is decided.
    """

    text: str
    by: str
    reading: TextReading | None = None


@command("dispatch.record_plan_check")
class RecordPlanCheck(Command, frozen=True):
    """Say what the linter found in the text with this digest, beside a city and a roster of so many units."""

    plan: str
    digest: str
    city: str
    units: int
    errors: int
    warnings: int
    codes: list[str] = []


@command("dispatch.record_plan_replay")
class RecordPlanReplay(Command, frozen=True):
    """Say that incidents of a period were lived again under the text with this digest, and what came out."""

    plan: str
    digest: str
    result: str
    since: Instant
    until: Instant
    incidents: int
    figures: dict[str, int] = {}


@command("dispatch.review_plan_replay")
class ReviewPlanReplay(Command, frozen=True):
    """Say, by name, what you make of a replay; a later word counts for an earlier one."""

    plan: str
    result: str
    by: str
    approved: bool
    words: str = ""


@command("dispatch.activate_plan")
class ActivatePlan(Command, frozen=True):
    """Let a version count from now on."""

    plan: str
    by: str
    reason: str = ""


@command("dispatch.activate_plan_unseen")
class ActivatePlanUnseen(Command, frozen=True):
    """Let a version count from now on although nobody has seen a replay of it: by a supervisor, with a reason."""

    plan: str
    by: str
    reason: str


@command("dispatch.retire_plan")
class RetirePlan(Command, frozen=True):
    """Take a version out of use."""

    plan: str
    by: str


def active_plan(state: Dispatch) -> PlanVersion | None:
    """The version that counts; None before the first activation."""
    return state.plans[state.plan_activations[-1].version] if state.plan_activations else None


def activated_unseen(state: Dispatch) -> bool:
    """True while a version counts that was activated unseen and of which nobody has approved a replay since."""
    active = active_plan(state)
    return active is not None and state.plan_activations[-1].unseen and not active.seen


def decide_draft_plan(state: Dispatch, asked: DraftPlan, now: Instant) -> Decision:
    """Errors of the linter do not refuse a draft, they refuse its activation.

    Of a reading that was computed outside it is seen that it is of just this text and of the version in its head.

    Rejections: `person_unnamed`, `plan_too_long`, `reading_differs` (of another text, or another version),
    `plan_unreadable` (with the faults and how many), `version_known` (another text has this version). Drafting the same
    text again changes nothing.
    """
    del now
    if not asked.by.strip():
        return Rejection("person_unnamed")
    if len(asked.text) > MAX_TEXT:
        return Rejection("plan_too_long", {"characters": len(asked.text), "limit": MAX_TEXT})
    found = asked.reading if asked.reading is not None else reading_of(asked.text)
    digest = digest_of(asked.text)
    if found.digest != digest or min(found.errors, found.warnings) < 0:
        return Rejection("reading_differs", {"read": found.digest, "digest": digest})
    if found.n:
        told = [{"entry": one.entry, "expected": one.expected, "line": one.line} for one in found.faults]
        return Rejection("plan_unreadable", {"faults": told, "n": found.n})
    if asked.reading is not None and version_in_head(asked.text) != found.version:
        return Rejection("reading_differs", {"read": found.version, "version": version_in_head(asked.text)})
    known = state.plans.get(found.version)
    if known is not None:
        return [] if known.digest == digest else Rejection("version_known", {"plan": known.id, "digest": known.digest})
    return [PlanDrafted(found.version, asked.text, digest, found.title, asked.by, found.errors, found.warnings)]


def apply_plan_drafted(state: Dispatch, happened: PlanDrafted, at: Instant) -> None:
    """It stands there, and counts for nothing yet."""
    state.plans[happened.plan] = PlanVersion(
        happened.plan, happened.text, happened.digest, happened.title, at, happened.by, happened.errors,
        happened.warnings,
    )  # fmt: skip


def decide_record_plan_check(state: Dispatch, asked: RecordPlanCheck, now: Instant) -> Decision:
    """Rejections: `plan_unknown`, `text_differs` (another text was checked), `count_impossible`."""
    del now
    refused = _other_text(state, asked.plan, asked.digest)
    if refused is not None:
        return refused
    if min(asked.errors, asked.warnings, asked.units) < 0:
        return Rejection("count_impossible", {"plan": asked.plan})
    return [PlanChecked(asked.plan, asked.city, asked.units, asked.errors, asked.warnings, asked.codes)]


def apply_plan_checked(state: Dispatch, happened: PlanChecked, at: Instant) -> None:
    """The last check counts."""
    state.plans[happened.plan].check = Check(
        at, happened.city, happened.units, happened.errors, happened.warnings, list(happened.codes)
    )


def decide_record_plan_replay(state: Dispatch, asked: RecordPlanReplay, now: Instant) -> Decision:
    """Rejections: `plan_unknown`, `text_differs`, `replay_empty` (no incident), `period_impossible`.

    Recording the same result again changes nothing.
    """
    refused = _other_text(state, asked.plan, asked.digest)
    if refused is not None:
        return refused
    if asked.incidents < 1 or not asked.result:
        return Rejection("replay_empty", {"plan": asked.plan})
    if not asked.since <= asked.until <= now:
        return Rejection("period_impossible", {"since": asked.since, "until": asked.until})
    if asked.result in state.plans[asked.plan].replays:
        return []
    return [PlanReplayed(asked.plan, asked.result, asked.since, asked.until, asked.incidents, asked.figures)]


def apply_plan_replayed(state: Dispatch, happened: PlanReplayed, at: Instant) -> None:
    """It waits for somebody to look at it."""
    state.plans[happened.plan].replays[happened.result] = Replay(
        happened.result, at, happened.since, happened.until, happened.incidents, dict(happened.figures)
    )


def decide_review_plan_replay(state: Dispatch, asked: ReviewPlanReplay, now: Instant) -> Decision:
    """Rejections: `plan_unknown`, `replay_unknown`, `person_unnamed`."""
    del now
    version = state.plans.get(asked.plan)
    if version is None:
        return Rejection("plan_unknown", {"plan": asked.plan})
    if asked.result not in version.replays:
        return Rejection("replay_unknown", {"plan": asked.plan, "result": asked.result})
    if not asked.by.strip():
        return Rejection("person_unnamed")
    return [PlanReplayReviewed(asked.plan, asked.result, asked.by, asked.approved, asked.words)]


def apply_plan_replay_reviewed(state: Dispatch, happened: PlanReplayReviewed, at: Instant) -> None:
    """The latest word on a replay counts."""
    replay = state.plans[happened.plan].replays[happened.result]
    replay.reviewed_at, replay.reviewed_by = at, happened.by
    replay.approved, replay.words = happened.approved, happened.words


def decide_activate_plan(state: Dispatch, asked: ActivatePlan, now: Instant) -> Decision:
    """Only what was checked and seen; activating what is active changes nothing.

    Rejections: `plan_unknown`, `plan_retired`, `person_unnamed`, `plan_has_errors`, `plan_not_checked`,
    `replay_not_reviewed`.
    """
    del now
    refused = _not_usable(state, asked.plan, asked.by)
    if refused is not None:
        return refused
    version = state.plans[asked.plan]
    if version.check is None:
        return Rejection("plan_not_checked", {"plan": version.id})
    if version.check.errors:
        return Rejection("plan_has_errors", {"plan": version.id, "n": version.check.errors})
    if not version.seen:
        return Rejection("replay_not_reviewed", {"plan": version.id, "replays": len(version.replays)})
    return _activated(state, PlanActivated(version.id, _before(state), asked.by, asked.reason))


def decide_activate_plan_unseen(state: Dispatch, asked: ActivatePlanUnseen, now: Instant) -> Decision:
    """For when there is no time; errors of the text itself still refuse it. Who may ask this is policy: supervisors.

    Rejections: `plan_unknown`, `plan_retired`, `person_unnamed`, `plan_has_errors`, `reason_missing`.
    """
    del now
    refused = _not_usable(state, asked.plan, asked.by)
    if refused is not None:
        return refused
    if not asked.reason.strip():
        return Rejection("reason_missing", {"plan": asked.plan})
    unseen = not state.plans[asked.plan].seen
    return _activated(state, PlanActivated(asked.plan, _before(state), asked.by, asked.reason, unseen))


def apply_plan_activated(state: Dispatch, happened: PlanActivated, at: Instant) -> None:
    """It counts; those before stay in the list."""
    state.plan_activations.append(Activation(happened.plan, at, happened.by, happened.reason, happened.unseen))


def decide_retire_plan(state: Dispatch, asked: RetirePlan, now: Instant) -> Decision:
    """Rejections: `plan_unknown`, `person_unnamed`, `plan_active` (activate another first: a city needs a plan)."""
    del now
    version = state.plans.get(asked.plan)
    if version is None:
        return Rejection("plan_unknown", {"plan": asked.plan})
    if not asked.by.strip():
        return Rejection("person_unnamed")
    if asked.plan == _before(state):
        return Rejection("plan_active", {"plan": asked.plan})
    return [] if version.retired_at is not None else [PlanRetired(asked.plan, asked.by)]


def apply_plan_retired(state: Dispatch, happened: PlanRetired, at: Instant) -> None:
    """Its text stays: what was sent under it can be explained as long as anybody asks."""
    state.plans[happened.plan].retired_at = at


def _before(state: Dispatch) -> str:
    return state.plan_activations[-1].version if state.plan_activations else ""


def _activated(state: Dispatch, event: PlanActivated) -> Decision:
    return [] if event.plan == _before(state) else [event]


def _other_text(state: Dispatch, plan: str, digest: str) -> Rejection | None:
    """What was computed outside must be of the text that stands here."""
    version = state.plans.get(plan)
    if version is None:
        return Rejection("plan_unknown", {"plan": plan})
    return None if version.digest == digest else Rejection("text_differs", {"plan": plan, "digest": version.digest})


def _not_usable(state: Dispatch, plan: str, by: str) -> Rejection | None:
    version = state.plans.get(plan)
    if version is None:
        return Rejection("plan_unknown", {"plan": plan})
    if version.retired_at is not None:
        return Rejection("plan_retired", {"plan": plan})
    if not by.strip():
        return Rejection("person_unnamed")
    return Rejection("plan_has_errors", {"plan": plan, "n": version.errors}) if version.errors else None


DECIDERS: Deciders = {
    DraftPlan: decide_draft_plan,
    RecordPlanCheck: decide_record_plan_check,
    RecordPlanReplay: decide_record_plan_replay,
    ReviewPlanReplay: decide_review_plan_replay,
    ActivatePlan: decide_activate_plan,
    ActivatePlanUnseen: decide_activate_plan_unseen,
    RetirePlan: decide_retire_plan,
}
APPLIERS: Appliers = {
    PlanDrafted: apply_plan_drafted,
    PlanChecked: apply_plan_checked,
    PlanReplayed: apply_plan_replayed,
    PlanReplayReviewed: apply_plan_replay_reviewed,
    PlanActivated: apply_plan_activated,
    PlanRetired: apply_plan_retired,
}
