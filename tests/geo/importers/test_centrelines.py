"""Agency centrelines: San Francisco's own numbers, other formats of the same, TIGER and NENA names, and bad files."""

import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from redstick.geo.importers.centrelines import import_centrelines
from redstick.geo.importers.columns import RoadColumns, draft_toml, guess_columns, load_columns
from redstick.geo.importers.fault import InputFault
from redstick.geo.roads import ROAD_CLASSES

SAN_FRANCISCO = Path(__file__).parents[3] / "examples/san_francisco/roads.toml"
LINES = np.array(
    [shapely.LineString([(-91.10, 30.40), (-91.09, 30.40)]), shapely.LineString([(-91.09, 30.40), (-91.09, 30.41)])]
)


def narrow(values):
    """An array with whole numbers of 32 bits: the geodatabase of older days has no longer ones."""
    values = np.asarray(values)
    return values.astype(np.int32) if values.dtype == np.int64 else values


def write(path, fields, lines=LINES, crs="EPSG:4326", **options):
    """A vector file with one layer of lines."""
    pyogrio.raw.write(
        path,
        shapely.to_wkb(lines),
        [narrow(values) for values in fields.values()],
        list(fields),
        geometry_type=options.pop("geometry_type", "LineString"),
        crs=crs,
        driver={".gdb": "OpenFileGDB", ".shp": "ESRI Shapefile", ".gpkg": "GPKG"}[path.suffix],
        **options,
    )
    return path


@pytest.fixture(scope="module")
def san_francisco(third_party):
    """The centreline file of San Francisco, imported by the shipped column map."""
    path = third_party("roads/san_francisco_centerlines.geojson.gz")
    return import_centrelines(path, load_columns(SAN_FRANCISCO))


def test_san_francisco_has_its_published_numbers(san_francisco):
    """15,602 segments, 9,401 nodes, 2,478 names, 27,045 sides with a range (domain/geo.md section 4.1)."""
    roads, intake = san_francisco
    assert (roads.segments, roads.nodes, len(roads.names)) == (15_602, 9_401, 2_478)
    left, right = (roads.left_from > 0) | (roads.left_to > 0), (roads.right_from > 0) | (roads.right_to > 0)
    assert int(left.sum() + right.sum()) == 27_045
    assert int((~left & ~right).sum()) == 1_006
    assert not intake.skipped
    assert ROAD_CLASSES[roads.road_class[roads.segment_id.index("11305002")]] == "residential"


@pytest.mark.parametrize(("name", "crs"), [("sf.shp", "EPSG:2227"), ("sf.gdb", "EPSG:4326"), ("sf.gpkg", "EPSG:26910")])
def test_other_formats_and_projections_give_the_same_network(tmp_path, san_francisco, name, crs):
    """As a shapefile in feet, a geodatabase and a GeoPackage in metres: the same segments, nodes, names and ranges."""
    roads, _ = san_francisco
    lines = shapely.linestrings(roads.xy / 1e7, indices=np.repeat(np.arange(roads.segments), np.diff(roads.start)))
    if crs != "EPSG:4326":
        from pyproj import Transformer

        move = Transformer.from_crs(4326, crs, always_xy=True)
        lines = shapely.transform(lines, lambda points: np.column_stack(move.transform(points[:, 0], points[:, 1])))
    fields = {
        "cnn": [int(id_) for id_ in roads.segment_id],
        "street": [roads.names[i] if i >= 0 else None for i in roads.name],
        "f_node": roads.tail + 1,
        "t_node": roads.head + 1,
        "lf_fadd": roads.left_from,
        "lf_toadd": roads.left_to,
        "rt_fadd": roads.right_from,
        "rt_toadd": roads.right_to,
    }
    path = write(tmp_path / name, fields, lines, crs)
    again, _ = import_centrelines(path)
    assert (again.segments, again.nodes, again.names) == (roads.segments, roads.nodes, roads.names)
    for key in ("tail", "head", "left_from", "left_to", "right_from", "right_to"):
        assert (getattr(again, key) == getattr(roads, key)).all(), key
    assert np.abs(again.length_m - roads.length_m).max() < 0.05


