"""All figures of a report as one object for machines; times in seconds, moments in UTC milliseconds."""

from typing import Any

from redstick.dispatch.kpi import Attainment
from redstick.dispatch.reads.report_model import Grouping, Measured, Report, Sample


def as_json(report: Report) -> dict[str, Any]:
    """The contract of `redstick report --json`."""
    volume = report.volume
    return {
        "file": report.file,
        "sha256": report.digest,
        "title": report.title,
        "one_row_per": report.one_row_per,
        "only": report.only,
        "period": {
            "first_day": report.first_day,
            "last_day": report.last_day,
            "first_ms": volume.first_ms,
            "last_ms": volume.last_ms,
            "time_zone": report.time_zone,
        },
        "counts": {
            "calls": report.calls,
            "calls_with_time": volume.timed,
            "incidents": report.incidents,
            "unit_responses": report.responses,
            "units": report.units,
            "rows_read": report.rows_read,
            "rows_refused": report.rows_refused,
            "rows_merged": report.rows_merged,
        },
        "volume": {
            "by_hour_mean": list(volume.by_hour),
            "by_weekday_hour_mean": [list(row) for row in volume.by_weekday_hour],
            "by_day": [{"date": day.date, "calls": day.calls, "whole": day.whole} for day in volume.days],
        },
        "intervals": [_interval(one) for one in report.measured],
        "groups": [_grouping(grouping) for grouping in report.groupings],
        "backwards": [
            {
                "earlier": pair.earlier,
                "later": pair.later,
                "n": pair.n,
                "worst_s": pair.worst_s,
                "first_rows": [{"row": row.row_number, "by_s": row.backwards_s} for row in pair.examples],
            }
            for pair in report.disorders
        ],
        "rows_without_stamp": dict(report.missing),
        "columns": [{"column": source, "taken_for": name} for name, source in report.columns],
        "doubted": [{"column": column, "reason": reason, "n": n} for column, reason, n in report.doubted],
        "refused": [{"row": row, "reason": reason, "text": text} for row, _, reason, text in report.refused],
        "cautions": list(report.cautions),
        "guesses": list(report.guesses),
    }


def _interval(one: Measured) -> dict[str, Any]:
    kpi = one.kpi
    return {
        "name": one.interval.name,
        "title": one.interval.title,
        "per": one.interval.per,
        "from": one.interval.start,
        "to": one.interval.end,
        **_sample(one.sample),
        "n_missing_start": kpi.n_missing_start,
        "n_missing_end": kpi.n_missing_end,
        "n_backwards": kpi.n_backwards,
        "standards": [_attainment(found) for found in kpi.attainments],
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "n_used": sample.n_used,
        "n_eligible": sample.n_eligible,
        "p50_s": sample.p50_s,
        "p90_s": sample.p90_s,
        "p95_s": sample.p95_s,
        "p90_low_s": sample.p90_low_s,
        "p90_high_s": sample.p90_high_s,
        "enough_for_p90": sample.can_say_p90,
    }


def _attainment(found: Attainment) -> dict[str, Any]:
    standard = found.standard
    return {
        "id": standard.id,
        "name": standard.name,
        "edition": standard.edition,
        "scope": standard.scope,
        "percent": standard.percent,
        "within_s": standard.within_s,
        "verified": standard.verified,
        "n_within": found.n_within,
        "n_used": found.n_used,
        "share": found.share,
        "met": found.met,
    }


def _grouping(grouping: Grouping) -> dict[str, Any]:
    return {
        "dimension": grouping.dimension,
        "per": grouping.per,
        "groups": [
            {
                "value": group.value,
                "n": group.n,
                "intervals": {name: _sample(sample) for name, sample in group.samples.items()},
            }
            for group in grouping.groups
        ],
    }
