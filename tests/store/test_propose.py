from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.domain.messages import Language
from shroff.errors import ConfigError, DataError
from shroff.store.propose import Proposal, TableProposal, propose
from shroff.store.settings import Settings, parse_settings
from shroff.store.settings_template import template

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(name: str, text: str, *, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding=encoding)
        return path

    return file


def only(proposal: Proposal) -> TableProposal:
    (table,) = proposal.tables
    return table


def doubts(proposal: Proposal) -> set[str]:
    return {doubt.id.removeprefix("propose.") for doubt in proposal.doubts}


def settings_of(proposal: Proposal, language: Language = Language.EN) -> Settings:
    return parse_settings(template(name="x", mapping=proposal.toml(language)))


REVIEWS = (
    "任务ID,广告ID,审核员,队列,审核结论,违规政策,入队时间,开始时间,完成时间,抽样概率\n"
    + "".join(
        f"t{i},a{i},u{i % 3},{'随机抽检' if i % 2 else '高危'},{['违规', '合规', '存疑'][i % 3]},"
        f"赌博;导流,2026年5月{i + 1}日 08:0{i},2026年5月{i + 1}日 09:00,2026年5月{i + 1}日 09:10,"
        f"{'0.05' if i % 2 else ''}\n"
        for i in range(9)
    )
)


def test_chinese_reviews_are_understood(write: Write) -> None:
    proposal = propose([write("人审.csv", REVIEWS, encoding="gb18030")])
    table = only(proposal)
    assert table.table == "reviews"
    assert table.spec.encoding == "gb18030"
    assert table.spec.columns == {
        "review_id": "任务ID",
        "ad_id": "广告ID",
        "reviewer_id": "审核员",
        "queue": "队列",
        "verdict": "审核结论",
        "policies": "违规政策",
        "enqueued_at": "入队时间",
        "started_at": "开始时间",
        "decided_at": "完成时间",
        "sampling_prob": "抽样概率",
    }
    assert table.spec.values["verdict"] == {
        "违规": "violating",
        "合规": "compliant",
        "存疑": "unclear",
    }
    assert table.spec.list_separator == ";"
    assert table.spec.time_formats == ("%Y年%m月%d日 %H:%M",)
    (design,) = table.designs
    assert (design.basis, design.queue) == ("logged", "随机抽检")
    assert doubts(proposal) == {"zone", "design_kind"}


def test_the_proposal_is_sound_settings_in_both_languages(write: Write) -> None:
    proposal = propose([write("人审.csv", REVIEWS)])
    for language in Language:
        settings = settings_of(proposal, language)
        assert settings.mapping["reviews"] == only(proposal).spec
        assert settings.designs["audit"].queues == ("随机抽检",)
        assert settings.sources["reviews"] == tuple(str(p) for p in only(proposal).files)


def test_reviewers_are_pseudonyms_already_in_the_preview(write: Write) -> None:
    table = only(propose([write("人审.csv", REVIEWS)]))
    shown = json.dumps(table.record(), ensure_ascii=False)
    assert "u1" not in shown
    assert len(table.preview) == 5
    assert "2026-05-01 08:00:00+00:00" in shown


DECISIONS = (
    "event_id,creative_id,ts,verdict,decided_by,reason\n"
    "1,a1,2026-05-01T00:00:00Z,PASS,model,\n"
    "2,a2,2026-05-01T00:00:01Z,PASS,rule,\n"
    "3,a3,2026-05-01T00:00:02Z,REJECT,machine,gambling\n"
    "4,a4,2026-05-01T00:00:03Z,FOO,model,gambling\n"
)


def test_what_is_not_sure_is_left_as_a_comment(write: Write) -> None:
    proposal = propose([write("decisions.csv", DECISIONS)])
    table = only(proposal)
    assert table.table == "decisions"
    assert table.spec.columns["action"] == "verdict"
    assert table.spec.values == {"action": {"PASS": "approve"}}
    assert doubts(proposal) == {"value_unknown", "value_likely"}
    text = proposal.toml()
    assert '# "FOO" = "?"' in text
    assert '# "machine" = "model"' in text
    assert "FOO" not in str(settings_of(proposal).mapping)


def test_a_column_that_is_needed_and_not_found_is_asked_for(write: Write) -> None:
    text = DECISIONS.replace("decided_by", "zzz")
    proposal = propose([write("decisions.csv", text)])
    assert [need.column for need in only(proposal).needed] == ["source"]
    assert '# source = "?"' in proposal.toml()


def test_dates_that_may_be_either_are_asked_about(write: Write) -> None:
    rows = "".join(f"i{n},a{n},0{n}/03/2026 10:00:00\n" for n in range(1, 9))
    proposal = propose([write("appeals.csv", "appeal_id,ad_id,filed_at\n" + rows)])
    assert {"day_month", "zone", "refused"} <= doubts(proposal)
    text = proposal.toml()
    assert '# time_formats = ["%d/%m/%Y %H:%M:%S"]' in text
    assert '# time_formats = ["%m/%d/%Y %H:%M:%S"]' in text


def test_mixed_formats_in_one_column_are_all_set(write: Write) -> None:
    rows = "i1,a1,25/03/2026 10:00:00\ni2,a2,26/03/2026\ni3,a3,2026-03-27 10:00:00\n"
    table = only(propose([write("appeals.csv", "appeal_id,ad_id,filed_at\n" + rows)]))
    assert set(table.spec.time_formats) == {"%d/%m/%Y %H:%M:%S", "%d/%m/%Y"}


