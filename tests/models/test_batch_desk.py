"""Batches by files: within limits, in any order, with errors and what expired, paid once."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.models.hostile_server import chat, hostile_server, judged
from tests.models.judge_scene import KEY, ask_for, judgements, make_scene

from shroff.errors import ConfigError
from shroff.models.abilities import Abilities
from shroff.models.batch_files import RequestFiles, lines_of

URL = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)


def requests(folder: Path) -> list[dict[str, Any]]:
    """Read all requests of a batch."""
    files = sorted(folder.glob("requests-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def answered(request: dict[str, Any], verdict: str = "compliant") -> dict[str, Any]:
    """Answer a request as batch servers do."""
    body = json.loads(chat(judged(request["body"], verdict)).body)
    response = {"status_code": 200, "request_id": "r", "body": body}
    return {"id": "b", "custom_id": request["custom_id"], "response": response, "error": None}


def failed(request: dict[str, Any], code: str) -> dict[str, Any]:
    """Give a request back without an answer."""
    return {"custom_id": request["custom_id"], "response": None, "error": {"code": code}}


def write(file: Path, lines: list[Any]) -> Path:
    """Write lines of JSON; texts as they are."""
    told = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(told) + "\n", encoding="utf-8")
    return file


def test_a_batch_goes_out_and_comes_back_in_another_order_at_half_the_price(
    tmp_path: Path,
) -> None:
    workspace = make_scene(tmp_path / "w", url=URL, ads=8)
    told = workspace.modeller.write_batch(ask_for(workspace), folder=tmp_path / "b")
    asked = requests(told.folder)
    assert (told.ads, told.requests, len(asked)) == (8, 8, 8)
    assert told.cost
    assert {each["url"] for each in asked} == {"/v1/chat/completions"}
    assert not any(KEY in path.read_text("utf-8") for path in told.folder.iterdir())
    assert not any('"a3"' in json.dumps(each) for each in asked)  # ids of ads stay here
    lines = [answered(each) for each in asked[:5]]
    random.Random(1).shuffle(lines)
    write(told.folder / "output.jsonl", lines)
    errors = [failed(asked[5], "batch_expired"), failed(asked[6], "content_filter")]
    write(told.folder / "errors.jsonl", [*errors, "{oh", {"custom_id": "else", "error": None}])
    found = workspace.modeller.read_batch(told.folder)
    assert (found.answered, found.missing, found.strange, found.unreadable) == (6, 2, 1, 1)
    assert found.faults == {"batch_expired": 1}
    assert (found.verdicts, found.others, found.written) == (5, 1, 6)
    rows = judgements(workspace)
    assert [row["outcome"] for row in rows].count("filtered") == 1
    full = (100 * 0.5 + 300 * 0.05 + 60 * 2.0) / 1e6
    assert found.cost == pytest.approx(5 * full / 2)
    again = workspace.modeller.read_batch(told.folder)
    assert len(judgements(workspace)) == 6
    assert again.written <= 6


def test_what_expired_is_written_anew_and_what_was_answered_is_not_asked_again(
    tmp_path: Path,
) -> None:
    with hostile_server() as server:
        workspace = make_scene(tmp_path / "w", url=server.url, ads=6)
        known = Abilities(url=server.url, model="judge-1")
        workspace.catalog.judging.keep_probe("judge", known.record())
        one = workspace.modeller.write_batch(ask_for(workspace), folder=tmp_path / "b")
        asked = requests(one.folder)
        out = write(tmp_path / "out.jsonl", [answered(each) for each in asked[:4]])
        workspace.modeller.read_batch(one.folder, [out])
        two = workspace.modeller.write_batch(ask_for(workspace), folder=tmp_path / "c")
        assert [r["custom_id"] for r in requests(two.folder)] == [
            each["custom_id"] for each in asked[4:]
        ]
        found = workspace.modeller.judge(ask_for(workspace))
        assert (found.tally.ads, server.count) == (2, 2)
    assert len(judgements(workspace)) == 6
    assert [each.what for each in workspace.catalog.judging.sent()] == [
        "judge", "batch file", "batch file",
    ]  # fmt: skip


def test_samples_are_requests_of_their_own_and_a_wording_is_written_once(
    tmp_path: Path,
) -> None:
    ads = [
        {"ad_id": f"a{n}", "created_at": "2026-05-01T10:00:00Z", "title": "miracle tea"}
        for n in range(5)
    ]
    workspace = make_scene(tmp_path / "w", url=URL, ads=ads, samples=3)
    told = workspace.modeller.write_batch(ask_for(workspace), folder=tmp_path / "b")
    asked = requests(told.folder)
    assert (told.ads, len(asked)) == (5, 3)
    verdicts = ("violating", "violating", "compliant")
    lines = [answered(each, v) for each, v in zip(asked, verdicts, strict=True)]
    out = write(tmp_path / "out.jsonl", lines[:2])
    assert workspace.modeller.read_batch(told.folder, [out]).written == 0  # one is missing
    out = write(tmp_path / "out2.jsonl", lines[2:])
    workspace.modeller.read_batch(told.folder, [out])
    rows = judgements(workspace)
    assert [round(row["score"], 3) for row in rows] == [0.667] * 5
    assert sum(row["copy_of"] is None for row in rows) == 1


def test_files_keep_within_the_limits_of_requests_and_bytes(tmp_path: Path) -> None:
    files = RequestFiles(folder=tmp_path, most_requests=3, most_bytes=2000)
    for number in range(8):
        files.add(f"k{number}", {"x": "y" * (700 if number == 5 else 10)})
    with pytest.raises(ConfigError, match="bytes"):
        files.add("big", {"x": "y" * 3000})
    files.close()
    sizes = [(len(f.read_bytes()), len(f.read_text().splitlines())) for f in files.files]
    assert all(size <= 2000 and 0 < count <= 3 for size, count in sizes)
    assert sum(count for _, count in sizes) == 8


def test_odd_lines_are_told_and_break_nothing(tmp_path: Path) -> None:
    odd = ["[]", "null", '{"custom_id": 3}', '{"custom_id": "a"}', '{"custom_id": "b", "response": 1}',
           '{"custom_id": "c", "response": {"status_code": 200, "body": {"choices": []}}}']  # fmt: skip
    file = tmp_path / "odd.jsonl"
    file.write_bytes("\n".join(odd).encode() + b"\n\xff\xfe\n")
    found = list(lines_of(file))
    assert [each.key for each in found] == ["", "", "", "a", "b", "c", ""]
    assert all(each.reply is None and each.fault for each in found)


def test_forgetting_an_advertiser_takes_their_ads_out_of_batches(tmp_path: Path) -> None:
    workspace = make_scene(tmp_path / "w", url=URL, ads=6)
    told = workspace.modeller.write_batch(ask_for(workspace))
    asked = requests(told.folder)
    write(told.folder / "output.jsonl", [answered(each) for each in asked])
    workspace.forget("advertiser", "v1")
    assert len(requests(told.folder)) == 4
    left = "".join(path.read_text("utf-8") for path in told.folder.iterdir())
    assert '"a1"' not in left
    assert "number 1" not in left
    assert workspace.modeller.read_batch(told.folder).verdicts == 4


def test_a_folder_that_is_there_or_holds_no_batch_is_refused(tmp_path: Path) -> None:
    workspace = make_scene(tmp_path / "w", url=URL, ads=1)
    (tmp_path / "b").mkdir()
    with pytest.raises(ConfigError, match="such a folder"):
        workspace.modeller.write_batch(ask_for(workspace), folder=tmp_path / "b")
    with pytest.raises(ConfigError, match="no batch"):
        workspace.modeller.read_batch(tmp_path / "b")
    told = workspace.modeller.write_batch(ask_for(workspace))
    assert told.folder.parent.name == "batches"
    with pytest.raises(ConfigError, match="no file of answers"):
        workspace.modeller.read_batch(told.folder)


def test_reading_again_writes_nothing_new_and_what_came_twice_is_told(tmp_path: Path) -> None:
    workspace = make_scene(tmp_path / "w", url=URL, ads=3)
    told = workspace.modeller.write_batch(ask_for(workspace))
    first, second, third = requests(told.folder)
    uncounted = answered(second)
    del uncounted["response"]["body"]["usage"]
    lines = [answered(first), answered(first, "violating"), uncounted, failed(third, "expired")]
    write(told.folder / "out.jsonl", lines)
    found = workspace.modeller.read_batch(told.folder)
    assert (found.answered, found.twice, found.written, found.unpriced) == (2, 1, 2, 1)
    said = [note.text() for note in found.notes()]
    assert any("at least" in each for each in said)
    assert "1 of the lines bring no answer: expired." in said
    assert workspace.modeller.read_batch(told.folder).written == 0
    assert [row["verdict"] for row in judgements(workspace)] == ["compliant"] * 2
