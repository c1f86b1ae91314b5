"""What the event loop pays for what is computed beside it: making questions, and drafting a plan of 2,100 rules.

Everything else is done in another process. Each figure stands beside the 5 ms that nothing may hold the interpreter;
the draft also beside what it costs to read the same text where it is decided.
"""

from benchmarks.figure import Figure, cpu_us
from redstick.dispatch.computing.questions import WhatIsSent, WhoGoes, packed
from redstick.dispatch.place import Place
from redstick.dispatch.plans.model import PlanRule, ResponsePlan
from redstick.dispatch.plans.reading import reading_of
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.plans.resolving import Question as PlanQuestion
from redstick.dispatch.plans.text import to_toml
from redstick.dispatch.recommendation.asking import question_of
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.plans import DraftPlan, decide_draft_plan
from redstick.dispatch.rules.recommendations import RecordRecommendation, decide_record_recommendation
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status

NOW = 1_700_000_000_000
PAUSE_MS, PAUSE = 5.0, "what may hold the interpreter"
RULES, UNITS = 2_100, (100, 1_000)


def plan_text() -> str:
    """A plan of many rules: seven types in each of three hundred boxes."""
    engine, truck = Requirement("engine", ("ENGINE",), count=2), Requirement("truck", ("TRUCK",), ("aerial",))
    rules = tuple(
        PlanRule(f"type {kind} in box {box}", (f"Type {kind}",), layer="box", zone=f"{box:04}", send=(engine, truck))
        for box in range(RULES // 7)
        for kind in range(7)
    )
    types = {f"Type {kind}": "Fire" for kind in range(7)}
    return to_toml(ResponsePlan("v1", "UTC", "A plan", layers=("box",), types=types, rules=rules))


def fleet(units: int) -> Dispatch:
    """So many engines about a city, and an incident that needs four of them."""
    state = Dispatch()
    for number in range(units):
        x, y = -911_000_000 + 9_000 * (number % 100), 304_000_000 + 9_000 * (number // 100)
        unit = Unit(f"E{number}", kind="ENGINE", station=f"S{number}", status=Status.AQ)
        unit.x, unit.y, unit.seen_at = x, y, NOW
        state.units[unit.id] = unit
    state.incidents["i"] = Incident("i", NOW, kind="Fire", place=Place("HERE", -911_000_000, 304_000_000))
    return state


def measure() -> list[Figure]:
    """Every figure of this file."""
    return [*drafting(), *(figure for units in UNITS for figure in asking(units))]


def drafting() -> list[Figure]:
    """CPU of deciding a draft, read outside and read inside."""
    state, text = Dispatch(), plan_text()
    outside, inside = DraftPlan(text, "a chief", reading_of(text)), DraftPlan(text, "a chief")
    read_ms = cpu_us(lambda: decide_draft_plan(state, inside, NOW), 1) / 1000
    ms = cpu_us(lambda: decide_draft_plan(state, outside, NOW), 20) / 1000
    return [
        Figure("draft_decide_cpu_ms", ms, "ms", PAUSE_MS, PAUSE, RULES),
        Figure("draft_decide_cpu_ms_of_reading_inside", ms, "ms", read_ms, "reading the text inside decide", RULES),
    ]


def asking(units: int) -> list[Figure]:
    """CPU on the loop of a question of who goes, and in the executor of recording its answer."""
    state = fleet(units)
    stations = {unit.station: (-911_000_000, 304_000_000) for unit in state.units.values()}
    incident = state.incidents["i"]

    def question() -> bytes:
        asked = question_of(state, incident, NOW, stations, Policy())
        return packed(WhoGoes(asked, WhatIsSent(incident="i", asked=PlanQuestion("Fire", NOW)), planned=True))

    asked = question_of(state, incident, NOW, stations, Policy())
    record = RecordRecommendation("i", "r", written(asked, recommend(asked, None)))
    recorded = decide_record_recommendation(state, record, NOW)
    if not isinstance(recorded, list):
        raise TypeError(recorded)
    ask_ms = cpu_us(question, 10) / 1000
    record_ms = cpu_us(lambda: decide_record_recommendation(state, record, NOW), 10) / 1000
    return [
        Figure(f"question_cpu_ms_{units}_units", ask_ms, "ms", PAUSE_MS, PAUSE, units),
        Figure(f"record_decide_cpu_ms_{units}_units", record_ms, "ms", PAUSE_MS, PAUSE, units),
    ]
