"""Address points in, whatever their columns are called."""

import pytest

from redstick.geo.importers.addresses import addresses_of, import_addresses
from redstick.geo.importers.fault import InputFault


def rows(drafts):
    """Drafts without their positions."""
    return [draft[2:] for draft in drafts]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("LON,LAT,NUMBER,STREET,UNIT,CITY,POSTCODE", "-91.1,30.4,12,MAIN ST,B,VILLE,70802"),
        (
            "Longitude,Latitude,Add_Number,St_Name,St_PosTyp,Unit,Inc_Muni,Post_Code",
            "-91.1,30.4,12,MAIN,ST,B,VILLE,70802",
        ),
        ("x,y,address,unit,municipality,zip", "-91.1,30.4,12 MAIN ST,B,VILLE,70802"),
    ],
)
def test_columns_are_recognised_by_name(tmp_path, head, row):
    """OpenAddresses, NENA-STA-006.3 and one column with the whole address give the same address."""
    path = tmp_path / "addresses.csv"
    path.write_text(f"{head}\n{row}\n")
    drafts, intake = import_addresses(path)
    assert rows(drafts) == [(12, "", "MAIN ST", "B", "VILLE", "70802")]
    assert drafts[0][:2] == (-911_000_000, 304_000_000)
    assert (intake.taken, dict(intake.skipped)) == (1, {})


def test_numbers_keep_their_letters_and_fractions(geojson):
    """12B, 267 1/2 and a suffix column are kept beside the whole number; what cannot be read is counted."""
    numbers = ["12B", "267 1/2", "14", "rear", ""]
    features = [("Point", [-91.1, 30.4], {"number": n, "street": "MAIN", "number_suffix": "x"}) for n in numbers]
    drafts, intake = import_addresses(geojson(*features))
    assert [(draft.number, draft.suffix) for draft in drafts] == [(12, "B X"), (267, "1/2 X"), (14, "X")]
    assert intake.skipped == {"a house number that cannot be read": 1, "no house number or no street": 1}


def test_repeats_stand_once_and_the_order_is_fixed(geojson):
    """Exact repeats are dropped and counted; addresses are sorted by street and number whatever the file's order."""
    features = [
        ("Point", [-91.1, 30.4], {"number": n, "street": s}) for n, s in ((9, "B"), (3, "B"), (9, "A"), (9, "B"))
    ]
    drafts, intake = import_addresses(geojson(*features))
    addresses = addresses_of(drafts)
    assert [(addresses.streets[s], n) for s, n in zip(addresses.street, addresses.number, strict=True)] == [
        ("A", 9), ("B", 3), ("B", 9),
    ]  # fmt: skip
    assert intake.skipped == {"exact repeats": 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("lat,lon,house,road\n", "no features"),
        ("number,street\n12,MAIN", "row 1: no latitude and longitude among number, street"),
        ("lat,lon,colour\n30.4,-91.1,red", "no house number and street among lat, lon, colour"),
        ("lat,lon,number,street\n30.4,-91.1,12", "row 2: it has 3 cells; expected 4 cells"),
        (
            "lat,lon,number,street\n30.4,-91.1,12,MAIN\nnorth,-91.1,14,MAIN",
            "row 3, column lat: 'north' is not a number",
        ),
        ("lat,lon,number,street\nnan,-91.1,12,MAIN", "row 2, column lat: 'nan' is not a number"),
        ("lat,lon,number,street\n-91.1,30.4,12,MAIN", "row 2: .*swapped"),
        ("lat,lon,number,street\n2104371,6006538,12,MAIN", "row 2: .*not degrees"),
        ("lat,lon,number,number\n30.4,-91.1,12,MAIN", "row 1: a name of a column is empty or stands twice"),
        ('lat,lon,number,street\n30.4,-91.1,12,"MAIN', "row 2"),
        (f"lat,lon,number,street\n30.4,-91.1,12,{'A' * 10_000}", "row 2, column street: a text of 10,000 characters"),
        ("lat,lon,number,street\n30.4,-91.1,12,MA\x07IN", "row 2, column street: unprintable"),
        ("\n", "row 1: there is no heading"),
    ],
)
def test_what_is_wrong_is_named_by_row(tmp_path, content, reason):
    """Missing columns, ragged rows, words for numbers, swapped and projected positions, endless texts."""
    path = tmp_path / "addresses.csv"
    path.write_text(content)
    with pytest.raises(InputFault, match=reason):
        import_addresses(path)


def test_other_shapes_are_no_addresses(geojson):
    """A line among the points is named by feature."""
    path = geojson(("LineString", [[-91.1, 30.4], [-91.0, 30.4]], {"number": 1, "street": "A"}))
    with pytest.raises(InputFault, match="feature 1: its geometry is a LineString; expected a point"):
        import_addresses(path)


def test_latin_1_is_refused_by_line(tmp_path):
    """A CSV in another encoding names the line."""
    path = tmp_path / "addresses.csv"
    path.write_bytes("lat,lon,number,street\n30.4,-91.1,12,RUE FAÇADE".encode("latin-1"))
    with pytest.raises(InputFault, match="line 2, byte 42: 0xc7 is not UTF-8"):
        import_addresses(path)
