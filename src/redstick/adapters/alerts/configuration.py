"""Which provider carries which path: one TOML file beside the city.

```toml
[webhook]                       # a provider's HTTP interface, for any of the paths
paths = ["station", "pager", "mobile", "webhook"]
url = "https://provider.example/alerts"
token_file = "provider.token"   # beside this file; secrets stand in no configuration

[email]
host = "mail.city.example"
port = 587
sender = "cad@city.example"
starttls = true
login = "cad"
password_file = "mail.password"
```
"""

import tomllib
from pathlib import Path

import msgspec

from redstick.adapters.alerts.email import EmailPath
from redstick.adapters.alerts.webhook import Webhook
from redstick.dispatch.alerting.paths import PathKind
from redstick.dispatch.ports import AlertPath


class Unusable(Exception):  # noqa: N818  (it says what the file is, like the other faults of this house)
    """The file cannot be used; the message says where and why."""


class _Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    paths: list[PathKind]
    url: str = ""
    token_file: str = ""


class _Email(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str
    sender: str
    port: int = 587
    starttls: bool = True
    login: str = ""
    password_file: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    webhook: _Webhook | None = None
    email: _Email | None = None


def read_paths(file: Path) -> dict[PathKind, AlertPath]:
    """The providers by the path that they carry. Raises Unusable."""
    try:
        found = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _File)
        paths: dict[PathKind, AlertPath] = {}
        if found.webhook is not None:
            token = _secret(file, found.webhook.token_file)
            paths |= dict.fromkeys(found.webhook.paths, Webhook(found.webhook.url, token))
        if found.email is not None:
            email = found.email
            login = (email.login, _secret(file, email.password_file)) if email.login else None
            provider = EmailPath(email.host, email.port, email.sender, starttls=email.starttls, login=login)
            paths[PathKind.EMAIL] = provider
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Unusable(f"{file}: {error}") from error
    if PathKind.RADIO in paths:
        raise Unusable(f"{file}: radio is voiced by a person, no provider carries it")
    return paths


def _secret(file: Path, name: str) -> str:
    return (file.parent / name).read_text("utf-8").strip() if name else ""
