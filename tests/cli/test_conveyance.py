"""The settings of the conveyance service: what is wrong with them is said before anything is opened."""

import pytest

GOOD = """
element = "cad.parish.example"
port = 0
certificate = "ours.pem"
key = "ours.key"
authorities = "pca.pem"
[agency]
id = "ecc.parish.example"
types = ["psap"]
roles = ["CallReceiving"]
"""


@pytest.fixture
def refused(run, tmp_path):
    """What `redstick serve` says of settings that are wrong, with files beside them that are no certificates."""

    def refused(text):
        for name in ("ours.pem", "ours.key", "pca.pem"):
            (tmp_path / name).write_text("nothing")
        (tmp_path / "settings.toml").write_text(text)
        done = run("serve", "--data", tmp_path / "data", "--port", "0", "--conveyance", tmp_path / "settings.toml")
        assert done.code == 2
        return done.err

    return refused


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('element = "cad.parish.example"', "", "element"),
        ("port = 0", 'port = "many"', "$.port"),
        ("[agency]", 'colour = "red"\n[agency]', "colour"),
        ('"ours.key"', '"none.key"', "none.key"),
        ("port = 0", "port = ", "settings.toml"),
    ],
)
def test_a_fault_in_the_settings_is_named(refused, old, new, named):
    """Exit code 2 and one line: a missing, wrong or unknown entry, or a file that is not there."""
    assert named in refused(GOOD.replace(old, new))


def test_certificates_that_are_none_are_said(refused):
    """Before a port is taken."""
    assert "certificates" in refused(GOOD)
