"""Why a rule fired, or did not, over files of logs: the event that answers best, and where the others stopped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from redstick.defense.findings.json_lines import rule_object
from redstick.defense.readers.event import Tally
from redstick.defense.readers.files import NotThatFormat, Settings, open_events
from redstick.defense.sigma.explain import Explanation, explain
from redstick.defense.sigma.image import Compiled
from redstick.defense.sigma.rules import CorrelationRule, Title

NEAR = 5  # titles offered where none is the one that was asked for


class NoSuchRule(Exception):  # noqa: N818  (named for what is the matter)
    """A rule that is not here, is no detection, or could not be used."""


@dataclass
class Answer:
    """The explanation of one event at `place`, and how many events each gate stopped; None where there was none."""

    explanation: Explanation | None = None
    place: str = ""
    gates: Counter[str] = field(default_factory=Counter)


def find_rule(compiled: Compiled, wanted: str) -> int:
    """Number of the detection with this id, name, path, file name or title. Raises NoSuchRule, with near names."""
    rules = compiled.rules
    for number, detection in enumerate(rules.rules):
        if wanted.lower() in _names(detection.about):
            return number
    for correlation in rules.correlations:
        if wanted.lower() in _names(correlation.about):
            raise NoSuchRule(f"{wanted} is a correlation and has no single event; explain one of: {_of(correlation)}")
    for refusal in rules.refusals:
        if wanted.lower() in {refusal.path.lower(), Path(refusal.path).name.lower(), refusal.title.lower()}:
            raise NoSuchRule(f"{wanted} could not be used: {refusal.reason}")
    titles = [r.about.title for r in rules.rules] + [r.about.title for r in rules.correlations]
    holding = [title for title in titles if wanted.lower() in title.lower()]
    near = holding[:NEAR] or get_close_matches(wanted, titles, n=NEAR, cutoff=0.5)
    raise NoSuchRule(f"no rule {wanted!r}" + (f"; is it one of these: {'; '.join(near)}?" if near else ""))


def _names(about: Title) -> set[str]:
    path = Path(about.path)
    return {n.lower() for n in (about.id, about.name or about.id, about.path, path.name, path.stem, about.title)}


def _of(correlation: CorrelationRule) -> str:
    return ", ".join(correlation.rules)


def answer(
    compiled: Compiled, settings: Settings, paths: Sequence[Path], number: int, event: int | None = None
) -> Answer:
    """The verdict on event number `event`; without one, on the first event that fires, else on the nearest to it."""
    out = Answer()
    for place, place_number, explanation in _explained(compiled, settings, paths, number):
        if event is not None and place_number != event:
            continue
        out.gates[explanation.gate] += 1
        if out.explanation is None or _nearer(explanation, out.explanation):
            out.explanation, out.place = explanation, place
        if event is not None:
            break
    return out


def _nearer(one: Explanation, other: Explanation) -> bool:
    """Whether one explanation tells more than another: it fired, or it got past more gates and conditions."""
    passed = {"source": 0, "event id": 1}
    return (passed.get(one.gate, 2), one.nearness) > (passed.get(other.gate, 2), other.nearness)


def _explained(
    compiled: Compiled, settings: Settings, paths: Sequence[Path], number: int
) -> Iterator[tuple[str, int, Explanation]]:
    for path in paths:
        with suppress(NotThatFormat):
            for event in open_events(path, Tally(), settings):
                verdict = explain(compiled.engine, number, event.source, event.fields)
                yield f"{path}#{event.number}", event.number, verdict


def answer_object(found: Answer, about: Title) -> dict[str, object]:
    """Plain values, for machines."""
    explanation = found.explanation
    return {
        "kind": "explanation",
        "rule": rule_object(about),
        "place": found.place or None,
        "fired": explanation is not None and explanation.fired,
        "gate": None if explanation is None else explanation.gate,
        "sentence": None if explanation is None else explanation.sentence,
        "reasons": [
            {"comparison": r.text, "wanted": r.wanted, "holds": r.holds, "field": r.field, "seen": r.seen}
            for r in (explanation.reasons if explanation is not None else ())
        ],
        "events": dict(sorted(found.gates.items())),
    }
