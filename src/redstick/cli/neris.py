"""`redstick neris CALLS`: incidents as NERIS dispatch payloads, each judged by the official models before it leaves."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Misuse
from redstick.cli.histories import open_history
from redstick.cli.output import progress, refuse_page, write_files

if TYPE_CHECKING:
    from redstick.dispatch.neris.payload import Draft


def command(
    calls: Annotated[Path, typer.Argument(help="an export of calls with their units")],
    columns: Annotated[Path | None, typer.Option(help="its column map (TOML); guessed without one")] = None,
    call_answered_from: Annotated[
        str | None, typer.Option(help="declare `received` or `entered` as the time of answering, where there is none")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="the city's clock (IANA), where the map is guessed")] = None,
    out: Annotated[Path, typer.Option(help="the payloads, one JSON object a line")] = Path("neris.jsonl"),
    gaps: Annotated[Path | None, typer.Option(help="what is missing, as CSV; beside the payloads without it")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="a summary on stdout")] = False,
) -> None:
    """Write the payloads that the official client would accept, and list every gap of the others."""
    from redstick.adapters.neris import never_filled
    from redstick.dispatch.neris.payload import STAND_INS

    if call_answered_from is not None and call_answered_from not in STAND_INS:
        raise Misuse(f"--call-answered-from {call_answered_from}: expected {' or '.join(STAND_INS)}")
    refuse_page(out, calls)
    history, _, _ = open_history(calls, columns, time_zone)
    with progress("Drafting", quiet=json_out):
        drafts, faulty = _drafts(history, call_answered_from)
    leaving = [draft for draft in drafts if draft.complete and draft.incident not in faulty]
    gaps_path = gaps if gaps is not None else out.with_suffix(".gaps.csv")
    lines = "".join(json.dumps(draft.payload, ensure_ascii=False) + "\n" for draft in leaving)
    write_files({out: lines, gaps_path: _gaps_csv(drafts, faulty)})
    summary = _summary(drafts, leaving, faulty) | {"never_filled": never_filled([draft.payload for draft in drafts])}
    if json_out:
        typer.echo(json.dumps(summary, indent=1))
        return
    typer.echo(f"{len(leaving):,} of {len(drafts):,} incidents would be accepted: {out}; gaps: {gaps_path}")
    for gap, count in summary["blocking"].items():
        typer.echo(f"  {count:,} held back: {gap}")
    typer.echo(f"  never filled, as the record does not hold it: {', '.join(summary['never_filled']) or 'nothing'}")


def _drafts(history: Any, answered_from: str | None) -> "tuple[list[Draft], dict[str, list[str]]]":
    """Every incident's draft, and the faults that the official models find in those without a gap that blocks."""
    from redstick.adapters.neris import faults
    from redstick.bootstrap import open_in_memory
    from redstick.dispatch.neris.payload import draft
    from redstick.dispatch.replay.requests import steps
    from redstick.dispatch.replay.shift import play

    driver = open_in_memory()
    play(driver, steps(history))
    state = driver.executor.committed["dispatch"]
    drafts = [draft(state, incident, answered_from=answered_from) for incident in state.incidents.values()]
    found = {made.incident: faults(made.payload) for made in drafts if made.complete}
    return drafts, {incident: faulty for incident, faulty in found.items() if faulty}


def _gaps_csv(drafts: "list[Draft]", faulty: dict[str, list[str]]) -> str:
    from redstick.dispatch.reads.report_sheets import Column, Sheet, csv_text

    rows: list[list[str]] = [
        [draft.incident, gap.field, "yes" if gap.blocking else "no", gap.reason]
        for draft in drafts
        for gap in draft.gaps
    ]
    rows += [[incident, "payload", "yes", fault] for incident, found in faulty.items() for fault in found]
    head = [Column(name, name.replace(" ", "_")) for name in ("incident", "field", "holds back", "reason")]
    return csv_text(Sheet("gaps", "What is missing", head, rows))


def _summary(drafts: "list[Draft]", leaving: "list[Draft]", faulty: dict[str, list[str]]) -> dict[str, Any]:
    every = [gap for draft in drafts for gap in draft.gaps]
    blocking = Counter(f"{gap.field}: {gap.reason}" for gap in every if gap.blocking)
    blocking.update(fault for found in faulty.values() for fault in found)
    fields = Counter(f"{gap.field}: {gap.reason}" for gap in every if not gap.blocking)
    return {
        "incidents": len(drafts),
        "accepted": len(leaving),
        "held_back": len(drafts) - len(leaving),
        "blocking": dict(blocking.most_common(20)),
        "not_blocking": dict(fields.most_common(20)),
    }
