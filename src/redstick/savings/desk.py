"""What takes long, answered beside the loop: a bill's file read, a report drawn."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from redstick.savings.bills.reading import Draft, read_bill
from redstick.savings.questions import FORMS, Answer, HowMuchIsSaved, Understood, WhatIsIn
from redstick.savings.reads.report import NothingBilled, Report, page, paper, report_of, tables
from redstick.savings.reads.standing import Standing

Typeset = Callable[[str, Mapping[str, bytes]], bytes]


_questions = msgspec.msgpack.Decoder(WhatIsIn | HowMuchIsSaved)


def answered(question: bytes, typeset: Typeset) -> bytes:
    """The packed answer to a packed question."""
    asked = _questions.decode(question)
    if isinstance(asked, WhatIsIn):
        draft = read_bill(asked.raw, asked.name, provider=asked.provider, account=asked.account, month=asked.month)
        said = Understood(told_of(draft), None if draft.faults else draft.command())
        return msgspec.msgpack.encode(Answer(msgspec.msgpack.encode(said)))
    return msgspec.msgpack.encode(_report(asked, typeset))


def _report(asked: HowMuchIsSaved, typeset: Typeset) -> Answer:
    """Rejections: `nothing_there`, `form_unknown`, `table_unknown`."""
    if asked.form not in FORMS:
        return Answer(code="form_unknown", data={"forms": list(FORMS)})
    try:
        found = report_of(asked.state())
    except NothingBilled:
        return Answer(code="nothing_there")
    if asked.form == "html":
        return Answer(page(found).encode())
    if asked.form == "json":
        return Answer(msgspec.json.encode(figures_of(found)))
    if asked.form == "pdf":
        made = paper(found)
        return Answer(typeset(made.text(), made.pictures))
    every = tables(found)
    text = every.get(f"{asked.table}.csv")
    if text is None:
        return Answer(code="table_unknown", data={"tables": [name.removesuffix(".csv") for name in every]})
    return Answer(text.encode())


def told_of(draft: Draft) -> dict[str, Any]:
    """What was understood of a file: columns, statements with their sums in cents, doubts, faults by line."""
    return {
        "file": draft.name,
        "sha256": draft.document,
        "columns": dict(draft.understood),
        "ignored": draft.layout.ignored if draft.layout else [],
        "rows": draft.rows,
        "duplicates": draft.duplicates,
        "statements": [
            {
                "provider": one.provider,
                "account": one.account,
                "month": one.month,
                "lines": len(one.charges),
                "cents": one.rest.total + sum(charge.amounts.total for charge in one.charges),
            }
            for one in draft.statements
        ],
        "remarks": [{"line": one.line, "says": one.says} for one in draft.remarks],
        "faults": [{"line": one.line, "expected": one.expected} for one in draft.faults],
    }


def figures_of(report: Report) -> dict[str, Any]:
    """The report in figures: cents, counts, months."""
    there = {standing.value: [one for one in report.accounts if one.standing() is standing] for standing in Standing}
    return {
        "baseline": report.curve.baseline,
        "latest": report.curve.latest,
        "lines": len(report.accounts),
        "standing": {
            name: {"lines": len(lines), "monthly_cents": sum(one.baseline_cents for one in lines)}
            for name, lines in there.items()
        },
        "lost_cents": sum(one.lost_cents for one in report.accounts),
        "payback": {
            "shown": report.curve.shown_payback,
            "cautious": report.curve.low_payback,
            "planned": report.curve.whole_payback,
        },
        "sureness": asdict(report.curve.sureness),
        "months": [asdict(point) for point in report.curve.points],
    }
