"""What was told to whom, by the fold and by the ledger, so that the two can be compared."""

from redstick.dispatch.rules import alerts, cautions, command_board, rotation, triage

COUNTED = {
    "caution_looks": (cautions.CautionViewed,),
    "rotation_turns": (rotation.RotationAnswered, rotation.OwnerRequested),
    "benchmarks": (command_board.BenchmarkReached, command_board.BenchmarkTakenBack),
    "determinants": (triage.DeterminantSet,),
}
KINDS_WITHOUT_A_ROW = (
    {kind for rules in (alerts, cautions, command_board, rotation, triage) for kind in rules.APPLIERS}
    - {kind for kinds in COUNTED.values() for kind in kinds}
    - {alerts.AlertRaised, alerts.AlertQueued, alerts.AlertReceipt, alerts.VoiceNeeded, alerts.AlertSettled}
)


def told_by_fold(incidents, facts):
    """Alerts and their steps, paper, and how often each of the rest happened."""
    every = [alert for incident in incidents for alert in incident.alerts.values()]
    tried = [attempt for alert in every for attempt in alert.attempts]
    steps = [(one.key, receipt.step.value, receipt.evidence) for one in tried for receipt in one.receipts]
    steps += [(one.key, "queued", "") for one in tried]
    return {
        "alerts": {a.id: (a.purpose.value, a.standing.value, a.raised_at, a.settled_at) for a in every},
        "alert_steps": sorted(steps),
        "paper": {i.id: (i.paper.card, i.paper.clerk) for i in incidents if i.paper is not None},
        **{name: sum(type(fact.event) in kinds for fact in facts) for name, kinds in COUNTED.items()},
    }


def told_by_ledger(rows):
    """The same from the ledger's tables."""
    return {
        "alerts": {
            row["alert"]: (row["purpose"], row["standing"], row["raised_at"], row["settled_at"])
            for row in rows["alerts"]
        },
        "alert_steps": sorted((row["attempt"], row["step"], row["evidence"]) for row in rows["alert_steps"]),
        "paper": {row["incident"]: (row["card"], row["clerk"]) for row in rows["paper"]},
        **{name: len(rows[name]) for name in COUNTED},
    }
