"""Drafting a column map from an export: by what its columns are called, and by what stands in them.

A name alone decides nothing: a stamp must hold moments, a unit must look like units, a latitude must lie on the globe.
What the file cannot tell is asked, with what was seen; see `drafts`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from redstick.dispatch.history.column_map import ColumnMap, FileForm, PlaceSource, StampSource
from redstick.dispatch.history.date_forms import Cells, form
from redstick.dispatch.history.drafts import Doubt, Draft
from redstick.dispatch.history.json_records import outer_names
from redstick.dispatch.history.model import CATEGORIES, I64, MISSING_MS, STAMPS
from redstick.dispatch.history.opening import guess_kind
from redstick.dispatch.history.profiles import Profile, Sample, date_verdict, sample_file
from redstick.dispatch.history.synonyms import category_score, place_score, says_time, stamp_score, words
from redstick.dispatch.history.zone_candidates import zone_candidates

BACKWARDS_MAX = 0.05  # a pair of stamps that runs backwards more often than this was probably mistaken
_DECIMAL = re.compile(r"[-+]?\d+(?:\.\d+)?")
NAMED = 2.0  # the score from which a header names the thing, rather than mentioning it


def guess(path: Path) -> Draft:
    """Draft the column map of an export. Raises HistoryError where the file cannot be read at all."""
    kind = guess_kind(path)
    records, outer = outer_names(path) if kind == "jsonl" else ("", [])
    file = FileForm(kind=kind, records=records) if records else FileForm()
    return _Drafting(path, file, sample_file(path, file), outer).draft()


class _Drafting:
    """One draft as it grows: columns are taken once, doubts are collected."""

    def __init__(self, path: Path, file: FileForm, sample: Sample, outer: Sequence[str]) -> None:
        self.path, self.file, self.sample, self.outer = path, file, sample, outer
        self.columns = sample.columns
        self.taken: set[str] = set()
        self.unsure: list[Doubt] = []
        self.forms: dict[tuple[str, ...], tuple[str, ...]] = {}

    def draft(self) -> Draft:
        snapshot_time = self.snapshot_time()
        place = self.place()
        stamps = self.stamps()
        categories = self.categories()
        found = ColumnMap(
            source=self.path.name.split(".")[0].replace("_", " "),
            one_row_per="snapshot" if snapshot_time else "call",
            time_zone="",
            file=self.file,
            categories={name: (column,) for name, column in categories.items()},
            place=place,
            snapshot_time=snapshot_time,
        )
        found = self.dated(found, stamps)
        found = self.rows(found)
        self.ask_zone(place)
        self.ask_order(stamps)
        self.ask_rest(found)
        used = {*found.source_columns}
        unused = [name for name in self.columns if name not in used]
        return Draft(found, self.unsure, unused, len(self.sample.rows), self.sample.whole)

    def ask(self, column: str, question: str, evidence: str, where: str) -> None:
        self.unsure.append(Doubt(column, question, evidence, where))

    def assign(
        self, targets: Iterable[str], score: Callable[[str, str], float], fits: Callable[[str, Profile], bool]
    ) -> dict[str, str]:
        """The best column for each target, each column once; the best name first, ties by the order of the file."""
        offers = []
        for rank, (name, column) in enumerate(self.columns.items()):
            for target in targets:
                points = score(target, name) if name not in self.taken and column.n_filled else 0.0
                if points and fits(target, column):
                    offers.append((-points, rank, target, name))
        found: dict[str, str] = {}
        for _, _, target, name in sorted(offers):
            if target not in found and name not in self.taken:
                found[target] = name
                self.taken.add(name)
        return found

    def snapshot_time(self) -> str:
        """The column, around the records of a feed, that says when each snapshot was taken."""
        if not self.file.records:
            return ""
        moments = [name for name in self.outer if name in self.columns and self.columns[name].holds_moments]
        if not moments:
            self.ask("", "When was each snapshot taken? Say it in rows.snapshot_time.", "", "rows.snapshot_time")
            return ""
        self.taken.add(moments[0])
        return moments[0]

    def place(self) -> PlaceSource:
        def fits(part: str, column: Profile) -> bool:
            if part == "point":
                return column.points > 0.9
            limit = 180 if part == "longitude" else 90
            return column.numbers > 0.9 and max(abs(column.low or 0), abs(column.high or 0)) <= limit

        found = self.assign(("point", "longitude", "latitude"), place_score, fits)
        if "longitude" in found and "latitude" in found:
            if "point" in found:
                self.taken.discard(found["point"])
            return PlaceSource(longitude=found["longitude"], latitude=found["latitude"])
        if "point" in found:
            return self.point(found["point"])
        self.taken -= set(found.values())
        self.ask_projected()
        return PlaceSource()

    def point(self, column: str) -> PlaceSource:
        """Which of the two numbers is the latitude: the one that never leaves 90 degrees, else a person says."""
        firsts, seconds = [], []
        for cell in self.columns[column].cells:
            numbers = [float(text) for text in _numbers(cell)]
            if len(numbers) == 2:
                firsts.append(abs(numbers[0]))
                seconds.append(abs(numbers[1]))
        if max(firsts) > 90:
            return PlaceSource(point=column, order="longitude_latitude")
        if max(seconds) <= 90:
            self.ask(column, "Which number is the latitude? The first was taken.", "Both fit.", "place.point")
        return PlaceSource(point=column, order="latitude_longitude")

    def ask_projected(self) -> None:
        for name, column in self.columns.items():
            named = max(place_score("longitude", name), place_score("latitude", name))
            if named >= NAMED and column.numbers > 0.9 and max(abs(column.low or 0), abs(column.high or 0)) > 180:
                question = "These are no degrees; can it be exported as longitude and latitude (WGS 84)?"
                self.ask(name, question, f"Its numbers run from {column.low:,.0f} to {column.high:,.0f}.", "place")

    def stamps(self) -> dict[str, tuple[str, ...]]:
        """Stamps out of single columns that hold moments, then out of a day and a time of day."""

        def fits(stamp: str, column: Profile) -> bool:
            if not column.holds_moments or (column.holds_epochs and not says_time(column.name)):
                return False
            return stamp == "received" or bool(set(words(column.name)))

        found: dict[str, tuple[str, ...]] = {
            stamp: (name,) for stamp, name in self.assign(STAMPS, stamp_score, fits).items()
        }
        for stamp, pair in self.paired().items():
            found.setdefault(stamp, pair)
            self.taken |= set(pair) if found[stamp] == pair else set()
        if not found:
            self.ask("", "Which columns are the times of a call?", "No column holds a date with a time.", "stamps")
        elif "received" not in found:
            self.ask("", "When was the call received? No column was recognised.", "", "stamps.received")
        return {stamp: found[stamp] for stamp in STAMPS if stamp in found}

    def paired(self) -> dict[str, tuple[str, ...]]:
        """Stamps whose day and time of day stand in two columns."""
        days = [name for name, column in self.columns.items() if column.holds_days and name not in self.taken]
        found = self.assign(STAMPS, stamp_score, lambda _, column: column.time_of_day > 0.9)
        pairs: dict[str, tuple[str, ...]] = {}
        for stamp, time in found.items():
            own = [day for day in days if stamp_score(stamp, day) >= NAMED]
            if not own and not days:
                self.taken.discard(time)
                self.ask(time, "On which day? It holds times of day only.", "No column holds days.", "stamps")
                continue
            day = (own or days)[0]
            pairs[stamp] = (day, time)
            if not own:
                evidence = f"Taken with {day!r}; a call that runs past midnight would jump back by a day."
                self.ask(time, "On which day? It has no date of its own.", evidence, f"stamps.{stamp}")
        return pairs

    def categories(self) -> dict[str, str]:
        def fits(category: str, column: Profile) -> bool:
            if column.holds_days or (column.holds_moments and not column.holds_epochs) or column.points > 0.5:
                return False
            many = column.n_distinct >= 0.05 * column.n_filled
            if category in {"call", "incident"}:
                return many and (column.units < 0.5 or category_score(category, column.name) >= NAMED)
            if category == "unit":
                few = 3 < column.n_distinct < 0.25 * column.n_filled
                return column.units > 0.5 or (few and category_score("unit", column.name) >= NAMED)
            if category in {"priority", "final_priority"}:
                return column.n_distinct <= 50
            named = category_score(category, column.name) >= NAMED
            return category == "address" or named or not many

        found = self.assign(CATEGORIES, category_score, fits)
        if not {"call", "incident"} & found.keys():
            self.ask("", "Which column tells calls apart?", "None was recognised.", "columns.incident")
        return {name: found[name] for name in CATEGORIES if name in found}

    def dated(self, found: ColumnMap, stamps: Mapping[str, tuple[str, ...]]) -> ColumnMap:
        """The stamps with their date forms: the most common one for all, the others beside their stamps."""
        for columns in stamps.values():
            verdict = self.columns[columns[0]].dates if len(columns) == 1 else date_verdict(self.joined(columns))
            self.forms[columns] = verdict.forms
            if verdict.doubt:
                self.ask(" + ".join(columns), "In what form are its dates?", verdict.doubt + ".", "dates")
        usual = Counter(forms for forms in self.forms.values() if forms)
        common = max(usual, key=lambda forms: (usual[forms], forms)) if usual else ()
        dates = common
        if found.snapshot_time:
            dates = tuple(dict.fromkeys((*common, *self.columns[found.snapshot_time].dates.forms)))
        sources = {
            stamp: StampSource(columns, () if self.forms[columns] in {common, ()} else self.forms[columns])
            for stamp, columns in stamps.items()
        }
        return replace(found, dates=dates, stamps=sources)

    def rows(self, found: ColumnMap) -> ColumnMap:
        """What a row is, and what makes two rows the same thing."""
        unit = found.categories.get("unit", ("",))[0]
        separator = self.columns[unit].separator if unit else ""
        if separator:
            found = replace(found, split={"unit": separator})
        if found.snapshot_time:
            return self.snapshot_identity(found)
        thing = next((name for name in ("call", "incident") if name in found.categories), "")
        if not thing:
            return found
        identity = [cell.strip() for cell in self.columns[found.categories[thing][0]].cells]
        per_unit = bool(unit) and not separator and self.repeats_by_unit(identity, unit)
        key = (thing, "unit") if per_unit or separator else (thing,)  # units of one cell become rows of their own
        parts = zip(identity, self.columns[unit].cells, strict=True) if per_unit else identity
        self.ask_repeats(found, key, list(parts))
        return replace(found, one_row_per="unit" if per_unit else "call", key=key, repeats="merge")

    def repeats_by_unit(self, identity: Sequence[str], unit: str) -> bool:
        """Whether calls come back once for each unit."""
        rows_of = Counter(identity)
        pairs = set(zip(identity, (cell.strip() for cell in self.columns[unit].cells), strict=True))
        if len(rows_of) == len(identity):
            self.ask(unit, "Is this the only unit, or the first of several?", "No call comes twice.", "one_row_per")
            return False
        return len(pairs) > 0.9 * len(identity)

    def ask_repeats(self, found: ColumnMap, key: tuple[str, ...], parts: Sequence[object]) -> None:
        times = Counter(parts)
        repeated = {part for part, n in times.items() if n > 1}
        if not repeated:
            return
        at = [i for i, part in enumerate(parts) if part in repeated]
        by_part: dict[object, list[int]] = {}
        for i in at:
            by_part.setdefault(parts[i], []).append(i)
        differing = [
            name
            for name, column in self.columns.items()
            if any(len({column.cells[i] for i in group}) > 1 for group in by_part.values())
        ]
        evidence = f"{len(repeated):,} come more than once; their rows differ in {', '.join(differing) or 'nothing'}."
        column = " + ".join(found.categories[name][0] for name in key)
        question = "Is a repeated one the same thing, completed later? It was taken so."
        self.ask(column, question, evidence, "rows.key")

    def snapshot_identity(self, found: ColumnMap) -> ColumnMap:
        """What tells incidents apart in a feed: its own number if that stays with one call, else more columns."""
        number = found.categories.get("incident", found.categories.get("call", ("",)))[0]
        received = found.stamps["received"].columns if "received" in found.stamps else ()
        address = found.categories.get("address", ())
        if number and received:
            calls = set(zip(self.columns[number].cells, self.columns[received[0]].cells, strict=True))
            if len(calls) == len({cell for cell, _ in calls}):
                return found
            shared = sum(1 for n in Counter(cell for cell, _ in calls).values() if n > 1)
            evidence = f"{shared:,} of its {self.columns[number].n_distinct:,} values come with several call times"
            echo = self.echoed_coordinate(number, found.place)
            evidence += f"; it repeats the digits of {echo!r}." if echo else "."
            question = "It does not tell incidents apart; they were told apart by more columns."
            self.ask(number, question, evidence, "columns.incident")
        identity = tuple(dict.fromkeys(filter(None, (number, *received, *address))))
        categories = {name: columns for name, columns in found.categories.items() if name != "call"}
        ordered = {"incident": identity, **{name: c for name, c in categories.items() if name != "incident"}}
        return replace(found, categories=ordered)

    def echoed_coordinate(self, number: str, place: PlaceSource) -> str:
        """The coordinate column whose digits a number repeats, "" for none."""
        cells = self.columns[number].cells[:1000]
        for name in (place.latitude, place.longitude):
            if name:
                degrees = [float(cell or "nan") for cell in self.columns[name].cells[:1000]]
                for power in range(3, 8):
                    same = [cell == f"{degree * 10**power:.0f}" for cell, degree in zip(cells, degrees, strict=True)]
                    if sum(same) > 0.9 * len(same):
                        return name
        return ""

    def ask_zone(self, place: PlaceSource) -> None:
        middle = self.middle(place)
        if middle is None:
            evidence = "The file holds no positions that could suggest one."
        else:
            zones = ", ".join(zone_candidates(*middle))
            evidence = f"Its middle lies at {middle[1]:.3f}, {middle[0]:.3f}: {zones}."
        self.ask("", "In which time zone are these clocks?", evidence, "time_zone")

    def middle(self, place: PlaceSource) -> tuple[float, float] | None:
        """The median (longitude, latitude) of the sample."""
        if place.point:
            pairs = [_numbers(cell) for cell in self.columns[place.point].cells]
            points = [(float(pair[0]), float(pair[1])) for pair in pairs if len(pair) == 2]
            if place.order == "latitude_longitude":
                points = [(b, a) for a, b in points]
        elif place.longitude:
            cells = zip(self.columns[place.longitude].cells, self.columns[place.latitude].cells, strict=True)
            points = [(float(a), float(b)) for a, b in cells if a.strip() and b.strip() and _numbers(a) and _numbers(b)]
        else:
            points = []
        if not points:
            return None
        longitude, latitude = np.median(np.array(points), axis=0).tolist()
        return longitude, latitude

    def ask_order(self, stamps: Mapping[str, tuple[str, ...]]) -> None:
        """Neighbouring stamps that run backwards too often were probably taken for each other."""
        wall_ms = {stamp: self.moments(columns) for stamp, columns in stamps.items()}
        names = [name for name in stamps if name not in {"closed", "clear", "available"}]
        for earlier, later in pairwise(names):
            both = (wall_ms[earlier] != MISSING_MS) & (wall_ms[later] != MISSING_MS)
            back = float((wall_ms[later][both] < wall_ms[earlier][both]).mean()) if both.any() else 0.0
            if back > BACKWARDS_MAX:
                column = " + ".join(stamps[later])
                evidence = f"It comes before {' + '.join(stamps[earlier])!r} in {back:.0%} of the rows that have both."
                self.ask(column, f"Is this `{later}`?", evidence, f"stamps.{later}")

    def ask_rest(self, found: ColumnMap) -> None:
        """Columns that hold moments or units and were not recognised."""
        used = set(found.source_columns)
        received = self.moments(found.stamps["received"].columns) if "received" in found.stamps else None
        for name, column in self.columns.items():
            if name in used or not column.n_filled:
                continue
            if column.holds_moments and not column.holds_epochs:
                evidence = self.against(received, self.moments((name,))) if received is not None else ""
                if evidence:
                    self.ask(name, "It holds moments; what are they?", evidence, "stamps")
            elif column.units > 0.9 and "unit" not in found.categories and column.n_distinct > 3:
                self.ask(name, "Is this the unit?", f"Its {column.n_distinct} values look like units.", "columns.unit")

    def against(self, received: I64, moments: I64) -> str:
        """How a column of moments lies to the call's receipt; "" where it says the same."""
        both = (received != MISSING_MS) & (moments != MISSING_MS)
        if not both.any() or (received[both] == moments[both]).all():
            return ""
        gap_s = (moments[both] - received[both]) / 1000
        return f"Half of them lie {np.median(gap_s):,.0f} s or more after the call was received."

    def joined(self, columns: tuple[str, ...]) -> list[str]:
        cells = zip(*(self.columns[name].cells for name in columns), strict=True)
        return [" ".join(parts).strip() for parts in cells]

    def moments(self, columns: tuple[str, ...]) -> I64:
        """Wall times of a stamp over the sample; times with an offset are in UTC, near enough for an order."""
        forms = self.forms.get(columns) or self.columns[columns[0]].dates.forms
        return Cells(self.joined(columns)).read([form(name) for name in forms]).wall_ms


def _numbers(text: str) -> list[str]:
    """The decimal numbers of a text."""
    return _DECIMAL.findall(text)
