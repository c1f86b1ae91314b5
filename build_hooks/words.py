"""Has the words of the house spoken: `python build_hooks/words.py` writes NAME.ulaw for each line of `en.toml`.

Run by whoever changes a word, and its files are kept: no installation needs a voice. The voice is slt of Flite (the
package `flite` of Debian), whose licence lets what it says be used freely.
"""

import array
import math
import subprocess
import sys
import tempfile
import tomllib
import wave
from pathlib import Path

from redstick.adapters.voice.g711 import PCMU, RATE

WORDS = Path(__file__).parents[1] / "src" / "redstick" / "adapters" / "voice" / "words"
VOICE, PACE, LOUD = "slt", 0.9, 12_000  # how long it takes; the highest sample of each, of 32,768
QUIET, AROUND = 300, 400  # samples below this at either end are silence, of which so many stay
TAPS = 31


def main() -> None:
    """Every line anew; files of lines that are gone go too."""
    words = tomllib.loads((WORDS / "en.toml").read_text())
    for old in WORDS.glob("*.ulaw"):
        if old.stem not in words:
            old.unlink()
    for name, text in words.items():
        (WORDS / f"{name}.ulaw").write_bytes(PCMU.encode(tuple(spoken(text))))


def spoken(text: str) -> "array.array[int]":
    """Samples of a text, 8,000 a second, without the silence around it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        voice = ("-voice", VOICE, "--setf", f"duration_stretch={PACE}")
        subprocess.run(["flite", *voice, "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as said:
            kind = said.getframerate(), said.getnchannels(), said.getsampwidth()
            if kind != (2 * RATE, 1, 2):
                raise ValueError(f"{VOICE} speaks with {kind}")
            samples = array.array("h", said.readframes(said.getnframes()))
    return louder(trimmed(halved(samples)))


def halved(samples: "array.array[int]") -> "array.array[int]":
    """Every second sample, behind a low pass (a windowed sinc) at a quarter of the rate."""
    middle = TAPS // 2
    taps = [0.5 * _sinc((n - middle) / 2) * (0.54 - 0.46 * math.cos(2 * math.pi * n / (TAPS - 1))) for n in range(TAPS)]
    padded = [0] * middle + list(samples) + [0] * middle
    sums = (sum(tap * padded[at + n] for n, tap in enumerate(taps)) for at in range(0, len(samples), 2))
    return array.array("h", (max(-32_768, min(32_767, round(one))) for one in sums))


def trimmed(samples: "array.array[int]") -> "array.array[int]":
    """Without the silence around it."""
    loud = [at for at, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[max(0, loud[0] - AROUND) : loud[-1] + AROUND]


def louder(samples: "array.array[int]") -> "array.array[int]":
    """As loud as the others."""
    most = max(abs(sample) for sample in samples)
    return array.array("h", (round(sample * LOUD / most) for sample in samples))


def _sinc(x: float) -> float:
    return 1.0 if x == 0 else math.sin(math.pi * x) / (math.pi * x)


if __name__ == "__main__":
    sys.exit(main())
