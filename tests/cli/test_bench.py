"""`redstick bench`: figures with their limits, by suite."""

from redstick.cli.bench import line, suites


def test_a_suite_that_is_none_is_a_misuse(run):
    """The line names those that there are."""
    done = run("bench", "nonsense")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert {"geo", "travel", "first_hour", "core"} <= set(suites())
    assert all(name in done.err for name in suites())


def test_a_figure_stands_beside_its_limit():
    """One line for a person: the value, its limit by name, how they compare and on how many it stands."""
    figure = {"name": "rank", "value": 12.0, "unit": "ms", "limit": 24.0, "limit_name": "twice the peer", "n": 100}
    said = line({**figure, "ratio": 0.5})
    assert all(part in said for part in ("rank", "12 ms", "limit 24 twice the peer", "ratio 0.5", "n=100"))
    assert "ratio" not in line({**figure, "ratio": None})
