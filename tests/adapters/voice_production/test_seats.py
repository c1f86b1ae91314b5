"""Seats by Janus when Janus dies, hangs or is not there; and nothing of ours that runs on without us."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.adapters.voice.caller import PATIENCE_S
from tests.adapters.voice.test_browser import Headset
from tests.adapters.voice.test_engine import Desk
from tests.contracts.media_engines import Stage, production_engine

from redstick.adapters.voice.recording import faults
from redstick.adapters.voice.tones import WAITING
from redstick.adapters.voice_production import janus
from redstick.adapters.voice_production.engine import missing
from redstick.comms.ports import EngineHealth, Over, seat_leg

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
SEAT = seat_leg("one")
UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from redstick.adapters.voice_production.media_server import MediaPorts, MediaServer
async def lived():
    server = MediaServer(Path(sys.argv[1]), MediaPorts())
    await server.start()
    print(server.daemon.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(lived())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_when_janus_dies_or_hangs_the_seat_is_lost_and_the_caller_is_not(tmp_path, monkeypatch, how):
    """It is told once; caller, room and recordings stay. The seat stands again as soon as Janus does, where it was."""
    monkeypatch.setattr(janus, "KEEPALIVE_S", 0.2)
    patience_s = janus.PATIENCE_S

    async def lived():
        async with Desk(made=production_engine, recordings=tmp_path) as desk:
            stage, engine = Stage(desk), desk.engine
            one = await stage.call()
            seat, headset = await stage.seat("one")
            assert all(engine.record(leg) and engine.join("room", leg) for leg in (one, seat))
            await desk.until(lambda: headset.loudest > 3_000 and engine.stats(seat).packets_in > 50)
            daemon = engine.media_server.daemon
            os.kill(daemon.pid, how)
            monkeypatch.setattr(janus, "PATIENCE_S", 1.0)  # nothing answers any more; one that does may take longer
            await desk.until(lambda: desk.of(Over))
            assert [(over.leg, over.who) for over in desk.of(Over)] == [(SEAT, "nobody")]
            assert engine.snapshot() == (one,)
            if how == signal.SIGKILL:
                await desk.until(lambda: [said.up for said in desk.of(EngineHealth)][:2] == [True, False])
                assert desk.of(EngineHealth)[1].why.startswith("Janus")
            assert list(faults(SEAT, tmp_path / "seat%3Aone")) == []
            assert engine.play(one, WAITING)
            await stage.loud(one)
            if how == signal.SIGSTOP:
                stage.headsets.append(refused := Headset())
                assert await engine.attach(SEAT, await refused.offer()) is None  # and nothing waits
                daemon.kill()
            monkeypatch.setattr(janus, "PATIENCE_S", patience_s)
            await desk.until(lambda: daemon.starts == 2 and engine.media_server.socket.exists())
            await desk.until(lambda: desk.of(EngineHealth)[-1].up)
            seat, again = await stage.seat("one")
            assert engine.join("room", seat)
            await desk.until(lambda: again.loudest > 3_000)
            await stage.loud(one)
            await stage.end()

    asyncio.run(lived())


def test_without_janus_a_seat_is_refused_and_calls_are_taken():
    """None for its offer, no leg, nothing raised; the caller hears what is played."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            stage = Stage(desk)
            await desk.engine.media_server.stop()
            stage.headsets.append(headset := Headset())
            assert await desk.engine.attach(SEAT, await headset.offer()) is None
            one = await stage.call()
            await stage.loud(one)
            assert desk.engine.snapshot() == (one,)
            await stage.end()

    asyncio.run(lived())


def test_a_browser_that_says_nothing_any_more_is_lost():
    """Janus tells that no packet came; who only mutes himself goes on sending silence."""

    async def lived():
        async with Desk(made=production_engine) as desk:
            stage = Stage(desk)
            seat, _ = await stage.seat("one")
            [handle] = desk.engine._janus._session._handles.values()
            handle.tell({"janus": "media", "receiving": False})
            handle.tell({"janus": "hangup", "reason": "ICE failed"})
            assert [(over.leg, over.who) for over in desk.of(Over)] == [(seat, "nobody")]
            await stage.end()

    asyncio.run(lived())


def test_what_was_begun_ends_when_its_server_is_killed(tmp_path):
    """Nobody is left who holds its ports."""
    if absent := missing(secure=False):
        pytest.skip(absent)
    server = subprocess.Popen([sys.executable, "-c", UNTIL_KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    pid = int(server.stdout.readline())
    server.kill()
    server.communicate()
    end = time.monotonic() + PATIENCE_S
    while _runs(pid):
        assert time.monotonic() < end, "it runs on"
        time.sleep(0.05)


def _runs(pid):
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
