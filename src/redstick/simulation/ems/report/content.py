"""What the report says, in plain words and rows: the same for page and paper."""

from dataclasses import dataclass
from math import gamma

from redstick import __version__
from redstick.simulation.ems.measuring import Comparison, Interval, Measured
from redstick.simulation.ems.opening import Study

TITLES = {
    "static": "As deployed",
    "even": "Spread evenly",
    "mexclp": "Best fixed posts",
    "dmexclp": "Moving posts",
}
PRIORITIES = {"highPriority": "high priority", "medPriority": "medium priority", "lowPriority": "low priority"}
CERTAIN = "95\N{NO-BREAK SPACE}%"
PUBLISHED_GAIN = 0.168  # Jagtenberg, Bhulai and van der Mei, 2015: relative, an urban case, against a static solution


@dataclass(frozen=True)
class Content:
    """A study and what came of it; `place` is the name shown."""

    place: str
    study: Study
    comparison: Comparison

    @property
    def first(self) -> Measured:
        """What the others are held against."""
        return self.comparison.measured[0]

    def head(self) -> tuple[str, str]:
        """Title and subtitle."""
        first, days = self.first, self.study.setting.days
        plans = f"{len(self.comparison.measured)} plans over the same {first.n_calls:,} made-up calls"
        return (
            f"Where should {self.place}’s {sum(first.placed)} ambulances stand?",
            f"{plans}, {first.replications} times {days:g} days",
        )

    def facts(self) -> list[tuple[str, str]]:
        """The figures set large: the late fraction under each plan."""
        return [(f"Late, {title(one).lower()}", percent(one.late.mean)) for one in self.comparison.measured]

    def findings(self) -> list[str]:
        """One sentence for each plan beside the first, saying only what its interval allows."""
        first = self.first
        late = f"{title(first)}: {percent(first.late.mean)} of calls are late ({CERTAIN} interval {band(first.late)})."
        return [late, *(self._finding(one) for one in self.comparison.measured[1:]), self._out_of_reach()]

    def _out_of_reach(self) -> str:
        """What no placement can change, since it lies too far from every post, empty ones included."""
        has, ground = self.study.setting, self.study.ground
        share = 0.0
        for one in has.priorities:
            reach = ground.post_to_cell_s(one.mode) <= one.target_s - has.dispatch_s - has.turnout_s
            share += one.share * float(ground.share[~reach.any(axis=0)].sum())
        return (
            f"{percent(share)} of calls lie where a unit cannot be in time from any of the {len(ground.posts)} posts: "
            "only other posts or faster roads would reach them, no plan for these."
        )

    def _finding(self, one: Measured) -> str:
        if one.against is None:
            raise ValueError("only the first plan has nothing to be held against")
        gain = self.comparison.relative_gain(one)
        if one.late_by_replication == self.first.late_by_replication and one.placed == self.first.placed:
            return (
                f"{title(one)}: the very posts of “{title(self.first).lower()}”, so the same {percent(one.late.mean)}."
            )
        if one.against.low <= 0 <= one.against.high:
            change = f"no difference from “{title(self.first).lower()}” that these replications can show"
        else:
            word = "fewer" if one.against.mean < 0 else "more"
            change = (
                f"{percent(abs(gain.mean))} {word} late calls than “{title(self.first).lower()}” "
                f"(relative, {CERTAIN} interval {abs_band(gain)})"
            )
        return (
            f"{title(one)}: {percent(one.late.mean)} late; {change}. "
            f"Fewer were late in {one.better_in} of {one.replications} replications."
        )

    def published(self) -> str:
        """How the study compares with what is published, where it holds a moving plan."""
        moving = next((one for one in self.comparison.measured if one.policy == "dmexclp"), None)
        if moving is None or moving.against is None:
            return ""
        gain = self.comparison.relative_gain(moving)
        same = "the same direction" if gain.low > 0 else "no gain that can be told from luck" if gain.high > 0 else (
            "the other direction")  # fmt: skip
        size = f", {'smaller' if gain.mean < PUBLISHED_GAIN else 'no smaller'} in size" if gain.low > 0 else ""
        return (
            f"Jagtenberg, Bhulai and van der Mei (2015) report {percent(PUBLISHED_GAIN)} fewer late calls, relative, "
            f"for moving by this rule in an urban case. Here it is {percent(gain.mean)} ({band(gain)}): {same}{size}. "
            "City, roads, demand, staffing and targets are others, so equal numbers are neither expected nor claimed."
        )

    def late_rows(self) -> tuple[list[str], list[list[str]]]:
        """Late fractions of all plans."""
        names = [one.name for one in self.study.setting.priorities]
        head = ["Plan", "late", "95 % interval", *(f"{PRIORITIES.get(name, name)}" for name in names), "mean", "90 %"]
        rows = [
            [title(one), percent(one.late.mean), band(one.late)]
            + [percent(one.late_by_priority.get(name, 0.0)) for name in names]
            + [clock(one.mean_response_s), clock(one.p90_s)]
            for one in self.comparison.measured
        ]
        return head, rows

    def cost_rows(self) -> tuple[list[str], list[list[str]]]:
        """What each plan asks of crews."""
        head = ["Plan", "moves an hour", "moves a unit and day", "empty driving, unit-hours a day", "calls that waited"]
        units = sum(self.first.placed)
        rows = [
            [title(one), f"{one.moves_per_hour:.2f}", f"{one.moves_per_hour * 24 / units:.1f}",
             f"{one.empty_hours_per_hour * 24:.0f}", f"{one.waited * 100:.2f}\N{NO-BREAK SPACE}%"]
            for one in self.comparison.measured
        ]  # fmt: skip
        return head, rows

    def post_rows(self) -> tuple[list[str], list[list[str]]]:
        """Units at each post at the start, under each plan."""
        head = ["Post", *(title(one) for one in self.comparison.measured)]
        rows = [
            [name, *(str(one.placed[post]) for one in self.comparison.measured)]
            for post, name in enumerate(self.study.post_names)
        ]
        return head, rows

    def assumptions(self) -> list[str]:
        """What the study takes for granted, from its settings as they are."""
        return [*self._of_calls(), *self._of_work(), *self._of_the_method()]

    def _of_calls(self) -> list[str]:
        has = self.study.setting
        flat = "the same at every hour" if len(set(has.by_hour)) == 1 else "by the hour of the day as given"
        calls = (
            f"Calls: {has.calls_an_hour * 24:.0f} a day at random moments, {flat}; where people live, by cells of "
            f"about 500 m of the given raster ({len(self.study.ground.share):,} cells)."
        )
        kinds = [
            f"{percent(one.share)} of calls are of {PRIORITIES.get(one.name, one.name)}: in time within "
            f"{one.target_s / 60:.0f} minutes, driven to {'with' if one.mode == 0 else 'without'} lights."
            for one in has.priorities
        ]
        return [calls, *kinds]

    def _of_work(self) -> list[str]:
        has = self.study.setting
        turnout = f"{has.turnout_s:.0f} s" if has.turnout_s else "none (the model gives none)"
        handover_s = has.handover_scale_s * gamma(1 + 1 / has.handover_shape)
        response = (
            f"The response runs from call to arrival: {has.dispatch_s:.0f} s of dispatch, turnout {turnout}, and "
            "the drive over the given main roads at their given speeds, without traffic."
        )
        work = (
            f"On scene {has.on_scene_s / 60:.0f} minutes on average (exponential); {percent(has.transported)} go to "
            f"the nearest of {len(self.study.ground.hospitals)} hospitals without lights; handing over takes "
            f"{handover_s / 60:.0f} minutes on average (Weibull)."
        )
        return [response, work]

    def _of_the_method(self) -> list[str]:
        has, first = self.study.setting, title(self.first).lower()
        rule = (
            "The unit that is there first goes, of those that stand at a post or drive to one; a unit on its way to a "
            "call is not turned away. When none is free, calls wait: high priority first, then the oldest."
        )
        busy = (
            f"Expected coverage assumes every unit busy {percent(self.comparison.busy_assumed)} of the time, whatever "
            f"the others do (found in a first run); lived, it was {percent(self.first.busy)} under “{first}”."
        )
        left_out = (
            f"{'The first day' if has.warm_up_days == 1 else f'The first {has.warm_up_days:g} days'} of each "
            "replication fills the city and is not counted. No shift changes, breaks, cleaning, break-downs, second "
            "units or help from neighbours."
        )
        return [rule, busy, left_out]

    def certainty(self) -> list[str]:
        """How far the figures can be trusted, and by what."""
        paired = (
            f"Every plan meets the same calls, scenes and hand-overs (seed {self.comparison.seed}); a difference is "
            "taken within each replication before it is averaged, so the luck of the draw mostly cancels."
        )
        luck = (
            f"Intervals are Student’s at {CERTAIN}, over {self.first.replications} replications; they tell the luck of "
            "the draw only, not whether the assumptions hold in the real city."
        )
        relative = (
            "Compare the plans with each other, not with the city’s record: demand by residence, free roads and "
            "constant rates make every plan look different from a real week."
        )
        before = "Before posts change: replay the city’s own calls, fit travel times to its own drives, ask the crews."
        return [paired, luck, relative, before]

    def colophon(self) -> str:
        """By what it was made and from what."""
        return (
            f"Made by Redstick {__version__} from a published model of the city; roads © OpenStreetMap contributors "
            f"(ODbL), population from Statistics Canada, model of JEMSS.jl (Apache-2.0). Seed {self.comparison.seed}."
        )


def title(one: Measured) -> str:
    """A plan's name for people."""
    return TITLES.get(one.policy, one.policy)


def percent(value: float) -> str:
    """A share with one decimal."""
    return f"{value * 100:.1f}\N{NO-BREAK SPACE}%".replace("-", "\N{MINUS SIGN}")


def band(of: Interval) -> str:
    """An interval in percent."""
    return f"{of.low * 100:.1f} to {of.high * 100:.1f}\N{NO-BREAK SPACE}%".replace("-", "\N{MINUS SIGN}")


def abs_band(of: Interval) -> str:
    """An interval that does not cross 0, without its sign."""
    low, high = sorted((abs(of.low), abs(of.high)))
    return f"{low * 100:.1f} to {high * 100:.1f}\N{NO-BREAK SPACE}%"


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
