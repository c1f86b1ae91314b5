"""Cursor on Target out: its settings.

```toml
element = "cad.parish.example"        # this system's domain name; ids of events end in it

[[receivers]]
host = "192.0.2.7"
port = 4242
audience = "field"                    # or "public": incidents alone, as the disclosure lets them be told

[disclosure]                          # what the public is told; without it the defaults hold
delay_ms = 900000
withheld = ["Domestic disturbance"]
```
"""

from ipaddress import IPv4Address
from pathlib import Path

import msgspec

from redstick.cli.errors import Misuse
from redstick.dispatch.exchange.public import Disclosure
from redstick.server.cot import Receiver


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says."""

    element: str
    receivers: tuple[Receiver, ...]
    disclosure: Disclosure = Disclosure()


def read_settings(path: Path) -> Settings:
    """The settings of a file. Raises Misuse, naming what is wrong."""
    try:
        said = msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise Misuse(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: {error}") from error
    for one in said.receivers:
        try:
            IPv4Address(one.host)
        except ValueError as error:
            raise Misuse(f"{path}: receivers: host {one.host!r}: expected an IPv4 address") from error
        if not 0 < one.port < 65536:
            raise Misuse(f"{path}: receivers: port {one.port}: expected 1 to 65535")
    return said