def test_a_random_queue_without_probability_has_to_be_declared(write: Write) -> None:
    header = "review_id,ad_id,reviewer,queue,verdict,decided_at\n"
    rows = "r1,a1,u1,random_audit,violating,2026-05-01T00:00:00Z\n"
    proposal = propose([write("reviews.csv", header + rows)])
    assert "design_declare" in doubts(proposal)
    assert settings_of(proposal).designs == {}
    bare = proposal.toml().replace("# [designs", "[designs")
    for key in ("kind", "basis", "by", "queues"):
        bare = bare.replace(f"# {key} =", f"{key} =")
    design = parse_settings(template(name="x", mapping=bare)).designs["random_audit"]
    assert (design.basis, design.by) == ("declared", "NAME")


def test_reviews_without_any_draw_say_what_that_means(write: Write) -> None:
    header = "review_id,ad_id,reviewer,queue,is_violating,decided_at\n"
    rows = "r1,a1,u1,high,1,2026-05-01T00:00:00Z\nr2,a2,u1,high,0,2026-05-01T00:00:00Z\n"
    proposal = propose([write("reviews.csv", header + rows)])
    assert "no_design" in doubts(proposal)
    assert only(proposal).spec.values["verdict"] == {"0": "compliant", "1": "violating"}


def test_yes_and_no_are_not_read_into_a_column_that_does_not_say_what_of(write: Write) -> None:
    header = "review_id,ad_id,reviewer,queue,label,decided_at\n"
    rows = "r1,a1,u1,high,1,2026-05-01T00:00:00Z\nr2,a2,u1,high,0,2026-05-01T00:00:00Z\n"
    proposal = propose([write("reviews.csv", header + rows)])
    assert "verdict" not in only(proposal).spec.values


def test_a_percentage_is_not_taken_for_a_probability(write: Write) -> None:
    header = "review_id,ad_id,reviewer,verdict,decided_at,sampling_rate\n"
    rows = "r1,a1,u1,violating,2026-05-01T00:00:00Z,5\n"
    assert "probability_scale" in doubts(propose([write("reviews.csv", header + rows)]))


def test_everything_queued_and_reviewed_is_a_census(write: Write) -> None:
    header = "review_id,ad_id,reviewer,queue,queue_reason,verdict,decided_at,sampling_prob\n"
    rows = "r1,a1,u1,high,model,violating,2026-05-01T00:00:00Z,1\n"
    table = only(propose([write("reviews.csv", header + rows)]))
    assert [(design.kind, design.queue) for design in table.designs] == [("census", "high")]


def test_many_kinds_of_files_are_told_apart(write: Write, tmp_path: Path) -> None:
    write("x/decisions.csv", DECISIONS)
    write("x/impr.csv", "ad_id,dt,曝光量,点击,消耗\na1,2026-05-01,10,1,0.5\n")
    write("x/s.jsonl", '{"ad_id": "a1", "model_name": "m", "model_version": "1", "score": 0.5}\n')
    write("x/notes.csv", "a,b\n1,2\n")
    write("x/empty.csv", "")
    ads = {"ad_id": ["a1"], "title": ["t"], "created_at": ["2026-05-01T00:00:00Z"]}
    pq.write_table(pa.table(ads), tmp_path / "x" / "part.parquet")
    proposal = propose([tmp_path / "x"])
    assert [table.table for table in proposal.tables] == [
        "ads", "decisions", "scores", "impressions",
    ]  # fmt: skip
    assert {message.id for message in proposal.strangers} == {
        "propose.no_table",
        "propose.unreadable",
    }
    assert "also_holds" not in doubts(proposal)


def test_a_folder_of_equal_files_becomes_a_glob(write: Write, tmp_path: Path) -> None:
    write("x/decisions-1.csv", DECISIONS)
    write("x/decisions-2.csv", DECISIONS)
    assert only(propose([tmp_path / "x"])).files == (tmp_path / "x" / "*.csv",)
    write("x/decisions-2.csv", DECISIONS.replace("reason", "违规原因"))
    assert "other_columns" in doubts(propose([tmp_path / "x"]))


def test_a_file_with_scores_and_labels_says_that_it_holds_both(write: Write) -> None:
    text = "id,text,score,model,label_toxic,worker\n1,hello,0.5,m,1,w1\n2,you,0.1,m,0,w2\n"
    proposal = propose([write("reviews.csv", text.replace("id,", "ad_id,", 1))])
    assert "also_holds" in doubts(proposal)


def test_files_that_are_not_there_or_no_logs_are_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no log file"):
        propose([tmp_path / "gone.csv"])
    with pytest.raises(DataError, match="no file looks like a log"):
        propose([write("notes.csv", "a,b\n1,2\n")])


@settings(max_examples=15)
@given(
    names=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4, unique=True),
    value=st.text(max_size=20),
)
def test_no_text_breaks_the_proposal_or_its_toml(
    names: list[str], value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("odd") / "decisions.jsonl"
    record = {
        "decision_id": "1", "ad_id": "a", "decided_at": "2026-05-01T00:00:00Z",
        "action": value, "source": "model", **dict.fromkeys(names, value),
    }  # fmt: skip
    path.write_bytes(json.dumps(record).encode())
    try:
        proposal = propose([path])
    except DataError:
        return
    settings_of(proposal)
