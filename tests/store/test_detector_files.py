"""Detectors are kept version by version, and a version is never changed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shroff.errors import ConfigError, DataError
from shroff.store.detector_files import DetectorFiles

ONE, TWO = {"at": [0.1], "value": [0.2]}, {"at": [0.1], "value": [0.3]}


def test_each_new_content_is_a_version_of_its_own(tmp_path: Path) -> None:
    files = DetectorFiles(tmp_path)
    first, new = files.keep("calibration", "m/v1", content=ONE, provenance={"labels": 9})
    assert (first.version, new) == ("1", True)
    second, new = files.keep("calibration", "m/v1", content=TWO, provenance={})
    assert (second.version, new) == ("2", True)
    assert files.versions("calibration", "m/v1") == ("1", "2")
    assert files.read("calibration", "m/v1").content == TWO
    assert files.read("calibration", "m/v1", version="1").content == ONE
    assert files.read("calibration", "m/v1", version="1").provenance == {"labels": 9}


def test_what_the_newest_does_already_is_not_kept_again(tmp_path: Path) -> None:
    files = DetectorFiles(tmp_path)
    files.keep("calibration", "m", content=ONE, provenance={"labels": 9})
    again, new = files.keep("calibration", "m", content=ONE, provenance={"labels": 10})
    assert (again.version, new) == ("1", False)
    assert again.provenance == {"labels": 9}


def test_many_at_once_overwrite_nothing(tmp_path: Path) -> None:
    files = DetectorFiles(tmp_path)

    def keep(number: int) -> str:
        content = {"at": [number], "value": [0.5]}
        return files.keep("calibration", "m", content=content, provenance={})[0].version

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(keep, range(16)))
    assert sorted(map(int, kept)) == list(range(1, 17))
    told = {json.dumps(files.read("calibration", "m", version=v).content) for v in kept}
    assert len(told) == 16
    assert not list((tmp_path / "detectors").rglob(".*"))


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    files = DetectorFiles(tmp_path)
    kept, _ = files.keep("calibration", "m", content=ONE, provenance={})
    kept.path.write_text(kept.path.read_text().replace("0.2", "0.9"))
    with pytest.raises(DataError, match="not what was written"):
        files.read("calibration", "m")
    kept.path.write_text("{")
    with pytest.raises(DataError, match="not what was written"):
        files.read("calibration", "m")


@pytest.mark.parametrize("name", ["../../outside", "a b/模型", "..", "C:\\x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    kept, _ = DetectorFiles(tmp_path).keep("calibration", name, content=ONE, provenance={})
    assert kept.path.resolve().is_relative_to((tmp_path / "detectors" / "calibration").resolve())
    assert DetectorFiles(tmp_path).read("calibration", name).content == ONE


def test_a_detector_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no calibration 'm'") as fault:
        DetectorFiles(tmp_path).read("calibration", "m")
    assert "recalibrate" in fault.value.hint
