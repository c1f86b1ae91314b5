"""The answering side of PsapSimulator's SIPp scenarios: the engine calls SIPp, and each scenario ends as it asks."""

import asyncio
import re
import shutil
from contextlib import suppress

import psutil
import pytest
from tests.adapters.voice.caller import PATIENCE_S
from tests.adapters.voice.test_engine import Desk

from redstick.adapters.voice import switchboard
from redstick.comms.ports import Answered, Over

pytestmark = pytest.mark.sockets
SCENARIOS = ("Basic/BasicUas", "ReInvitePai/ReInvitePaiUas", "OfferlessInvite/uas-passive")
ENDED = (0, 97)  # by itself, or as the scenario stops SIPp when all of it was done
RENEWED = ("ReInvitePai/ReInvitePaiUas",)  # it waits for a re-INVITE, as a refresh of the session is one


def playable(text):
    """A scenario that SIPp can play anywhere: short pauses, no file that we lack, a <recv> that was left open closed.

    It waits for our BYE as long as a busy machine takes, where its author gave it three seconds.
    """
    text = text.replace(' timeout="3000" ontimeout="send_bye"', "")
    text = re.sub(r"<pause[^>]*/>", '<pause milliseconds="100"/>', text)
    text = re.sub(r'(<recv request="INVITE">)(\s*<send)', r"\1</recv>\2", text)
    return re.sub(r"<exec play_pcap_audio=[^>]*/>", "", text)


async def answering(path, folder):
    """SIPp, and the port at which it waits for one call: it has it before the engine takes any for a voice."""
    sipp = shutil.which("sipp")
    if sipp is None:
        pytest.skip("SIPp is absent (looked for `sipp` on the path; Debian's package is sip-tester)")
    scenario = folder / path.name
    scenario.write_text(playable(path.read_text(errors="replace")))
    words, quiet = [sipp, "-sf", str(scenario), "-i", "127.0.0.1", "-m", "1", "-nostdin"], asyncio.subprocess.DEVNULL
    words += ["-timeout", str(2 * PATIENCE_S)]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            port = await free_port()
            process = await asyncio.create_subprocess_exec(
                *words, "-p", str(port), cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet
            )
            while process.returncode is None and not has(process, port):  # noqa: ASYNC110  (SIPp tells nobody)
                await asyncio.sleep(0.02)
            if process.returncode is None:
                return process, port


async def free_port():
    """A port of UDP that nobody has, yet."""
    loop = asyncio.get_running_loop()
    holder, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
    holder.close()
    return holder.get_extra_info("sockname")[1]


def has(process, port):
    """Whether a process has bound a port of UDP."""
    with suppress(psutil.Error):
        return any(one.laddr.port == port for one in psutil.Process(process.pid).net_connections("udp4"))
    return False


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_that_answers_is_called_and_ends_as_it_asks(third_party, tmp_path, name):
    """It is answered, renewed where it waits for that, hung up by us; SIPp counts a good call, and no leg is left."""
    path = third_party(f"sip/sipp_ng911/{name}.xml")

    async def lived():
        async with Desk() as desk:
            process, port = await answering(path, tmp_path)
            assert await desk.engine.originate("out", f"sip:911@127.0.0.1:{port}", "sip:+12255550100@psap.example")
            await desk.until(lambda: desk.of(Answered))
            if name in RENEWED:
                desk.engine._signals.tick(switchboard.now_ms() + 151_000)
                leg = desk.engine._legs["out"]
                await desk.until(lambda: leg.call.ours is None)  # it was answered
            assert desk.engine.hang_up("out", "enough")
            async with asyncio.timeout(PATIENCE_S):
                assert await process.wait() in ENDED
            assert [(over.who, over.cause) for over in desk.of(Over)] == [("us", "enough")]
            assert desk.engine.snapshot() == ()

    asyncio.run(lived())
