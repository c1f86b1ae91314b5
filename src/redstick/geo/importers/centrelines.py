"""Agency street centrelines with address ranges (GeoJSON, shapefile, geodatabase) as `Roads`, by a column map."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import shapely

from redstick.geo.importers.assemble import SegmentDraft, assemble, clean_line
from redstick.geo.importers.columns import RoadColumns, guess_columns
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.features import FeatureTable, read_features, to_e7
from redstick.geo.roads import BACKWARD_ONLY, BOTH_WAYS, FORWARD_ONLY, ROAD_CLASSES, Roads

KMH_PER_MPH = 1.609344
_RANGES = ("left_from", "left_to", "right_from", "right_to")


def import_centrelines(
    path: Path, columns: RoadColumns | None = None, *, layer: str | None = None, crs: str | None = None
) -> tuple[Roads, Intake]:
    """Read centrelines; without `columns` they are guessed and the doubts noted in the intake.

    Raises InputFault where the file cannot be read, holds no lines, or lacks a column that the map names.
    """
    table = read_features(path, layer=layer, crs=crs)
    return roads_of_table(table, columns)


def roads_of_table(table: FeatureTable, columns: RoadColumns | None) -> tuple[Roads, Intake]:
    """The same for a table that has been read already."""
    intake = Intake("roads", str(table.file))
    if columns is None:
        columns, doubts = guess_columns(table.columns)
        intake.notes += doubts
        if not columns.columns.name:
            expected = "a column map by --columns; --draft-columns writes one to start from"
            raise InputFault(table.file, "", doubts[0], expected)
    reader = _Reader(table, columns, intake)
    drafts = [draft for index in range(len(table)) for draft in reader.segments(index)]
    if not drafts:
        raise InputFault(table.file, "", f"none of its {len(table):,} features is a road", "lines")
    roads, strays = assemble(drafts, columns.attribution)
    if strays:
        intake.notes.append(f"{strays:,} ends lie over a metre off the node that the file declares; led to it")
    if reader.unread_ranges:
        intake.notes.append(f"{reader.unread_ranges:,} sides have house numbers that are no whole numbers; left empty")
    for code, count in sorted(reader.unknown_classes.items()):
        intake.notes.append(f"class {code!r} has no meaning in the column map ({count:,} segments): unknown")
    intake.taken = roads.segments
    return roads, intake


class _Reader:
    """Turns features into segment drafts and counts what it met on the way."""

    def __init__(self, table: FeatureTable, columns: RoadColumns, intake: Intake) -> None:
        self.table = table
        self.map = columns
        self.names = columns.columns
        self.intake = intake
        self.unread_ranges = 0
        self.unknown_classes: dict[str, int] = {}
        self.skip_values = {column: {str(value) for value in values} for column, values in columns.skip.items()}
        for name in (*self._named(), *columns.skip):
            table.column(name)

    def _named(self) -> list[str]:
        """Every column that the map names."""
        own = [getattr(self.names, key) for key in self.names.__struct_fields__]
        return [name for value in own for name in (value if isinstance(value, list) else [value]) if name]

    def segments(self, index: int) -> list[SegmentDraft]:
        """The segments of one feature: none where it is skipped, several where it has separate lines."""
        for column, values in self.skip_values.items():
            if self.table.text(column, index) in values:
                self.intake.skip(f"{column} is {self.table.text(column, index)}")
                return []
        code = self._text(self.names.road_class, index)
        road_class = self.map.classes.get(code, "unknown")
        if road_class == "skip":
            self.intake.skip(f"class {code} is not driven")
            return []
        if code and code not in self.map.classes:
            self.unknown_classes[code] = self.unknown_classes.get(code, 0) + 1
        lines = self._lines(index)
        drafts = [self._draft(index, line, road_class) for line in lines]
        for number, draft in enumerate(drafts[1:], 2):
            # Ranges cannot be split without knowing where: the longest line, which comes first, keeps them.
            draft.id, draft.ranges = f"{draft.id}#{number}", (0, 0, 0, 0)
            draft.tail_key = draft.head_key = None
        if len(drafts) > 1:
            self.intake.skip("ranges of the shorter lines of a feature with several", len(drafts) - 1)
            drafts[0].tail_key = drafts[0].head_key = None
        return drafts

    def _lines(self, index: int) -> list[Any]:
        shape = self.table.shapes[index]
        if shape is None or shape.is_empty:
            self.intake.skip("no geometry")
            return []
        if shape.geom_type == "MultiLineString":
            shape = shape.geoms[0] if len(shape.geoms) == 1 else shapely.line_merge(shape)
        if shape.geom_type == "MultiLineString":
            return sorted(shape.geoms, key=lambda line: -line.length)
        if shape.geom_type != "LineString":
            where = self.table.where(index)
            raise InputFault(self.table.file, where, f"its geometry is a {shape.geom_type}", "lines, as streets are")
        return [shape]

    def _draft(self, index: int, line: Any, road_class: str) -> SegmentDraft:
        names = self.names
        area = self._text(names.area, index)
        postcode = self._text(names.postcode, index)
        return SegmentDraft(
            id=self._text(names.id, index) or str(index + self.table.first),
            points=clean_line(to_e7(shapely.get_coordinates(line))),
            name=" ".join(part for name in names.name if (part := self._text(name, index))),
            aliases=tuple(alias for name in names.aliases if (alias := self._text(name, index))),
            road_class=ROAD_CLASSES.index(road_class),
            direction=self._direction(index),
            speed_kmh=self._speed_kmh(index),
            level=self._level(index),
            ranges=self._ranges(index),
            areas=(self._text(names.left_area, index) or area, self._text(names.right_area, index) or area),
            postcodes=(
                self._text(names.left_postcode, index) or postcode,
                self._text(names.right_postcode, index) or postcode,
            ),
            tail_key=self._key(names.from_node, index),
            head_key=self._key(names.to_node, index),
        )

    def _text(self, column: str, index: int) -> str:
        return self.table.text(column, index) if column else ""

    def _key(self, column: str, index: int) -> Hashable | None:
        text = self._text(column, index)
        return text if text not in {"", "0"} else None

    def _direction(self, index: int) -> int:
        value = self._text(self.names.oneway, index)
        if value in self.map.oneway.forward:
            return FORWARD_ONLY
        return BACKWARD_ONLY if value in self.map.oneway.backward else BOTH_WAYS

    def _speed_kmh(self, index: int) -> int:
        speed = self.table.whole(self.names.speed, index) if self.names.speed else 0
        if not speed or speed > 200:
            return 0
        return round(speed * KMH_PER_MPH) if self.map.speed_unit == "mph" else speed

    def _level(self, index: int) -> int:
        text = self._text(self.names.level, index)
        return int(text) if text.removeprefix("-").isdigit() and abs(int(text)) <= 10 else 0

    def _ranges(self, index: int) -> tuple[int, int, int, int]:
        numbers = [self._number(getattr(self.names, key), index) for key in _RANGES]
        for side in (0, 2):
            if None in numbers[side : side + 2]:
                self.unread_ranges += 1
                numbers[side : side + 2] = [0, 0]
        left_from, left_to, right_from, right_to = (number or 0 for number in numbers)
        return left_from, left_to, right_from, right_to

    def _number(self, column: str, index: int) -> int | None:
        return self.table.whole(column, index) if column else 0
