"""Packs over files, streams and the ads of a workspace."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.rules.rule_stories import RuleStory, pack_file

from shroff.errors import ConfigError, DataError
from shroff.rules.pack_paths import read_packs
from shroff.rules.scan_job import Scan
from shroff.rules.scanning import HITS


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(pack_file(tmp_path_factory.mktemp("packs"), ("R1", "casino"), ("R2", "减肥")))


def told(hits: pa.Table) -> list[tuple[object, ...]]:
    rows = hits.select(["ad_id", "rule_id", "field", "start", "end", "matched"]).to_pylist()
    return sorted(tuple(row.values()) for row in rows)


def test_each_hit_of_a_csv_names_row_rule_and_place(tmp_path: Path, pack: str) -> None:
    file = tmp_path / "ads.csv"
    file.write_text('ad_id,title,body\na1,"a casino,\nhere",x\na2,bread,减.肥\n', encoding="utf-8")
    scan = Scan.of([pack])
    hits = scan.files([file])
    assert hits.schema == HITS
    assert told(hits) == [
        ("a1", "R1", "title", 2, 8, "casino"),
        ("a2", "R2", "body", 0, 3, "减.肥"),
    ]
    assert scan.scanned == 2
    assert scan.summary(hits).text() == "2 hits of 2 rules in 2 of 2 texts."


def test_any_column_can_be_read_and_keeps_its_name(tmp_path: Path, pack: str) -> None:
    file = tmp_path / "ads.parquet"
    pq.write_table(pa.table({"caption": ["a casino"], "note": ["casino"]}), file)
    assert told(Scan.of([pack], columns=["caption"]).files([file])) == [
        ("1", "R1", "caption", 2, 8, "casino")
    ]
    read_as = Scan.of([pack], columns=["caption=title", "note"]).files([file])
    assert [row[2] for row in told(read_as)] == ["caption", "note"]


def test_lines_of_text_and_of_json_are_read(tmp_path: Path, pack: str) -> None:
    lines = tmp_path / "texts.txt"
    lines.write_text("bread\na casino\n", encoding="utf-8")
    objects = tmp_path / "ads.jsonl"
    objects.write_text('{"title": "casino"}\n"减肥"\n', encoding="utf-8")
    scan = Scan.of([pack], columns=[])
    assert told(scan.files([lines])) == [("2", "R1", "text", 2, 8, "casino")]
    assert told(Scan.of([pack], columns=["title", "text"]).files([objects])) == [
        ("1", "R1", "title", 0, 6, "casino"),
        ("2", "R2", "text", 0, 2, "减肥"),
    ]


def test_a_stream_gives_the_hits_of_each_line_at_once(pack: str) -> None:
    scan = Scan.of([pack])
    lines = iter([json.dumps({"ad_id": "s1", "title": "casino"}), "not json", '{"title": "x"}'])
    found = scan.lines(lines)
    assert told(next(found)) == [("s1", "R1", "title", 0, 6, "casino")]
    assert list(found) == []
    assert scan.faults.count == 1
    assert scan.faults.first[0].startswith("-:2: this is not JSON")
    assert "scan.unread" in [note.id for note in scan.notes(HITS.empty_table())]


def test_a_column_that_is_not_there_is_named(tmp_path: Path, pack: str) -> None:
    file = tmp_path / "ads.csv"
    file.write_text("headline\ncasino\n", encoding="utf-8")
    with pytest.raises(DataError, match="caption"):
        Scan.of([pack], columns=["caption"]).files([file])
    with pytest.raises(DataError) as fault:
        Scan.of([pack]).files([file])
    assert "headline" in fault.value.hint


def test_files_that_cannot_be_read_are_faults_of_the_data(tmp_path: Path, pack: str) -> None:
    broken = tmp_path / "ads.parquet"
    broken.write_bytes(b"PAR1 nothing")
    for file in (broken, tmp_path / "absent.csv", tmp_path):
        with pytest.raises(DataError):
            Scan.of([pack]).files([file])


def test_two_rules_of_one_name_are_refused(tmp_path: Path, pack: str) -> None:
    again = pack_file(tmp_path, ("R1", "poker"), name="again")
    with pytest.raises(ConfigError, match="R1"):
        read_packs([pack, again])


def test_contact_details_are_masked_unless_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    pack = str(pack_file(folder, ("P1", "{regex: '\\d{3}-\\d{4}-\\d{4}'}")))
    pack_path = Path(pack)
    text = pack_path.read_text(encoding="utf-8").replace(
        """match: ["{regex: '\\d{3}-\\d{4}-\\d{4}'}"]""", 'match: ["138-0013-8000"]'
    )
    pack_path.write_text(text, encoding="utf-8")
    file = tmp_path / "ads.txt"
    file.write_text("call 138-0013-8000\n", encoding="utf-8")
    assert told(Scan.of([pack]).files([file]))[0][-1] == "•" * 13
    assert told(Scan.of([pack], masks=False).files([file]))[0][-1] == "138-0013-8000"


def test_ads_of_a_workspace_are_scanned_by_the_day_of_submission(
    tmp_path: Path, pack: str
) -> None:
    story = RuleStory(tmp_path / "platform")
    story.ad("a1", "a casino")
    story.ad("a2", "casino", at="2026-05-12 10:00:00")
    story.ad("a3", "bread")
    workspace = story.opened()
    scan = Scan.of([pack])
    hits = workspace.rules.scan(scan, period="2026-W19")
    assert (told(hits), scan.scanned) == ([("a1", "R1", "title", 2, 8, "casino")], 2)
    assert hits.column("ad_version").to_pylist() == [1]
    assert workspace.rules.scan(Scan.of([pack])).num_rows == 2
