"""How good each way of matching is on a published noise model: recall and precision, from plates and errors we make.

The model: 500,000 wanted plates, 200,000 reads; per character 3 % confused with one that looks like it, 0.4 % replaced
at random, 0.2 % dropped; the state read on 92 %. An alert is true when the true plate is wanted in its state and among
the candidates. What the model leaves open is settled so that its published figures come out: a character without a
look-alike that is confused becomes any character; plates are three letters and four digits, three of ten from the home
state; 400 reads are of wanted plates, and some sixty more happen to be. The figures hold for this model; the order of
the ways holds beyond it. Real cameras are retuned by confirmed and rejected alerts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from redstick.crimecenter.plates.matching import FOLD, UNREAD, HotList, MatchClass, Wanted, differing, normal
from redstick.crimecenter.plates.wildcards import WildcardList

LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
CHARACTERS = LETTERS + DIGITS
STATES = tuple(f"S{number:02d}" for number in range(50))


@dataclass(frozen=True)
class NoiseModel:
    """Sizes and rates; rates are per character, but for the states'."""

    wanted: int = 500_000
    reads: int = 200_000
    planted: int = 400  # reads of wanted plates; others may happen to be wanted too
    home_share: float = 0.3  # of all plates, those of the home state
    confused: float = 0.03
    replaced: float = 0.004
    dropped: float = 0.002
    state_read: float = 0.92


@dataclass(frozen=True)
class Read:
    """One read and the truth behind it."""

    plate: str
    state: str
    true_plate: str
    true_state: str


@dataclass(frozen=True)
class Figures:
    """Alerts of one way of matching: how many, how many true, of how many wanted reads."""

    name: str
    alerts: int
    true_alerts: int
    wanted_reads: int

    @property
    def recall(self) -> float:
        """Share of the wanted that raised an alert."""
        return self.true_alerts / self.wanted_reads if self.wanted_reads else float("nan")

    @property
    def precision(self) -> float:
        """Share of the alerts that were true."""
        return self.true_alerts / self.alerts if self.alerts else float("nan")


def made_world(model: NoiseModel, seed: int) -> tuple[list[Wanted], list[Read]]:
    """A hot list and reads of it through the noise; the same seed gives the same world."""
    generator = np.random.Generator(np.random.PCG64(seed))
    wanted = [Wanted(plate, state) for plate, state in _plates(generator, model, model.wanted)]
    others = _plates(generator, model, model.reads - model.planted)
    chosen = generator.choice(len(wanted), model.planted, replace=False)
    truth = [(wanted[i].plate, wanted[i].state) for i in chosen] + others
    lookalikes = _lookalikes()
    reads = [_read(generator, model, plate, state, lookalikes) for plate, state in truth]
    return wanted, [reads[i] for i in generator.permutation(len(reads))]


# Name, how many confusable characters may differ, whether any state will do.
WAYS = (
    ("exact", 0, True),
    ("exact + state", 0, False),
    ("fold all confusables", 99, True),
    ("fold + state", 99, False),
    ("fold, one confusable, + state", 1, False),
)
WILDCARD_WAY = "fold + one wildcard + state"


def evaluate(wanted: Sequence[Wanted], reads: Sequence[Read]) -> list[Figures]:
    """Figures for each published way; the default is the last but one, the last, a wildcard, too wide to alert on.

    A state that was not read agrees with any.
    """
    hot_list = HotList(wanted)
    truly = {(entry.plate, entry.state) for entry in wanted}
    is_wanted = [(read.true_plate, read.true_state) in truly for read in reads]
    total = sum(is_wanted)
    alerts, right = [0] * len(WAYS), [0] * len(WAYS)
    for read, sought in zip(reads, is_wanted, strict=True):
        plate = normal(read.plate)
        graded = [
            (
                differing(known, plate),
                read.state in (UNREAD, state),
                (known, state) == (read.true_plate, read.true_state),
            )
            for known, state, _ in hot_list.candidates(plate)
        ]
        if not graded:
            continue
        for at, (_, most, any_state) in enumerate(WAYS):
            found = [true for differs, agrees, true in graded if differs <= most and (agrees or any_state)]
            alerts[at] += bool(found)
            right[at] += sought and any(found)
    figures = [Figures(name, alerts[at], right[at], total) for at, (name, _, _) in enumerate(WAYS)]
    plates, states = [read.plate for read in reads], [read.state for read in reads]
    any_entry = WildcardList([(entry.plate, entry.state) for entry in wanted]).any_match(plates, states)
    within = sum(sought and _within_wildcard(read) for read, sought in zip(reads, is_wanted, strict=True))
    return [*figures, Figures(WILDCARD_WAY, int(any_entry.sum()), within, total)]


def evaluate_classes(wanted: Sequence[Wanted], reads: Sequence[Read]) -> dict[MatchClass, Figures]:
    """Figures of each class of the default way by itself: alerts whose surest match is in it."""
    hot_list = HotList(wanted)
    truly = {(entry.plate, entry.state) for entry in wanted}
    total = sum((read.true_plate, read.true_state) in truly for read in reads)
    alerts, true_alerts = dict.fromkeys(MatchClass, 0), dict.fromkeys(MatchClass, 0)
    for read in reads:
        matches = hot_list.match(read.plate, read.state)
        if matches:
            best = matches[0].match_class
            alerts[best] += 1
            entries = {(match.wanted.plate, match.wanted.state) for match in matches}
            true_alerts[best] += (read.true_plate, read.true_state) in entries
    return {one: Figures(one.name, alerts[one], true_alerts[one], total) for one in MatchClass}


def _within_wildcard(read: Read) -> bool:
    """Whether the truth differs from the read in one folded character at most, and the state agrees or was not read."""
    seen, true = (normal(text).translate(FOLD) for text in (read.plate, read.true_plate))
    return read.state in (UNREAD, read.true_state) and len(seen) == len(true) and differing(seen, true) <= 1


def _plates(generator: np.random.Generator, model: NoiseModel, count: int) -> list[tuple[str, str]]:
    """Three letters and four digits, as several states issue them."""
    letters = generator.integers(0, 26, (count, 3))
    numbers = generator.integers(0, 10_000, count)
    home = generator.random(count) < model.home_share
    state = np.where(home, 0, generator.integers(1, len(STATES), count))
    return [
        ("".join(LETTERS[i] for i in row) + f"{number:04d}", STATES[place])
        for row, number, place in zip(letters.tolist(), numbers.tolist(), state.tolist(), strict=True)
    ]


def _lookalikes() -> dict[str, str]:
    """For each character the others that fold to the same; for one that has none, all."""
    similar = {
        one: "".join(other for other in CHARACTERS if other != one and other.translate(FOLD) == one.translate(FOLD))
        for one in CHARACTERS
    }
    return {one: others or CHARACTERS for one, others in similar.items()}


def _read(
    generator: np.random.Generator, model: NoiseModel, plate: str, state: str, lookalikes: dict[str, str]
) -> Read:
    said = []
    for character, chance, which in zip(plate, generator.random(len(plate)), generator.random(len(plate)), strict=True):
        similar = lookalikes[character]
        if chance < model.dropped:
            continue
        if chance < model.dropped + model.replaced:
            said.append(CHARACTERS[int(which * len(CHARACTERS))])
        elif chance < model.dropped + model.replaced + model.confused:
            said.append(similar[int(which * len(similar))])
        else:
            said.append(character)
    seen = state if generator.random() < model.state_read else UNREAD
    return Read("".join(said), seen, plate, state)
