"""How good each class is on a published noise model: recall and precision, from plates and reading errors that we make.

The model: 500,000 wanted plates, 200,000 reads of which a few hundred are wanted in their state; per character 3 %
confused with one that looks like it, 0.4 % replaced at random, 0.2 % dropped; the state read on 92 %. An alert is true
when the true plate is wanted in its state and among the candidates. The figures hold for this model; the order of the
classes holds beyond it. Real cameras are retuned by confirmed and rejected alerts.
"""

from dataclasses import dataclass

import numpy as np

from redstick.crimecenter.plates.matching import FOLD, HotList, MatchClass, Wanted

LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
CHARACTERS = LETTERS + DIGITS
STATES = tuple(f"S{number:02d}" for number in range(50))
HOME_SHARE = 0.7  # of all plates seen, those of the state itself


@dataclass(frozen=True)
class NoiseModel:
    """Sizes and rates; rates are per character, but for the state's."""

    wanted: int = 500_000
    reads: int = 200_000
    wanted_among_reads: int = 463
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
class ClassFigures:
    """Alerts up to and including a class: how many, how many true, and of how many wanted reads."""

    match_class: MatchClass
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
    wanted = [Wanted(plate, state) for plate, state in _plates(generator, model.wanted)]
    others = _plates(generator, model.reads - model.wanted_among_reads)
    chosen = generator.choice(len(wanted), model.wanted_among_reads, replace=False)
    truth = [(wanted[i].plate, wanted[i].state) for i in chosen] + others
    lookalikes = _lookalikes()
    reads = [_read(generator, model, plate, state, lookalikes) for plate, state in truth]
    return wanted, [reads[i] for i in generator.permutation(len(reads))]


def evaluate(wanted: list[Wanted], reads: list[Read]) -> list[ClassFigures]:
    """Figures for each class, counting the surer ones in."""
    hot_list = HotList(wanted)
    truly = {(entry.plate, entry.state) for entry in wanted}
    alerts, true_alerts = dict.fromkeys(MatchClass, 0), dict.fromkeys(MatchClass, 0)
    wanted_reads = 0
    for read in reads:
        is_wanted = (read.true_plate, read.true_state) in truly
        wanted_reads += is_wanted
        matches = hot_list.match(read.plate, read.state)
        if not matches:
            continue
        alerts[matches[0].match_class] += 1
        right = [m for m in matches if (m.wanted.plate, m.wanted.state) == (read.true_plate, read.true_state)]
        if is_wanted and right:
            true_alerts[right[0].match_class] += 1
    figures, all_alerts, all_true = [], 0, 0
    for match_class in MatchClass:
        all_alerts += alerts[match_class]
        all_true += true_alerts[match_class]
        figures.append(ClassFigures(match_class, all_alerts, all_true, wanted_reads))
    return figures


def _plates(generator: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Three letters and four digits, as several states issue them; most of the home state."""
    letters = generator.integers(0, 26, (count, 3))
    numbers = generator.integers(0, 10_000, count)
    home = generator.random(count) < HOME_SHARE
    state = np.where(home, 0, generator.integers(1, len(STATES), count))
    return [
        ("".join(LETTERS[i] for i in row) + f"{number:04d}", STATES[place])
        for row, number, place in zip(letters.tolist(), numbers.tolist(), state.tolist(), strict=True)
    ]


def _lookalikes() -> dict[str, str]:
    """For each character the others that fold to the same."""
    return {
        one: "".join(other for other in CHARACTERS if other != one and other.translate(FOLD) == one.translate(FOLD))
        for one in CHARACTERS
    }


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
        elif chance < model.dropped + model.replaced + model.confused and similar:
            said.append(similar[int(which * len(similar))])
        else:
            said.append(character)
    seen = state if generator.random() < model.state_read else ""
    return Read("".join(said), seen, plate, state)
