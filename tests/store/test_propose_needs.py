"""Columns that a file lacks, and columns that nothing was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.domain.messages import Language
from shroff.store.propose import TableProposal, propose
from shroff.store.settings import parse_settings
from shroff.store.settings_template import template

HEADER = "广告ID,广告主,机审时间,机审结论,命中政策,内部备注"
ROWS = "a1,x,2026-05-01 10:00:00,机审通过,,m\na2,y,2026-05-01 10:00:01,机审拒绝,赌博,n\n"


@pytest.fixture
def decisions(tmp_path: Path) -> TableProposal:
    path = tmp_path / "机审.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    (table,) = propose([path]).tables
    assert table.table == "decisions"
    return table


def test_plain_chinese_headers_are_understood(decisions: TableProposal) -> None:
    assert decisions.spec.columns == {
        "ad_id": "广告ID",
        "decided_at": "机审时间",
        "action": "机审结论",
        "policy_id": "命中政策",
    }


def test_a_needed_column_says_its_values_and_a_constant(decisions: TableProposal) -> None:
    need = next(each for each in decisions.needed if each.column == "source")
    text = need.doubt.text()
    assert "rule/model/llm/human" in text
    assert 'constants = { source = "model" }' in text


def test_columns_that_nothing_was_made_of_are_named(decisions: TableProposal) -> None:
    (extras,) = (doubt for doubt in decisions.doubts if doubt.id == "propose.extras")
    assert extras.params["columns"] == "广告主, 内部备注"
    assert "leave_out" in extras.text()


@pytest.mark.parametrize("language", Language)
def test_suggested_lines_are_sound_settings(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "机审.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    text = propose([path]).toml(language)
    for key in ("constants", "expressions"):
        assert f"\n# {key} = " in text
        text = text.replace(f"\n# {key} = ", f"\n{key} = ")
    spec = parse_settings(template(name="x", mapping=text)).mapping["decisions"]
    assert spec.constants == {"source": "model"}
    assert spec.expressions == {"decision_id": 'concat("广告ID", \'-\', "机审时间")'}


def test_every_file_of_a_table_names_its_extras(tmp_path: Path) -> None:
    for name, extra in (("a", "one"), ("b", "one"), ("c", "two")):
        text = f"review_id,ad_id,verdict,reviewer_id,{extra}\nr1,a1,violating,u,1\n"
        (tmp_path / f"reviews_{name}.csv").write_text(text, encoding="utf-8")
    (table,) = propose([tmp_path]).tables
    found = [doubt.params["columns"] for doubt in table.doubts if doubt.id == "propose.extras"]
    assert found == ["one", "two"]
