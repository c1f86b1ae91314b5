"""A bar on a live desk: lines are read and done through the real executor, with recommendations by straight lines."""

import msgspec

from redstick.dispatch import domain
from redstick.dispatch.bar.dry_run import AS_SHOWN
from redstick.dispatch.bar.grammar import read
from redstick.dispatch.bar.history import ACT, REDO, UNDO, command_id, history_of
from redstick.dispatch.bar.reading import Answers, Asked, GoingWanted, HistoryWanted
from redstick.dispatch.computing.answers import PlanSaid, Recommendation
from redstick.dispatch.plans.resolving import Way
from redstick.dispatch.recommendation.asking import Unlocated, question_of
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import digest_of, written
from redstick.kernel.envelope import opened
from redstick.kernel.fold import Fact
from redstick.kernel.house import House
from redstick.kernel.ids import make_id
from redstick.kernel.values import Request

SEAT, PERSON = "s1", "J. Doe"


class Bar:
    """Reads and acts on a desk that has a driver, a journal, a state and a time."""

    def __init__(self, desk, seat=SEAT, person=PERSON):
        self.desk, self.seat, self.person, self.count = desk, seat, person, 0
        self.house = House([domain])

    def facts(self):
        """Every fact of dispatch in the journal."""
        names = {kind.event_kind for kind in domain.appliers}
        envelopes = [one for one in map(opened, self.desk.journal.read()) if one.kind in names]
        return [Fact(one, self.house.events.read(one)) for one in envelopes]

    def asked(self, act="", selected=""):
        """Who types."""
        return Asked(self.person, self.seat, self.desk.now, selected, act)

    def read(self, text, selected="", act="", answers=None):
        """What a line means, with everything answered that can be."""
        answers = answers or Answers({}, {}, {})
        asked = self.asked(act, selected)
        for want in read(text, self.desk.state, asked, answers).wants:
            if isinstance(want, HistoryWanted):
                answers.history = history_of(want.seat, self.facts())
            elif isinstance(want, GoingWanted):
                found = going(self.desk.state, want.incident, self.desk.now)
                if found is not None:
                    answers.going[want.incident] = found
        return read(text, self.desk.state, asked, answers)

    def enter(self, text, shown, selected=""):
        """Do what was shown; gives the outcomes, or None where it is not the same any more."""
        self.count += 1
        act = make_id("act", self.desk.now, self.count)
        reading = self.read(text, selected, act)
        if not reading.plan or reading.plan != shown.plan:
            return None
        what = {"undo": UNDO, "redo": REDO}.get(reading.form, ACT)
        outcomes = []
        for count, (command, was) in enumerate(zip(reading.commands, shown.commands, strict=True)):
            same = {name: getattr(was, name) for name in AS_SHOWN if name in was.__struct_fields__}
            asked = Request(
                command_id(self.seat, what, count, len(reading.commands), act),
                msgspec.structs.replace(command, **same),
                self.person,
            )
            told = self.desk.driver.run([asked], self.desk.now)
            outcomes.append(next(one for one in told if one.request == asked.id))
            if not outcomes[-1].accepted:
                break
        return outcomes

    def do(self, text, selected=""):
        """Read a line and do it; it must be done."""
        shown = self.read(text, selected)
        assert shown.plan, (text, shown.problems)
        outcomes = self.enter(text, shown, selected)
        assert outcomes is not None, text
        assert all(one.accepted for one in outcomes), (text, outcomes)
        return shown


def going(state, name, now):
    """Who should go, by straight lines."""
    incident = state.incidents.get(name)
    if incident is None or incident.closed_at is not None:
        return None
    try:
        question = question_of(state, incident, now, {"S1": (0, 0), "S2": (10_000, 0)}, Policy())
    except Unlocated:
        return None
    answer = recommend(question, None)
    record = written(question, answer)
    said = PlanSaid("test", "", Way.DEFAULT if hasattr(Way, "DEFAULT") else next(iter(Way)), [])
    return Recommendation(
        name, now, len(question.roster), list(answer.chosen), list(answer.refused), list(answer.unfilled),
        list(question.requirements), said, answer.roads, answer.calibrated, answer.straight, digest_of(record), record,
    )  # fmt: skip
