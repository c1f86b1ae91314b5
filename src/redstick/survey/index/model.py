"""What an edition declares: indicators, groups, weights, and one method for each stage. Plain values, no behaviour."""

from typing import Literal

from msgspec import Struct

ImputeMethod = Literal["none", "mean", "median", "group-mean", "group-median", "row-mean", "constant", "regression"]
TreatMethod = Literal["none", "winsorise", "log", "box-cox"]
NormaliseMethod = Literal["none", "min-max", "z-score", "rank", "percentile", "share-of-best", "goalposts"]
WeighMethod = Literal["given", "equal", "pca", "critic"]
AggregateMethod = Literal["arithmetic", "geometric", "harmonic", "copeland", "sum"]
RoundingMethod = Literal["none", "half-up", "half-even", "half-down", "floor", "ceiling"]
TieStyle = Literal["competition", "dense"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """How the answers stand in their table.

    `id` names the column of the place, `places_id` that of a roster, where it has another name. `repeated_by` names a
    column whose values (`repeats`, or all that occur, in order) repeat every question: one row for each place and
    repeat. `where` keeps rows whose columns say so.
    `missing` are the texts that mean "no answer", beside the empty cell.
    """

    id: str = "id"
    places_id: str = ""
    name: str = ""
    repeated_by: str = ""
    repeats: tuple[str, ...] = ()
    where: dict[str, str] = {}
    missing: tuple[str, ...] = ("NA", "N/A", "n/a")


class Indicator(Struct, frozen=True, forbid_unknown_fields=True):
    """One figure or answer of each place.

    `direction` -1 means that less is better. `levels` gives the value of each literal answer. `judged` names the level
    of measurement of judges' ratings, which then take the place of a column. `completion` makes it required and never
    ranked. `worst` and `best` are its goalposts. `repeated` is the question of which it is one repeat.
    """

    id: str
    parent: str
    name: str = ""
    weight: float = 1.0
    direction: Literal[1, -1] = 1
    column: str = ""
    denominator: str = ""
    scale: float = 1.0
    levels: dict[str, float] = {}
    judged: Level | None = None
    completion: bool = False
    worst: float | None = None
    best: float | None = None
    repeated: str = ""


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of indicators or groups; the one without a parent is the index.

    `weights_sum`, when given, is what the weights of its children must add up to. `method` replaces the model's
    aggregation. `repeated` marks the group that holds the questions of one repeat.
    """

    id: str
    parent: str = ""
    name: str = ""
    weight: float = 1.0
    weights_sum: float | None = None
    method: AggregateMethod | None = None
    repeated: bool = False
    missing_as: float | None = None


class Impute(Struct, frozen=True, forbid_unknown_fields=True):
    """How a missing figure is filled; `group` names the column of the groups for the two group methods."""

    method: ImputeMethod = "none"
    group: str = ""
    constant: float = 0.0


class Treat(Struct, frozen=True, forbid_unknown_fields=True):
    """How a skewed column is treated: at most `limit` points winsorised, then `otherwise`.

    A column passes when |skewness| < `skew` or excess kurtosis < `kurtosis` (sample estimators G1 and G2).
    """

    method: TreatMethod = "none"
    limit: int = 5
    skew: float = 2.0
    kurtosis: float = 3.5
    otherwise: Literal["none", "log", "box-cox"] = "log"


class Normalise(Struct, frozen=True, forbid_unknown_fields=True):
    """How figures are brought to one scale: [low, high], or `mean` and `sd` for the z-score.

    `constant` says what a column without any difference becomes: the middle of the scale, missing, or a fault.
    """

    method: NormaliseMethod = "none"
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    constant: Literal["middle", "missing", "fault"] = "middle"


class Weigh(Struct, frozen=True, forbid_unknown_fields=True):
    """How parts of a group are weighed: as given, all equally, or by what the normalised figures themselves show.

    `pca`: squared loadings on the first principal component of a group's parts (OECD/JRC Handbook, 6.1). `critic`:
    deviation times conflict with the other parts, sigma_j sum_k (1 - r_jk) (Diakoulaki et al. 1995). Both leave the
    given weights where a group has one part or fewer than three places.
    """

    method: WeighMethod = "given"


class Allocation(Struct, frozen=True, forbid_unknown_fields=True):
    """The points that one person allotted to indicators and groups; a budget allocation is the mean of several."""

    judge: str
    points: dict[str, float]


class Aggregate(Struct, frozen=True, forbid_unknown_fields=True):
    """How children become their parent; below `data_share` of its children present a parent is missing."""

    method: AggregateMethod = "arithmetic"
    data_share: float = 0.0


class Ranking(Struct, frozen=True, forbid_unknown_fields=True):
    """Declared rounding, which of the two scores is ranked, and the tie style.

    `competition`: tied places share the lower number and the next is skipped (1, 2, 2, 4). `dense`: none is skipped
    (1, 2, 2, 3). Two unrounded scores within `tolerance` of each other are tied. `tie_breakers` are groups or
    indicators compared in turn between tied places, more being better; places equal in all of them stay tied. `top` is
    the number of places honoured; all tied at the cut are.
    """

    rounding: RoundingMethod = "none"
    digits: int = 0
    on: Literal["rounded", "unrounded"] = "rounded"
    ties: TieStyle = "competition"
    tolerance: float = 1e-9
    tie_breakers: tuple[str, ...] = ()
    top: int = 10


class Class(Struct, frozen=True, forbid_unknown_fields=True):
    """A class of places, by population from `least` (inclusive) up to the next class."""

    name: str
    least: float = 0.0


class Classes(Struct, frozen=True, forbid_unknown_fields=True):
    """The column that sorts places into classes, its source and date, and the classes; each is ranked by itself."""

    column: str
    bands: tuple[Class, ...]
    source: str = ""


class Judges(Struct, frozen=True, forbid_unknown_fields=True):
    """How ratings become one figure, and below which alpha an agreement is flagged."""

    combine: Literal["mean", "median"] = "mean"
    alert: float = 0.667


class Uncertainty(Struct, frozen=True, forbid_unknown_fields=True):
    """The choices that a run varies, each independently; what is not declared keeps its nominal method.

    `weights` multiplies each weight by 1 + U(-weights, weights), on `weights_on`, rescaled to its parent's sum;
    `allocations` draws them from panels of those who allotted points; `weigh` names other ways of weighing.
    `judge_panels` is the number of bootstrap panels of judges; `answer_panels` of sets with `answers_lost` of the
    answers taken away at random.
    """

    weights: float = 0.0
    weights_on: Literal["indicators", "groups", "all"] = "all"
    allocations: bool = False
    weigh: tuple[WeighMethod, ...] = ()
    impute: tuple[Impute, ...] = ()
    treat_limits: tuple[int, ...] = ()
    normalise: tuple[Normalise, ...] = ()
    aggregate: tuple[AggregateMethod, ...] = ()
    judge_panels: int = 0
    answers_lost: float = 0.0
    answer_panels: int = 8


class IndexModel(Struct, frozen=True, forbid_unknown_fields=True):
    """One edition of an index, whole: what is asked, how it is weighed, and how it is scored and ranked."""

    name: str
    indicator: tuple[Indicator, ...]
    group: tuple[Group, ...]
    edition: str = ""
    source: str = ""
    table: Table = Table()
    impute: Impute = Impute()
    treat: Treat = Treat()
    normalise: Normalise = Normalise()
    weigh: Weigh = Weigh()
    allocations: tuple[Allocation, ...] = ()
    aggregate: Aggregate = Aggregate()
    ranking: Ranking = Ranking()
    judges: Judges = Judges()
    classes: Classes | None = None
    uncertainty: Uncertainty = Uncertainty()

    @property
    def elements(self) -> tuple[Indicator | Group, ...]:
        """Indicators, then groups, as declared."""
        return (*self.indicator, *self.group)
