"""SIP messages to bytes. Content-Length is always written, and always true."""

from redstick.protocols.sip.messages import Message, Request, with_headers


def write_message(message: Message) -> bytes:
    """The bytes of a message. Raises ValueError for a value that would break out of its line."""
    if isinstance(message, Request):
        start = f"{message.method} {message.uri} {message.version}"
    else:
        start = f"SIP/2.0 {message.code} {message.reason}"
    headers = with_headers(message.headers, "Content-Length", str(len(message.body)))
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break within a header: it would be read as another header")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + message.body
