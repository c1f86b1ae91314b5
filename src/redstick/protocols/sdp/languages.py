"""In which languages a caller can be served (RFC 8373): what each stream says its side speaks, and understands."""

import re

from redstick.protocols.sdp.session import Session

SAID = ("hlang-send", "hlang-recv")  # what the caller speaks comes before what the caller understands
MOST = 16
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def languages_of(session: Session) -> tuple[str, ...]:
    """Tags of BCP 47 of every stream that is not declined, each once, the most wanted first, without what is no tag.

    The asterisk behind a list says that the call is wanted in any language. We take every call, so it changes nothing.
    """
    wanted = (
        tag
        for name in SAID
        for media in session.media
        if media.port
        for value in media.all(name)
        for tag in value.replace("*", " ").split()
        if _TAG.fullmatch(tag)
    )
    return tuple(dict.fromkeys(wanted))[:MOST]
