"""What the data cannot tell, in plain words; each sentence is there because of something found in this history."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from redstick.dispatch.history import MISSING_CODE, MISSING_E7, MISSING_MS, History
from redstick.dispatch.kpi import missing_stamps
from redstick.dispatch.reads.report_model import Volume
from redstick.dispatch.reads.report_words import CATEGORY_WORDS, STAMP_WORDS, count, day_words, listing, share

SHORT_DAYS = 28
MASKED_SHARE = 0.3
_MASKED = re.compile(r"\b(?:BLOCK|BLK|XX+|00 BLK)\b", re.IGNORECASE)
_SHOWN_STAMPS = ("received", "answered", "dispatched", "en_route", "on_scene")


def cautions(
    history: History,
    when: Volume,
    backwards: int,
    *,
    has_standards: bool,
    zone_named: bool,
    not_compared: Sequence[str] = (),
) -> Iterator[str]:
    """Sentences for the reader, the weightiest first."""
    yield from _missing_columns(history)
    if not_compared:
        yield f"Not compared, because the export lacks the times they speak of: {'; '.join(not_compared)}."
    yield from _missing_stamps(history)
    yield from _mixing(history, has_standards=has_standards)
    yield from _clocks(history, zone_named=zone_named)
    yield from _period(when)
    if backwards:
        run = "runs" if backwards == 1 else "run"
        yield (
            f"{count(backwards, 'pair')} of times in one row {run} backwards. Such rows are kept, measured as they are "
            "and listed, because nobody can tell from here which of the two times is wrong."
        )
    yield from _places(history)
    yield from _rows(history)
    for note in history.notes:
        yield f"On reading: {note}"


def _missing_columns(history: History) -> Iterator[str]:
    """What the export has no column for."""
    if history.one_row_per == "snapshot":
        yield (
            "This is a feed of what was open at each moment. It shows that a call was there, between two looks at the "
            "feed; it has no times of dispatch, departure or arrival."
        )
    if "answered" not in history.mapped:
        yield (
            "The export does not say when a call was answered. Answer time, and call processing as NENA and NFPA "
            "define it (answered to first unit dispatched), cannot be measured from it. "
            + (
                "Received to first dispatch is shown instead; it includes the ringing."
                if {"received", "dispatched"} <= set(history.mapped)
                else ""
            )
        ).strip()
    absent = [
        STAMP_WORDS[name] for name in ("dispatched", "en_route", "on_scene", "available") if name not in history.mapped
    ]
    if history.one_row_per != "snapshot" and absent:
        yield f"The export has no column for these times: {listing(absent)}. What rests on them is not in this report."
    if "priority" not in history.mapped:
        yield "The export has no priority. Urgent and routine calls stand side by side in every figure."
    calls, incidents = history.categories["call"], history.categories["incident"]
    if not len(calls.values) or not len(incidents.values):
        yield "Calls and incidents are not told apart here: several people calling about one event cannot be seen."


def _missing_stamps(history: History) -> Iterator[str]:
    """What was left empty in columns that are there."""
    missing = missing_stamps(history)
    for name in _SHOWN_STAMPS:
        n = missing.get(name, 0)
        if n:
            reason = ""
            if name == "on_scene":
                reason = " Units cancelled on the way never arrive; the export does not say which these are."
            if name == "en_route":
                reason = " Turnout and travel leave these rows out."
            of = count(len(history), "row")
            yield f"{n:,} of {of} ({share(n, len(history))}) have no time for “{STAMP_WORDS[name]}”.{reason}"


def _mixing(history: History, *, has_standards: bool) -> Iterator[str]:
    """What stands together in one figure although a standard would keep it apart."""
    mixed = [
        CATEGORY_WORDS[name]
        for name in ("priority", "unit_kind", "call_type")
        if len(np.unique(history.categories[name].codes)) > 1
    ]
    if mixed and {"en_route", "on_scene"} & set(history.mapped):
        yield (
            f"Turnout and travel times mix every {listing(mixed)}. A standard speaks of some of these only: choose "
            f"them before comparing, for example with {_example(history)}."
        )
    if has_standards:
        yield (
            "Thresholds of standards are quoted from published excerpts, with their edition. Which edition binds an "
            "agency, and from when, is for the agency to say."
        )


def _example(history: History) -> str:
    """The first choice that this history allows."""
    for name in ("priority", "unit_kind", "call_type"):
        values = history.categories[name].values
        if len(values) > 1:
            return f"`--only {name}={values[0]}`"
    return "`--only`"


def _clocks(history: History, *, zone_named: bool) -> Iterator[str]:
    """What the times themselves leave open."""
    doubted = history.counts.doubted
    ambiguous = sum(n for (_, reason), n in doubted.items() if reason == "dst_ambiguous")
    skipped = sum(n for (_, reason), n in doubted.items() if reason == "dst_skipped")
    unread = {column: n for (column, reason), n in doubted.items() if reason == "not_a_time"}
    if zone_named:
        yield f"Times without an offset of their own were read on the clock of {history.time_zone}."
    else:
        yield (
            "No time zone was named, so times are taken as they are written. An interval across the night when the "
            "clocks change is an hour off, and times that carry an offset are shown in UTC. Name it with `--time-zone`."
        )
    if ambiguous:
        yield (
            f"{count(ambiguous, 'time')} of the hour that the clocks repeat in autumn; nothing in the row tells which "
            "of the two was meant. The earlier one was taken; intervals across it may be an hour off."
        )
    if skipped:
        yield f"{count(skipped, 'time')} of the hour that the clocks leave out in spring: no clock ever showed them."
    for column, n in sorted(unread.items()):
        yield f"{count(n, 'cell')} of column “{column}” could not be read as a time and count as missing."
    coarse = [STAMP_WORDS[name] for name in _SHOWN_STAMPS if name in history.mapped and _to_the_minute(history, name)]
    if coarse:
        yield f"These times are given to the minute only: {listing(coarse)}. Differences under two minutes mean little."


def _to_the_minute(history: History, name: str) -> bool:
    """Whether nearly every time of a stamp falls on a full minute."""
    stamps_ms = history.stamps[name]
    there = stamps_ms[stamps_ms != MISSING_MS]
    return bool(len(there) >= 20 and (there % 60_000 == 0).mean() > 0.95)


def _period(when: Volume) -> Iterator[str]:
    """How much time the figures speak for."""
    if not when.days:
        yield "No call has a time: nothing can be said of when calls come in."
    elif len(when.days) < SHORT_DAYS:
        yield (
            f"The period is {count(len(when.days), 'day')} long. A holiday or a storm weighs heavily in it; seasons "
            "cannot be seen."
        )
    empty = [day.date for day in when.days if not day.calls]
    if empty:
        yield (
            f"On {count(len(empty), 'day')} the file has no call at all, the first of them {day_words(empty[0])}: was "
            "the export interrupted?"
        )


def _places(history: History) -> Iterator[str]:
    """How exact the places are."""
    addresses = history.categories["address"].values
    masked = sum(1 for address in addresses if _MASKED.search(address))
    if addresses and masked / len(addresses) > MASKED_SHARE:
        yield (
            f"{share(masked, len(addresses))} of the different addresses name only a block. No distance to a door can "
            "be taken from them."
        )
    if "position" in history.mapped:
        absent = int((history.longitude_e7 == MISSING_E7).sum())
        if absent:
            yield f"{absent:,} of {count(len(history), 'row')} have no position."


def _rows(history: History) -> Iterator[str]:
    """What did not become part of the history, or only as part of another row."""
    counts = history.counts
    if counts.refused:
        yield (
            f"{count(counts.refused, 'row')} of {counts.read:,} could not be read and "
            f"{'is' if counts.refused == 1 else 'are'} not in any figure; they are listed below."
        )
    if counts.merged:
        yield f"{count(counts.merged, 'row')} repeated an earlier one; what they added was merged into it."
    if history.one_row_per == "unit":
        silent = int((history.unit.codes == MISSING_CODE).sum())
        if silent:
            yield f"{count(silent, 'row')} name no unit."
