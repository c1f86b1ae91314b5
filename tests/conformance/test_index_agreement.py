"""Krippendorff's alpha against published matrices."""

import json

import numpy as np
import pytest

from redstick.survey.index.agreement import alpha


@pytest.mark.parametrize(
    ("case", "level", "expected"),
    [
        ("A", "nominal", 0.743421), ("A", "ordinal", 0.815388), ("A", "interval", 0.849107), ("A", "ratio", 0.797403),
        ("B", "nominal", 0.691358), ("B", "interval", 0.810845),
    ],
)  # fmt: skip
def test_alpha_of_published_matrices(third_party, case, level, expected):
    """Alpha agrees to six places with the published figures at every level of measurement."""
    cases = json.loads(third_party("civic/krippendorff.json").read_text())["cases"]
    found = next(one for one in cases if one["name"] == case)
    assert found["expected_alpha"][level] == expected
    matrix = np.array([[np.nan if cell is None else cell for cell in rater] for rater in found["matrix"]])
    assert abs(alpha(matrix, level) - expected) <= 5e-7