def test_a_zipped_shapefile_is_read(tmp_path):
    """A shapefile as agencies hand it out: its files in one archive."""
    write(tmp_path / "roads.shp", {"FULLNAME": ["MAIN ST", "OAK ST"]})
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as archive:
        for part in sorted(tmp_path.glob("roads.*")):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    roads, _ = import_centrelines(tmp_path / "roads.zip")
    assert roads.names == ["MAIN ST", "OAK ST"]
    assert roads.nodes == 3


def test_tiger_lines_need_no_column_map(tmp_path):
    """TIGER/Line names, ranges kept as text, both ZIPs, MTFCC classes; walkways and rivers are left out."""
    lines = np.array([*LINES, *LINES])
    fields = {
        "TLID": [10.0, 11.0, 12.0, 13.0],
        "FULLNAME": ["Main St", "I- 10", "Towpath", "Bayou"],
        "MTFCC": ["S1400", "S1100", "S1710", "H3010"],
        "LFROMADD": ["101", "", "", ""],
        "LTOADD": ["199", "", "", ""],
        "RFROMADD": ["100", "", "", ""],
        "RTOADD": ["A98", "", "", ""],
        "ZIPL": ["70802", "", "", ""],
        "ZIPR": ["70806", "", "", ""],
        "TNIDF": [1, 2, 1, 2],
        "TNIDT": [2, 3, 2, 3],
    }
    roads, intake = import_centrelines(write(tmp_path / "tl_edges.shp", fields, lines))
    assert roads.segment_id == ["10", "11"]
    assert [ROAD_CLASSES[i] for i in roads.road_class] == ["residential", "motorway"]
    assert (roads.left_from[0], roads.left_to[0], roads.right_from[0], roads.right_to[0]) == (101, 199, 0, 0)
    assert [roads.postcodes[i] for i in (roads.left_postcode[0], roads.right_postcode[0])] == ["70802", "70806"]
    assert intake.skipped == {"class S1710 is not driven": 1, "class H3010 is not driven": 1}
    assert any("1 sides have house numbers that are no whole numbers" in note for note in intake.notes)


def test_nena_columns_need_no_column_map(tmp_path):
    """NENA-STA-006.3 road centrelines: name parts in order, both municipalities, one-way and speed in mph."""
    fields = {
        "NGUID": ["RCL1@x.gov", "RCL2@x.gov"],
        "St_PreDir": ["North", None],
        "St_Name": ["Acadian", "Perkins"],
        "St_PosTyp": ["Thruway", "Road"],
        "FromAddr_L": [1, 0],
        "ToAddr_L": [99, 0],
        "FromAddr_R": [2, 0],
        "ToAddr_R": [98, 0],
        "IncMuni_L": ["Baton Rouge", None],
        "IncMuni_R": ["Unincorporated", None],
        "RoadClass": ["Secondary", "Local"],
        "OneWay": ["FT", "TF"],
        "SpeedLimit": [45, None],
    }
    fields["SpeedLimit"] = np.array([45, np.nan])
    roads, _ = import_centrelines(write(tmp_path / "ng911.gdb", fields))
    assert roads.names == ["North Acadian Thruway", "Perkins Road"]
    assert (roads.direction.tolist(), roads.speed_kmh.tolist()) == ([1, -1], [72, 0])
    assert [roads.areas[roads.left_area[0]], roads.areas[roads.right_area[0]]] == ["Baton Rouge", "Unincorporated"]


