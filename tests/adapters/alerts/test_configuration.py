"""Who carries which path, from a file."""

import pytest

from redstick.adapters.alerts.configuration import Unusable, read_paths
from redstick.dispatch.alerting.paths import PathKind

WHOLE = """
[webhook]
paths = ["station", "pager"]
url = "https://provider.example/alerts"
token_file = "token"
[email]
host = "mail.city.example"
sender = "cad@city.example"
login = "cad"
password_file = "password"
"""


def test_each_path_has_its_provider(tmp_path):
    """Secrets are read from files beside it."""
    (tmp_path / "token").write_text("t\n")
    (tmp_path / "password").write_text("p\n")
    (tmp_path / "alerting.toml").write_text(WHOLE)
    paths = read_paths(tmp_path / "alerting.toml")
    assert set(paths) == {PathKind.STATION, PathKind.PAGER, PathKind.EMAIL}
    assert paths[PathKind.STATION] is paths[PathKind.PAGER]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE, "token"),
        ("[webhook", "Expected"),
        ("[pigeon]\n", "pigeon"),
        ('[webhook]\npaths = ["radio"]\n', "voiced by a person"),
        ('[webhook]\npaths = ["smoke"]\n', "smoke"),
        ("[email]\nhost = 7\n", "email"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path, text, said):
    """A secret that is not there, no TOML, no such section, path or kind of value; radio is a person's."""
    file = tmp_path / "alerting.toml"
    file.write_text(text)
    with pytest.raises(Unusable, match=said):
        read_paths(file)
