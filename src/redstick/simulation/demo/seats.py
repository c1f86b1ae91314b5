"""The seats that a visitor of the demo may take, and what each is told first."""

import msgspec


class Offer(msgspec.Struct, frozen=True):
    """One seat of the start page: where its console is, what it is for, and a first act of half a minute."""

    seat: str
    path: str
    title: str
    sentence: str
    first_act: str
    role: str


CREW_ROLE = "responder"  # of whoever takes the seat of a unit
PHONES = "phones"
OFFERS = (
    Offer(
        "calls:1", "/calls", "Calls", "Answer 911 calls and write down what happened where.",
        "Answer the call that rings longest, type the address as you hear it, and send it to dispatch.", "call_taker",
    ),
    Offer(
        "dispatch:2", "/dispatch", "Dispatch, EMS", "Send ambulances, and keep the times of every one of them.",
        "Select the waiting incident on top, read why these units are proposed, and send them.", "dispatcher",
    ),
    Offer(
        "dispatch:3", "/dispatch", "Dispatch, fire", "Send engines, ladders and chiefs, and keep the city covered.",
        "Select an alarm, and see what the plan sends and which station that leaves empty.", "dispatcher",
    ),
    Offer(
        "dispatch:1", "/dispatch", "Dispatch, police", "Send patrols to what is urgent, and hold what can wait.",
        "Look which incidents wait for a patrol, and send the nearest to the most urgent.", "dispatcher",
    ),
    Offer(
        "supervisor", "/supervisor", "Supervisor", "Watch load and times against the standard, and who sits where.",
        "Choose the last hour, then an interval marked ✕: see which standard it misses, and by how much.", "supervisor",
    ),
    Offer(
        "field", "/field", "Field", "The page of a crew on its phone: my incident, my route, my status.",
        "Choose a unit that is on its way, read where it goes, and press the status that comes next.", CREW_ROLE,
    ),
    Offer(
        "overview", "/overview", "Overview", "The city today: what came in, and how fast it was answered.",
        "Open any figure: it shows its definition and what it was computed from.", "supervisor",
    ),
    Offer(
        "time", "/time", "Time machine", "Any seat as it was at any second that has passed.",
        "Draw the slider back a quarter of an hour, select an incident, and let its timeline lead you.", "supervisor",
    ),
    Offer(
        PHONES, "/phones", "Phones", "The city's telephones: who has which number, and what a call would become.",
        "Open the dial plan and try a number: it says where the call would go, and which rule says so.", "switchboard",
    ),
    Offer(
        "admin", "/admin", "Administration", "People and roles, response plans, codes, units, closed roads.",
        "Close a road: pick it on the map, say why; the next recommendation goes around it.", "administrator",
    ),
)  # fmt: skip
BY_SEAT = {offer.seat: offer for offer in OFFERS}
