"""The text that a body holds: plain, or plain in an envelope (CPIM, RFC 3862)."""

CHARSETS = {"utf-8": "utf-8", "us-ascii": "utf-8", "iso-8859-1": "latin-1"}
PLAIN, ENVELOPE = "text/plain", "message/cpim"


def text_of(kind: str, body: bytes) -> str | None:
    """What a body of a media type says, as written in Content-Type; None where it is no text that can be read."""
    name, *parameters = kind.split(";")
    said = dict(map(_pair, parameters))
    if name.strip().lower() == ENVELOPE:
        return _within(body)
    charset = CHARSETS.get(said.get("charset", "utf-8"))
    return body.decode(charset, errors="replace") if name.strip().lower() == PLAIN and charset is not None else None


def _within(body: bytes) -> str | None:
    """Headers of the envelope, an empty line, headers of what is in it, an empty line, and that (section 2)."""
    _, first, rest = body.replace(b"\r\n", b"\n").partition(b"\n\n")
    head, second, text = rest.partition(b"\n\n")
    if not first or not second:
        return None
    lines = (line.partition(":") for line in head.decode(errors="replace").split("\n"))
    kind = next((value.strip() for name, _, value in lines if name.strip().lower() == "content-type"), PLAIN)
    return None if kind.partition(";")[0].strip().lower() == ENVELOPE else text_of(kind, text)


def enveloped(text: str, sender: str, to: str) -> bytes:
    """A text in an envelope. Raises ValueError for an address that would break out of its line."""
    if any(sign in sender + to for sign in "\r\n<>"):
        raise ValueError("a line break or a bracket in an address")
    head = f"From: <{sender}>\r\nTo: <{to}>\r\n\r\nContent-Type: {PLAIN};charset=UTF-8\r\n\r\n"
    return (head + text).encode()


def _pair(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.strip().lower(), value.strip().strip('"').lower()