def test_a_draft_of_the_column_map_reads_back_as_the_guess(tmp_path):
    """What is written for a person to correct means what was guessed, and says what it is unsure of."""
    columns = {"ROAD ID": [1], "stname": ["MAIN"], "sttype": ["ST"], "oneway": ["Y"], "class": ['odd "code"']}
    guess, unsure = guess_columns(columns)
    path = tmp_path / "roads.toml"
    path.write_text(draft_toml(guess, unsure))
    assert load_columns(path) == guess
    assert guess.columns.name == ["stname", "sttype"]
    assert any("says only yes" in doubt for doubt in unsure)
    assert path.read_text().count("# UNSURE") == len(unsure) == 3


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"street": ["MAIN"], "st_type": ["ST"]}, ["street", "st_type"]),
        ({"name": ["MAIN ST"], "type": ["Local"]}, ["name"]),
        ({"FULLNAME": ["N MAIN ST"], "PREDIR": ["N"], "NAME": ["MAIN"]}, ["FULLNAME"]),
        ({"PREDIR": ["N"], "NAME": ["MAIN"], "TYPE": ["ST"], "SUFDIR": [""]}, ["PREDIR", "NAME", "TYPE", "SUFDIR"]),
    ],
)
def test_a_name_is_put_together_from_its_parts(columns, parts):
    """Parts are joined in their order; a full name is taken alone; a type that is a road class is no part of a name."""
    assert guess_columns(columns)[0].columns.name == parts


def test_a_line_of_several_parts_is_joined_or_split(geojson):
    """Parts that touch become one segment; separate ones become several, the longest keeping the range."""
    own = {"id": 7, "name": "MAIN ST", "left_from": 1, "left_to": 99, "right_from": 2, "right_to": 98}
    parts = [[[-91.1, 30.4], [-91.09, 30.4]], [[-91.09, 30.4], [-91.08, 30.4]]]
    roads, _ = import_centrelines(geojson(("MultiLineString", parts, own)))
    assert roads.segments == 1
    parts[1] = [[-91.08, 30.4], [-91.05, 30.4]]
    roads, intake = import_centrelines(geojson(("MultiLineString", parts, own)))
    assert roads.segment_id == ["7", "7#2"]
    assert roads.left_to.tolist() == [99, 0]
    assert roads.length_m[0] > roads.length_m[1]
    assert intake.skipped == {"ranges of the shorter lines of a feature with several": 1}


def test_features_that_the_map_skips_are_counted(geojson):
    """[skip] leaves features out by a value, and the summary says which and how many."""
    path = geojson(
        ("LineString", [[-91.1, 30.4], [-91.09, 30.4]], {"name": "A", "status": "BUILT"}),
        ("LineString", [[-91.1, 30.4], [-91.09, 30.5]], {"name": "B", "status": "PAPER"}),
    )
    toml = path.with_suffix(".toml")
    toml.write_text('[columns]\nname = ["name"]\n[skip]\nstatus = ["PAPER"]\n')
    roads, intake = import_centrelines(path, load_columns(toml))
    assert roads.names == ["A"]
    assert intake.skipped == {"status is PAPER": 1}


def test_a_column_that_does_not_exist_is_named(geojson):
    """The map's column, the file, and the columns that there are."""
    path = geojson(("LineString", [[-91.1, 30.4], [-91.09, 30.4]], {"STREET": "A"}))
    columns = RoadColumns()
    toml = path.with_suffix(".toml")
    toml.write_text('[columns]\nname = ["NAME"]')
    with pytest.raises(InputFault, match=r"roads\.geojson: there is no column 'NAME'; expected one of STREET"):
        import_centrelines(path, load_columns(toml))
    assert columns.columns.name == []


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[columns", "roads.toml"),
        ("[columns]\nnom = 'x'", "unknown field `nom`"),
        ("[classes]\n1 = 'boulevard'", r"classes\.1: 'boulevard'; expected one of unknown, motorway"),
        ("speed_unit = 'knots'", "knots"),
        ("[columns]\nname = 'x'", "array"),
    ],
)
def test_a_column_map_that_cannot_be_right_is_refused(tmp_path, toml, reason):
    """Torn TOML, a key that means nothing, a class that does not exist, a unit that does not exist."""
    path = tmp_path / "roads.toml"
    path.write_text(toml)
    with pytest.raises(InputFault, match=reason):
        load_columns(path)


