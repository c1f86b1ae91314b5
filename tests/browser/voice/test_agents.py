"""A seat takes calls of the queues by a key; who is offered a caller sees in which languages they can be served."""

import pytest
from tests.server.api.test_voice import rows

pytestmark = [pytest.mark.browser, pytest.mark.sockets, pytest.mark.voice]
AGENT = "section.agent"


def agents(psap):
    """Who takes calls, and what they do."""
    rows = psap.dan.see("comms.view.queues").json()["rows"]
    return {row["seat"]: (row["state"], row["languages"]) for key, row in rows.items() if key.startswith("agent/")}


@pytest.mark.parametrize("psap", ["embedded"], indirect=True)
def test_a_seat_takes_calls_and_a_break_by_one_key(psap, seat, sipp):
    """Signed on with a language, offered a caller who speaks it, busy, ready again behind the call, on a break."""
    page = seat("microphone")
    page.wait_for_selector(f"{AGENT}:has-text('no calls are offered')")
    page.click(f"{AGENT} summary")
    page.fill(f"{AGENT} input[placeholder^=es]", "es")
    page.keyboard.press("Alt+r")
    page.wait_for_selector(f"{AGENT}:has-text('takes 911 · es')")
    assert agents(psap) == {"calls:1": ("available", ["es"])}
    sipp(600_000)
    page.wait_for_selector(f"{AGENT}:has-text('a call is offered to you')")
    page.wait_for_selector("[aria-label=Line]:has-text('Spanish, English')")
    page.keyboard.press("Alt+r")  # a slip: an offer is not thrown away by it
    page.keyboard.press("F2")
    page.wait_for_selector(f"{AGENT}:has-text('speaks; takes 911')")
    [call] = rows(psap.dan, "dispatch.view.calls")
    assert psap.dan.ask("end-call", call=call["call"]).status_code == 200
    page.wait_for_selector(f"{AGENT}:has-text('takes 911 · es'):not(:has-text('speaks'))")
    page.keyboard.press("Alt+r")
    page.wait_for_selector(f"{AGENT}:has-text('on a break')")
    page.reload()
    page.wait_for_selector(f"{AGENT}:has-text('on a break')")
    page.click(f"{AGENT} summary")
    assert page.input_value(f"{AGENT} input[placeholder^=es]") == "es"
