"""Labelled ads of files: columns, labels, weights, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import ConfigError, DataError
from shroff.rules.mine_sources import FileColumns, ads_of_files

CSV = """id,title,body,verdict,who,day,chance
1,free,cash,yes,a,2026-05-01,0.5
2,nice,shoes,no,b,2026-05-02,1
3,,,yes,b,2026-05-02,1
4,more,shoes,,b,2026-05-02,1
5,last,one,no,,2026-05-03,0.25
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ads.csv"
    path.write_text(CSV)
    return path


def columns(**told: object) -> FileColumns:
    return FileColumns(**{"texts": ("title", "body"), "label": "verdict", **told})


def test_texts_are_put_together_and_rows_without_text_or_label_are_counted(file: Path) -> None:
    found = ads_of_files([file], columns(group="who", day="day", weight="chance"))
    assert list(found.ads.texts) == ["free\ncash", "nice\nshoes", "last\none"]
    assert found.ads.violating.tolist() == [True, False, False]
    assert found.ads.weight.tolist() == [2.0, 1.0, 4.0]
    assert found.skipped == 2


def test_ads_without_an_advertiser_are_each_on_their_own(file: Path) -> None:
    found = ads_of_files([file], columns(group="who"))
    assert found.ads.group is not None
    assert len(set(found.ads.group.tolist())) == 3


def test_times_are_days(file: Path) -> None:
    found = ads_of_files([file], columns(day="day"))
    assert found.ads.day is not None
    assert (found.ads.day - found.ads.day[0]).tolist() == [0, 1, 2]


def test_an_absent_column_is_named_with_those_there_are(file: Path) -> None:
    with pytest.raises(ConfigError, match="no column 'caption'") as fault:
        ads_of_files([file], columns(texts=("caption",)))
    assert "title" in fault.value.hint


def test_labels_that_say_nothing_of_violations_are_asked_about(file: Path) -> None:
    with pytest.raises(ConfigError, match="mean a violation") as fault:
        ads_of_files([file], columns(label="who"))
    assert "--violating" in fault.value.hint


def test_values_that_mean_a_violation_can_be_named(file: Path) -> None:
    found = ads_of_files([file], columns(label="who", violating=("b",)))
    assert found.ads.violating.tolist() == [False, True, True]
    with pytest.raises(ConfigError, match="no row has the label 'z'"):
        ads_of_files([file], columns(label="who", violating=("z",)))


def test_a_chance_that_is_none_is_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="chance"):
        ads_of_files([file], columns(weight="id"))
    with pytest.raises(ConfigError, match="not a number"):
        ads_of_files([file], columns(weight="title"))


def test_days_that_are_none_are_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="not a day"):
        ads_of_files([file], columns(day="title"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        ads_of_files([tmp_path / "none.csv"], columns())