def test_a_file_without_names_says_how_to_go_on(geojson):
    """Without a street name among the columns nothing is guessed; the error names the way to a column map."""
    path = geojson(("LineString", [[-91.1, 30.4], [-91.09, 30.4]], {"q": 1}))
    with pytest.raises(InputFault, match=r"no column looks like a street name.*--draft-columns"):
        import_centrelines(path)


def test_points_and_polygons_are_no_roads(geojson):
    """A wrong geometry type is named by feature."""
    path = geojson(
        ("LineString", [[-91.1, 30.4], [-91.09, 30.4]], {"name": "A"}), ("Point", [-91.1, 30.4], {"name": "B"})
    )
    with pytest.raises(InputFault, match="feature 2: its geometry is a Point; expected lines"):
        import_centrelines(path)


def test_a_name_of_ten_thousand_characters_is_refused(geojson):
    """No street is called that: the feature and the column are named, and the text is not repeated whole."""
    path = geojson(("LineString", [[-91.1, 30.4], [-91.09, 30.4]], {"name": "A" * 10_000}))
    with pytest.raises(InputFault, match=r"feature 1, column name: a text of 10,000 characters") as refused:
        import_centrelines(path)
    assert len(str(refused.value)) < 400


def test_an_undeclared_projection_is_refused_and_can_be_declared(tmp_path):
    """A shapefile without a .prj is refused by name; --crs declares it."""
    path = write(tmp_path / "roads.shp", {"name": ["A", "B"]})
    (tmp_path / "roads.prj").unlink()
    with pytest.raises(InputFault, match=r"roads\.shp: its coordinate system is not declared; expected a \.prj"):
        import_centrelines(path)
    assert import_centrelines(path, crs="EPSG:4326")[0].segments == 2


def test_a_shapefile_cut_in_half_is_refused(tmp_path):
    """Half a .shp, and a .dbf that is no table, are errors that name the file, not half a city."""
    many = np.array([*LINES] * 50)
    path = write(tmp_path / "roads.shp", {"name": ["A"] * 100}, many)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputFault, match=r"roads\.shp"):
        import_centrelines(path)
    path.write_bytes(b"")
    with pytest.raises(InputFault, match="empty"):
        import_centrelines(path)
    path.write_bytes(whole)
    table = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(table[: len(table) // 2])
    with pytest.raises(InputFault, match=r"roads\.dbf: it is cut short"):
        import_centrelines(path)


def test_a_torn_archive_of_a_shapefile_is_refused(tmp_path):
    """Half a zip file, and a whole one around half a shapefile."""
    path = write(tmp_path / "roads.shp", {"name": ["A"] * 100}, np.array([*LINES] * 50))
    packed = tmp_path / "roads.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("roads.shp", path.read_bytes()[:500])
    with pytest.raises(InputFault, match=r"roads\.shp: it is cut short: 500 bytes"):
        import_centrelines(packed)
    packed.write_bytes(packed.read_bytes()[:300])
    with pytest.raises(InputFault, match=r"roads\.zip: the archive is torn"):
        import_centrelines(packed)


def test_a_mis_encoded_table_is_refused(tmp_path):
    """A .dbf that says UTF-8 and is not cannot be read as something else."""
    path = write(tmp_path / "roads.shp", {"name": ["RUE FACADE", "B"]}, encoding="UTF-8")
    table = tmp_path / "roads.dbf"
    table.write_bytes(table.read_bytes().replace(b"FACADE", b"FA\xc7ADE"))
    with pytest.raises(InputFault, match=r"roads\.shp.*UTF-8"):
        import_centrelines(path)


def test_two_layers_need_a_choice(tmp_path):
    """A geodatabase with several layers is refused until --layer names one of them."""
    path = write(tmp_path / "town.gpkg", {"name": ["A", "B"]}, layer="roads")
    write(path, {"name": ["C", "D"]}, layer="trails", append=True)
    with pytest.raises(InputFault, match="it has 2 layers; expected --layer with one of roads, trails"):
        import_centrelines(path)
    assert import_centrelines(path, layer="trails")[0].names == ["C", "D"]
    with pytest.raises(InputFault, match="cannot be read"):
        import_centrelines(path, layer="rivers")
