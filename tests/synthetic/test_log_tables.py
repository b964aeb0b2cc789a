"""Are columns of text made row by row?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from shroff.synthetic.log_tables import glued, named


def test_columns_of_text_are_joined_row_by_row() -> None:
    assert glued(pa.array(["a", "b"]), "x", between="-").to_pylist() == ["a-x", "b-x"]


def test_a_negative_place_has_no_name() -> None:
    assert named(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]
