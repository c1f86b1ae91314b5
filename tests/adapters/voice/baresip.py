"""baresip, the softphone of Debian, as a phone for the tests: its own process, driven over its control port."""

import array
import asyncio
import json
import math
import shutil
import socket
import wave

import pytest
from tests.adapters.voice.caller import PATIENCE_S

from redstick.adapters.voice.g711 import RATE

MODULES = "/usr/lib/baresip/modules"


def free_port():
    """A port of TCP that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def heard(folder):
    """What a phone heard in its calls, 16 bits a sample, read while it is written."""
    return b"".join(path.read_bytes()[44:] for path in folder.glob("dump-*-dec.wav"))


def energy(folder, behind=0):
    """The root mean square of what a phone heard `behind` so many samples, 0 to 1, without silence."""
    whole = heard(folder)[2 * behind :]
    samples = array.array("h", whole[: len(whole) // 2 * 2])
    spoken = [sample for sample in samples if sample]
    return math.sqrt(sum(sample * sample for sample in spoken) / len(spoken)) / 32_768 if spoken else 0.0


def tone(path, seconds=60):
    """What it says: a sine of 440 Hz."""
    samples = array.array("h", (round(8_000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(seconds * RATE)))
    with wave.open(str(path), "wb") as said:
        said.setparams((1, 2, RATE, 0, "NONE", ""))
        said.writeframes(samples.tobytes())


class Phone:
    """One phone of `user`, registered with a desk at `at`. `told` are its events."""

    def __init__(self, folder, user, password, realm, at, transport="udp", trust=None):
        self.folder, self.told, self.changed = folder, [], asyncio.Event()
        folder.mkdir()
        self.port = free_port()
        tone(folder / "said.wav")
        modules = ("g711.so", "aufile.so", "aubridge.so", "sndfile.so", "srtp.so", "ctrl_tcp.so")
        secure = [f"sip_certificate {trust[0]}", f"sip_cafile {trust[1]}"] if trust else []
        (folder / "config").write_text(
            "\n".join([
                "poll_method epoll", "sip_listen 127.0.0.1:0", "net_interface 127.0.0.1", "call_max_calls 4",
                f"audio_source aufile,{folder}/said.wav", "audio_player aubridge,nobody", f"snd_path {folder}",
                "audio_alert aubridge,nobody", f"module_path {MODULES}", *secure,
                *(f"module {name}" for name in modules), "module_app account.so", "module_app menu.so",
                f"ctrl_tcp_listen 127.0.0.1:{self.port}", "",
            ])
        )  # fmt: skip
        (folder / "contacts").touch()
        cipher = ";mediaenc=srtp-mand" if transport == "tls" else ""
        self.account = (
            f"<sip:{user}@{realm};transport={transport}>;auth_user={user};auth_pass={password};answermode=auto{cipher}"
            f';outbound="sip:{at[0]}:{at[1]};transport={transport}";regint=600'
        )
        (folder / "accounts").write_text(f"{self.account}\n")

    async def open(self):
        """Begin."""
        path = shutil.which("baresip")
        if path is None:
            pytest.skip("baresip is absent (looked for `baresip` on the path; Debian's package is baresip-core)")
        self.log = (self.folder / "log").open("wb")
        words = [path, "-f", str(self.folder), "-s"]
        self.process = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                break
        self.hearing = asyncio.create_task(self.hear())
        return self

    async def hear(self):
        """Its events, each behind its length and a colon."""
        while length := await self.reader.readuntil(b":"):
            said = json.loads((await self.reader.readexactly(int(length[:-1]) + 1))[:-1])
            self.told.append(said)
            self.changed.set()

    def do(self, command, parameters=""):
        """One of its commands, as a person types it."""
        said = json.dumps({"command": command, "params": parameters}).encode()
        self.writer.write(b"%d:%s," % (len(said), said))

    async def until(self, *kinds):
        """An event of one of these kinds, which is then forgotten with all before it."""
        async with asyncio.timeout(PATIENCE_S):
            while not (at := [n for n, said in enumerate(self.told) if said.get("type") in kinds]):
                self.changed.clear()
                await self.changed.wait()
        found = self.told[at[0]]
        del self.told[: at[0] + 1]
        return found

    async def until_last(self, kind, words):
        """The first event of a kind that says these words; others of its kind are passed over."""
        while (said := await self.until(kind))["param"] != words:
            pass
        return said

    async def let_in(self):
        """Try again until it is registered: asked for two digests it gives up, and then it is asked for one."""
        told = ""
        while told != "REGISTER_OK":
            self.do("uanew", self.account)
            told = (await self.until("REGISTER_OK", "REGISTER_FAIL"))["type"]

    async def end(self):
        """Stop it, by its own id."""
        self.hearing.cancel()
        await asyncio.gather(self.hearing, return_exceptions=True)
        self.writer.close()
        self.process.kill()
        await self.process.wait()
        self.log.close()
