"""GeoJSON in: what is right is read, what is wrong is named by file and feature."""

import gzip

import pytest

from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.features import read_features

LINE = ("LineString", [[-91.1, 30.4], [-91.099, 30.4]], {"name": "MAIN ST"})


COLLECTION = b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": %s}]}'


def refusal(path):
    """The one clear error of a file."""
    with pytest.raises(InputFault) as refused:
        read_features(path)
    assert str(path) in str(refused.value)
    assert "expected" in str(refused.value)
    return str(refused.value)


def test_columns_of_all_features_are_kept(geojson):
    """A property that only some features have is None in the others."""
    table = read_features(geojson(LINE, ("Point", [-91.1, 30.4, 12.0], {"zip": 70802.0})))
    assert table.columns == {"name": ["MAIN ST", None], "zip": [None, 70802.0]}
    assert table.text("zip", 1) == "70802"
    assert [shape.geom_type for shape in table.shapes] == ["LineString", "Point"]


def test_gzip_and_byte_order_mark_are_read(geojson, tmp_path):
    """A packed file and one with a byte order mark hold the same features."""
    plain = geojson(LINE)
    packed = tmp_path / "roads.geojson.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain.read_bytes()))
    assert read_features(packed).columns == read_features(plain).columns


def test_a_declared_projection_is_honoured(geojson):
    """The crs member of older files moves the coordinates to WGS 84: UTM 15N 682,000 E 3,365,000 N is Baton Rouge."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26915"}}
    table = read_features(geojson(("Point", [682000, 3365000], {}), crs=crs))
    assert table.shapes[0].x == pytest.approx(-91.105, abs=0.01)
    assert table.shapes[0].y == pytest.approx(30.403, abs=0.01)


def test_projected_coordinates_declared_as_degrees_are_refused(geojson):
    """Feet or metres in a file that says nothing of a projection name the feature."""
    message = refusal(geojson(LINE, ("Point", [6006538.2, 2104371.5], {})))
    assert "feature 2" in message
    assert "not degrees" in message


def test_swapped_latitude_and_longitude_are_refused(geojson):
    """A latitude of -91 cannot be: the error says swapped."""
    message = refusal(geojson(("Point", [30.4, -91.1], {})))
    assert "feature 1" in message
    assert "swapped" in message


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_not_a_number_is_named_by_feature(geojson, bad):
    """NaN in a coordinate and NaN in a property are each refused where they stand."""
    path = geojson(LINE, ("Point", [-91.1, 30.4], {"speed": 12.5}))
    text = path.read_text()
    path.write_text(text.replace("[-91.1, 30.4]}", f"[{bad}, 30.4]}}"))
    assert "feature 2: a coordinate is not a number" in refusal(path)
    path.write_text(text.replace("12.5", bad))
    assert "feature 2, column speed" in refusal(path)


def test_a_file_in_another_encoding_is_named_by_line(geojson):
    """Latin-1 text is refused with the line and byte, not read as something else."""
    path = geojson(("Point", [-91.1, 30.4], {"name": "RUE FACADE"}))
    path.write_bytes(path.read_bytes().replace(b"FACADE", b"FA\xc7ADE"))
    message = refusal(path)
    assert "line 1" in message
    assert "0xc7 is not UTF-8" in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feat', "cut short"),
        (b"[1, 2]", "not a FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": [7]}', "feature 1: it is not a Feature"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": [1], "geometry": null}]}',
         "feature 1: its properties"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Circle"}}]}',
         "feature 1: its geometry is 'Circle'"),
        (COLLECTION % b'{"type": "LineString", "coordinates": [[1]]}', "feature 1: its LineString cannot be built"),
        (COLLECTION % b'{"type": "Polygon", "coordinates": [[[0, 0]]]}', "feature 1: its Polygon cannot be built"),
        (b'{"type": "FeatureCollection", "crs": 5, "features": [{"type": "Feature", "geometry": null}]}', "crs"),
        (b"[" * 200_000, "nested beyond reason"),
    ],
)  # fmt: skip
def test_what_is_no_feature_collection_is_refused(tmp_path, content, reason):
    """Each way of not being GeoJSON has its own reason."""
    path = tmp_path / "bad.geojson"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_a_torn_archive_and_an_absent_file_are_refused(tmp_path, geojson):
    """A gzip file cut in half, a plain file with a .gz name, and no file at all."""
    packed = tmp_path / "roads.geojson.gz"
    whole = gzip.compress(geojson(LINE).read_bytes())
    packed.write_bytes(whole[: len(whole) // 2])
    assert "torn" in refusal(packed)
    packed.write_bytes(b"plain text")
    assert "torn or is none" in refusal(packed)
    assert "no such file" in refusal(tmp_path / "absent.geojson")


def test_an_unknown_coordinate_system_is_refused(geojson):
    """A name that PROJ does not know is an error that names the file and the name."""
    crs = {"type": "name", "properties": {"name": "EPSG:999999"}}
    assert "'EPSG:999999' is unknown" in refusal(geojson(LINE, crs=crs))
