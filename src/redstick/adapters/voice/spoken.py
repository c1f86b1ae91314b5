"""What boxes say and what callers leave there, as files: WAV named by its SHA-256 (fills `phones.ports.Sounds`).

A message is made of the packets that were recorded of its leg, each where its time puts it. It is durable before
anybody is told of it; until then a note beside says for whom the leg is recorded, so that a crash loses nothing of it.
"""

import hashlib
import io
import os
import shutil
import wave
from array import array
from itertools import chain
from pathlib import Path
from urllib.parse import quote, unquote

from redstick.adapters.voice.g711 import LAWS, PCMU, RATE
from redstick.adapters.voice.recording import packets, salvage
from redstick.kernel.errors import Corruption, Unavailable

LAW_OF = {law.payload_type: law for law in LAWS.values()}
LEAST, MOST = RATE // 2, 10 * 60 * RATE  # samples of a message: half a second, ten minutes
MOST_WAV = 2 * MOST + 4_096  # bytes
AROUND = 1 << 32
NOTES, OURS = "begun", (1, 2, RATE)  # channels, bytes of a sample, samples a second


class SpokenFiles:
    """In `folder`; `recordings` is where the engine puts what legs say."""

    def __init__(self, folder: Path, recordings: Path) -> None:
        self._folder, self._recordings = folder, recordings

    def keep(self, wav: bytes) -> str:
        """Written beside, synced, then named."""
        samples_of(wav)
        digest = hashlib.sha256(wav).hexdigest()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._path(digest).exists():
                _write(self._path(digest), wav)
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error
        return digest

    def read(self, sha256: str) -> bytes | None:
        """Proven by its name."""
        try:
            wav = self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error
        if hashlib.sha256(wav).hexdigest() != sha256:
            raise Corruption(f"{self._path(sha256)}: other bytes than were kept")
        return wav

    def drop(self, sha256: str) -> None:
        """The file goes."""
        self._path(sha256).unlink(missing_ok=True)

    def octets(self, sha256: str) -> bytes | None:
        """What can be played."""
        wav = self.read(sha256)
        return None if wav is None else PCMU.encode(tuple(samples_of(wav)))

    def begin(self, leg: str, note: bytes) -> None:
        """A note, durable."""
        try:
            self._note(leg).parent.mkdir(parents=True, exist_ok=True)
            _write(self._note(leg), note)
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error

    def begun(self) -> list[tuple[str, bytes]]:
        """Notes that are there."""
        found = sorted((self._folder / NOTES).glob("*.note"))
        return [(unquote(path.stem), path.read_bytes()) for path in found]

    def finish(self, leg: str) -> tuple[str, int] | None:
        """The whole packets of every segment, also of one that a crash has torn."""
        try:
            said = spoken_in(leg, self._recordings / quote(leg, safe=""))
        except OSError as error:
            raise Unavailable(f"{self._recordings}: {error}") from error
        return None if len(said) < LEAST else (self.keep(wav_of(said)), len(said) * 1_000 // RATE)

    def forget(self, leg: str) -> None:
        """The packets go, then the note."""
        shutil.rmtree(self._recordings / quote(leg, safe=""), ignore_errors=True)
        self._note(leg).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.wav"

    def _note(self, leg: str) -> Path:
        return self._folder / NOTES / f"{quote(leg, safe='')}.note"


def spoken_in(leg: str, folder: Path) -> "array[int]":
    """What a leg said, as samples; silence stands where nothing came."""
    links = salvage(leg, folder) if folder.exists() else []
    heard = chain.from_iterable(packets(folder / link.path) for link in links)
    said, first = array("h"), -1
    for _, packet in heard:
        law = LAW_OF.get(packet.payload_type)
        if law is None:
            continue  # a key
        first = packet.timestamp if first < 0 else first
        at = (packet.timestamp - first) % AROUND
        if at + len(packet.payload) > MOST:
            continue
        said.extend([0] * (at + len(packet.payload) - len(said)))
        said[at : at + len(packet.payload)] = array("h", law.decode(packet.payload))
    return said


def wav_of(samples: "array[int]") -> bytes:
    """WAV of samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(OURS[0])
        file.setsampwidth(OURS[1])
        file.setframerate(OURS[2])
        file.writeframes(samples.tobytes())
    return out.getvalue()


def samples_of(wav: bytes) -> "array[int]":
    """The samples of WAV. Raises ValueError for what is none, of another kind, or too long."""
    if len(wav) > MOST_WAV:
        raise ValueError(f"at most {MOST_WAV} bytes")
    try:
        with wave.open(io.BytesIO(wav), "rb") as file:
            kind = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"no WAV: {error}") from error
    if kind != OURS:
        raise ValueError(f"one channel of 16 bits at {RATE} a second; this has {kind}")
    samples = array("h")
    samples.frombytes(frames[: len(frames) // 2 * 2])
    return samples


def _write(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
