"""The telephone: who calls, why, and for how long they let it ring; and what only the exchange knows of them.

What it knows is the truth that the journal is held against: every ring, every hang-up, every number.
"""

from dataclasses import dataclass
from random import Random

from redstick.dispatch.rules.calls import AbandonCall, CallState, ReceiveCall
from redstick.kernel.ids import make_id
from redstick.kernel.values import Outcome
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.ground import NATURES, Nature, about, corner
from redstick.simulation.world.household import EPOCH_MS

GHOST_PATIENCE_MS, PATIENCE_MS = 9_000, 45_000


@dataclass(slots=True)
class Trouble:
    """Something that happened: what and where. Several callers may speak of it."""

    id: str
    nature: Nature
    corner: int
    false_alarm: bool = False


@dataclass(slots=True)
class Story:
    """One call as the caller would tell it; `trouble` is None where nobody speaks. Times are virtual."""

    call: str
    number: str
    rang_at: int
    trouble: Trouble | None
    hung_up_at: int | None = None
    answered: bool = False


class Telephone:
    """Rings, hang-ups and callbacks. `stories` has every call that ever rang, by id."""

    def __init__(self, timeline: Timeline, random: Random, desk: WorldDesk) -> None:
        self.stories: dict[str, Story] = {}
        self._troubles: list[Trouble] = []
        self._timeline, self._random, self._desk = timeline, random, desk

    def open(self, until: int, every_ms: int) -> None:
        """Let calls come in until then, one in so many milliseconds."""

        def ring() -> None:
            if self._timeline.now < until:
                self.ring(self._number(), self._trouble(), PATIENCE_MS)
                self._timeline.at(self._timeline.now + round(self._random.expovariate(1 / every_ms)), ring)

        self._timeline.at(2_000 + self._random.randrange(every_ms), ring)

    def storm(self, calls: int, for_ms: int) -> None:
        """Many numbers that ring and hang up, most of them again and again: nobody speaks (Dallas, March 2017)."""
        numbers = [f"2255559{n:03d}" for n in range(max(2, calls * 2 // 5))]
        for count in range(calls):
            number = numbers[count] if count < len(numbers) else self._random.choice(numbers)
            at = self._timeline.now + self._random.randrange(for_ms)
            self._timeline.at(at, lambda number=number: self.ring(number, None, GHOST_PATIENCE_MS))  # type: ignore[misc]  # the loop's number, bound now

    def ring(self, number: str, trouble: Trouble | None, patience_ms: int) -> None:
        """A call comes in; who has waited long enough hangs up, and may call again."""
        now = self._timeline.now
        call = make_id("call", EPOCH_MS + now, self._random.getrandbits(64))
        story = self.stories[call] = Story(call, number, now, trouble)
        place = corner(trouble.corner) if trouble is not None else corner(self._random.randrange(64))
        self._desk.ask(now, "telephone", [ReceiveCall(call, "voice", number, place)])
        self._timeline.at(now + about(self._random, patience_ms), lambda: self._give_up(story))

    def answered(self, call: str) -> None:
        """A taker speaks: this caller does not hang up any more."""
        self.stories[call].answered = True

    def reaches(self, number: str) -> bool:
        """Whether somebody picks up when a number is called back."""
        del number
        return self._random.random() < 0.6

    def story_of(self, call: str) -> Trouble | None:
        """What a caller tells; nothing of a line that is silent."""
        story = self.stories.get(call)
        return None if story is None else story.trouble

    def _give_up(self, story: Story) -> None:
        """Hang up. The exchange tells it, whatever became of the call in the meantime."""
        call = self._desk.state.calls.get(story.call)
        spoken = call is not None and call.state is not CallState.PRESENTED
        if story.answered or spoken:
            return
        story.hung_up_at = self._timeline.now

        def told(outcomes: list[Outcome]) -> None:
            if not outcomes[0].accepted:  # somebody had answered after all
                story.hung_up_at = None

        self._desk.ask(self._timeline.now, "telephone", [AbandonCall(story.call)], told)
        if story.trouble is not None and self._random.random() < 0.4:
            later = self._timeline.now + about(self._random, 10_000)
            self._timeline.at(later, lambda: self.ring(story.number, story.trouble, PATIENCE_MS))

    def _number(self) -> str:
        return f"2255550{self._random.randrange(1000):03d}"

    def _trouble(self) -> Trouble:
        """A new one, or one that somebody has spoken of already."""
        recent = self._troubles[-4:]
        if recent and self._random.random() < 0.25:
            return self._random.choice(recent)
        made = Trouble(
            f"t{len(self._troubles) + 1}", self._random.choice(NATURES), self._random.randrange(64),
            self._random.random() < 0.12,
        )  # fmt: skip
        self._troubles.append(made)
        return made
