"""Overrides and their regret can be looked up, years later, by anybody who reads SQL."""

import json

from tests.dispatch.recommendation.made_up import STATIONS, Line
from tests.dispatch.rules.conftest import Desk

from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.recommendation.asking import question_of
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.recommendations import RecordOverride, RecordRecommendation
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.ledgers import catch_up


def worked():
    """Two recommendations of the nearest engine; the second was overridden for one that is 300 s farther."""
    desk = Desk()
    for name, x in (("E1", 100), ("E2", 3_100)):
        desk.run(EnrollUnit(name, "ENGINE", station=f"S{x}"))
        desk.run(ReportStatus(name, "AQ"))
    for name in ("i1", "i2"):
        desk.run(OpenIncident(name, place=Place("HERE", x=0, y=0)))
        desk.run(SetNeeds(name, [Requirement("engine", ("ENGINE",))], "a", "any"))
        question = question_of(desk.state, desk.state.incidents[name], desk.now, STATIONS, Policy())
        desk.run(RecordRecommendation(name, "rec", written(question, recommend(question, Line()))))
    desk.run(RecordOverride("i2", "rec", ["E2"], "E1 has no water"))
    return desk


def test_overrides_of_large_regret_are_found():
    """By a plain question: regret, reason, who was named and who was sent; what was followed has no such row."""
    desk = worked()
    ledger = SqlLedger(open_database(None), LEDGER)
    catch_up(ledger, desk.driver.journal, desk.driver.executor.house)
    rows = {row["incident"]: row for row in ledger.rows("recommendations")}
    assert (json.loads(rows["i1"]["chosen"]), rows["i1"]["regret_s"]) == (["E1"], None)
    dear = [row for row in rows.values() if row["regret_s"] is not None and row["regret_s"] >= 300]
    assert [(row["incident"], json.loads(row["sent"]), row["reason"]) for row in dear] == [
        ("i2", ["E2"], "E1 has no water")
    ]
    kept = desk.state.incidents["i2"].recommendations["rec"]
    assert (rows["i2"]["digest"], rows["i2"]["regret_s"]) == (kept.digest, kept.overridden.regret_s)
