"""How busy units are: offered load, Erlang's formulas, the busy fraction that expected coverage is computed with."""


def erlang_b(load: float, units: int) -> float:
    """The share of calls that find every one of `units` busy, where such calls go elsewhere (mutual aid).

    `load` is calls an hour times hours a call. By the recurrence, which no number of units makes overflow.
    """
    _check(load, units)
    blocked = 1.0
    for count in range(1, units + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def erlang_c(load: float, units: int) -> float:
    """The share of calls that wait, where calls that find all units busy wait; 1 when there is more work than units."""
    _check(load, units)
    if load >= units:
        return 1.0
    blocked = erlang_b(load, units)
    return blocked / (1 - load / units * (1 - blocked))


def busy_fraction(calls_an_hour: float, hours_a_call: float, units: int, *, calls_wait: bool = True) -> float:
    """The share of its time that a unit is at work, all being equally busy; at most 1.

    Where calls wait all work is done by the units: load / units. Where they go elsewhere, what is blocked is not.
    """
    load = calls_an_hour * hours_a_call
    _check(load, units)
    done = load if calls_wait else load * (1 - erlang_b(load, units))
    return min(1.0, done / units) if units else 1.0


def _check(load: float, units: int) -> None:
    if load < 0 or units < 0:
        raise ValueError(f"load {load} and units {units} cannot be below 0")
