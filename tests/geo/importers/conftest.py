"""Small files as agencies write them, made by the tests themselves."""

import json

import pytest


@pytest.fixture
def geojson(tmp_path):
    """Writes a FeatureCollection of (geometry type, coordinates, properties) and returns its path."""

    def write(*features, name="roads.geojson", **members):
        rows = [
            {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
            for kind, coordinates, properties in features
        ]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": rows}))
        return path

    return write
