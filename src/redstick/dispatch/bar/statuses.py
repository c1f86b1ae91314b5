"""What a status is called: by the agency's own table, by its code, or in plain words. Never by what comes near.

The agency's table decides. A plain word counts only where the table does not use it, and a word that means one thing in
one center and another in the next (`AR`) only where the agency has said which.
"""

from redstick.dispatch.status_table import AMBIGUOUS, Status, StatusTable

S = Status
LONGEST = 4  # words of a status

# Words that people say for the canonical statuses (dispatch reference, section 2); two where they say it for both.
PLAIN: dict[str, tuple[Status, ...]] = {
    "AR": (S.ONS, S.AR),  # arrived here, available there
    "OFF DUTY": (S.OFF,), "SIGNED ON": (S.LOG,), "LOGGED ON": (S.LOG,), "IN QUARTERS": (S.AQ,), "ON RADIO": (S.AR,),
    "AVAILABLE": (S.AQ, S.AR), "AVAILABLE IN QUARTERS": (S.AQ,), "AVAILABLE ON RADIO": (S.AR,), "MOVING UP": (S.MVU,),
    "ASSIGNED": (S.ASG,), "ALERTED": (S.DSP,), "DISPATCHED": (S.DSP,), "ACKNOWLEDGED": (S.ACK,), "EN ROUTE": (S.ENR,),
    "ENROUTE": (S.ENR,), "RESPONDING": (S.ENR,), "STAGED": (S.STG,), "STAGING": (S.STG,), "ON SCENE": (S.ONS,),
    "ARRIVED": (S.ONS,), "PATIENT CONTACT": (S.PTC,), "WITH PATIENT": (S.PTC,), "WITH THE PATIENT": (S.PTC,),
    "TRANSPORTING": (S.TRN,), "AT HOSPITAL": (S.HSP,), "CANCELLED": (S.CAN,), "CANCELED": (S.CAN,),
    "RETURNING": (S.CLR,), "CLEAR": (S.CLR,), "SELF-INITIATED": (S.SELF,), "ON BREAK": (S.MEAL,),
    "OUT OF SERVICE": (S.OOS,),
}  # fmt: skip


def meanings(table: StatusTable, said: str, kind: str) -> tuple[Status, ...]:
    """Every status that a word may mean to a unit of a kind: none where it is no status, two where it is not clear."""
    word = " ".join(said.upper().split())
    own = table.kinds.get(kind, table.words)
    if word in own:
        return (own[word],)
    if word in AMBIGUOUS:
        return PLAIN[word]
    code = table.read(word, kind)
    return (code,) if code is not None else PLAIN.get(word, ())


def plainest(status: Status) -> str:
    """A word for a status that is never two things, where no table says otherwise: its code, but for `AR`."""
    return "on radio" if status is Status.AR else status.lower()
