"""What a study assumes of calls, of work on them and of speed: plain values, told in a report as they stand here."""

from collections.abc import Sequence
from dataclasses import dataclass

HOURS = 24


@dataclass(frozen=True)
class Priority:
    """A kind of call: its share of all, the response that is in time in seconds, and the mode of travel to it."""

    name: str
    share: float
    target_s: float
    mode: int


def check_hours(by_hour: Sequence[float]) -> None:
    """Raise ValueError unless these are factors of the hours of a day."""
    if len(by_hour) != HOURS or min(by_hour) < 0 or abs(sum(by_hour) / HOURS - 1) > 1e-9:
        raise ValueError("by_hour must have 24 factors, none below 0, of mean 1")


@dataclass(frozen=True)
class Setting:
    """Means in seconds. `by_hour` multiplies the rate of calls in each hour of the day; its mean is 1.

    Dispatch takes `dispatch_s` for every call, turnout `turnout_s` for a unit that stands at a post. Time on scene is
    exponential; a share `transported` goes to the nearest hospital, where handing over follows Weibull's law.
    """

    calls_an_hour: float
    priorities: tuple[Priority, ...]
    dispatch_s: float
    on_scene_s: float
    transported: float
    handover_shape: float
    handover_scale_s: float
    warm_up_days: float = 1.0
    days: float = 14.0
    turnout_s: float = 0.0
    by_hour: tuple[float, ...] = (1.0,) * HOURS

    def __post_init__(self) -> None:
        """Refuse what cannot be: shares that do not add up, a day that has not 24 hours of mean 1."""
        if abs(sum(one.share for one in self.priorities) - 1) > 1e-9:
            raise ValueError("the shares of the priorities must add up to 1")
        check_hours(self.by_hour)
        if self.calls_an_hour <= 0 or self.days <= 0 or self.warm_up_days < 0 or not 0 <= self.transported <= 1:
            raise ValueError("calls an hour and days must be above 0, and the transported share from 0 to 1")
