"""Columns that hold personal data are pseudonyms to who must not see them, however they ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shroff.domain.roles import Role
from shroff.errors import ConfigError
from shroff.store.hiding import MARK
from shroff.store.narrowing import narrow
from shroff.store.settings import parse_settings
from shroff.workspace import Workspace

HIDDEN = frozenset({"advertiser_id", "ads.title"})
ADS = """ad_id,ad_version,advertiser_id,title,body,market,created_at
a1,1,adv-secret-1,Secret one,Call me,US,2026-05-01T00:00:00Z
a2,1,adv-secret-1,,Call me,US,2026-05-01T00:00:00Z
a3,1,adv-secret-2,Secret two,Call me,BR,2026-05-01T00:00:00Z
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace.create(tmp_path_factory.mktemp("hide") / "w")
    file = workspace.root / "ads.csv"
    file.write_text(ADS, encoding="utf-8")
    workspace.ingest("ads", [file])
    return workspace


@pytest.fixture
def hidden(whole: Workspace) -> Workspace:
    return replace(whole, hidden=HIDDEN)


def test_values_are_pseudonyms_that_count_and_join_alike(
    whole: Workspace, hidden: Workspace
) -> None:
    asked = (
        "SELECT COUNT(DISTINCT advertiser_id) AS who, COUNT(a.title) AS titles, COUNT(*) AS ads,"
        " COUNT(DISTINCT a.advertiser_id || b.market) AS pairs FROM ads AS a"
        " JOIN ads AS b USING (advertiser_id)"
    )
    with whole.engine() as plain, hidden.engine() as engine:
        assert engine.query(asked).to_pylist() == plain.query(asked).to_pylist()
        rows = engine.query("SELECT * FROM ads ORDER BY ad_id").to_pylist()
    assert "secret" not in str(rows).lower()
    assert all(row["advertiser_id"].startswith(MARK) for row in rows)
    assert rows[0]["advertiser_id"] == rows[1]["advertiser_id"] != rows[2]["advertiser_id"]
    assert [row["title"] is None for row in rows] == [False, True, False]
    assert rows[0]["body"] == "Call me"


def test_a_value_that_is_known_cannot_be_asked_for(hidden: Workspace) -> None:
    with hidden.engine() as engine:
        narrow(engine, {"advertiser_id": ["adv-secret-1"]})
        assert engine.query("SELECT * FROM ads").num_rows == 0
    with hidden.engine() as engine:
        (name,) = engine.query("SELECT advertiser_id FROM ads WHERE ad_id = 'a3'").to_pylist()
        narrow(engine, {"advertiser_id": [name["advertiser_id"]]})
        assert engine.query("SELECT ad_id FROM ads").to_pylist() == [{"ad_id": "a3"}]


def test_searching_does_not_find_what_is_hidden(whole: Workspace, hidden: Workspace) -> None:
    assert whole.rules.find("secret").ads == 2
    assert hidden.rules.find("secret").ads == 0
    assert hidden.rules.find("call me").ads == 3
    assert "secret" not in str(hidden.rules.find("call me").record()).lower()


def test_other_numbers_and_keys_are_gone_too(whole: Workspace) -> None:
    everything = replace(whole, hidden=frozenset({"CREATED_AT", "Market"}))
    with everything.engine() as engine:
        rows = engine.query("SELECT created_at, market FROM ads").to_pylist()
    assert all(row["created_at"] is None for row in rows)
    assert all(row["market"].startswith(MARK) for row in rows)


def test_free_sql_is_refused_where_it_could_read_around(hidden: Workspace) -> None:
    with pytest.raises(ConfigError, match="cannot ask in SQL"):
        hidden.sql("SELECT * FROM read_parquet('lake/ads/*.parquet')")


def test_cubes_are_neither_read_nor_written_where_columns_are_hidden(hidden: Workspace) -> None:
    with hidden.engine() as engine:
        assert hidden.upkeep(engine).hidden == HIDDEN


def test_spark_refuses_rather_than_show(whole: Workspace) -> None:
    asking = replace(whole, settings=whole.settings.asking("spark"), hidden=HIDDEN)
    with pytest.raises(ConfigError, match="Spark cannot hide"), asking.engine():
        pass


def test_pseudonyms_differ_from_workspace_to_workspace(hidden: Workspace, tmp_path: Path) -> None:
    other = Workspace.create(tmp_path / "other")
    file = other.root / "ads.csv"
    file.write_text(ADS, encoding="utf-8")
    other.ingest("ads", [file])
    asked = "SELECT advertiser_id FROM ads WHERE ad_id = 'a1'"
    with hidden.engine() as one, replace(other, hidden=HIDDEN).engine() as two:
        assert one.query(asked).to_pylist() != two.query(asked).to_pylist()


def test_settings_say_from_which_role_on_a_column_is_seen() -> None:
    said = '[web.hide]\nadvertiser_id = "approver"\n"reviews.reviewer_id" = "admin"\n'
    web = parse_settings(said).web
    assert web.hidden_from(Role.VIEWER) == {"advertiser_id", "reviews.reviewer_id"}
    assert web.hidden_from(Role.APPROVER) == {"reviews.reviewer_id"}
    assert web.hidden_from(Role.ADMIN) == frozenset()


@pytest.mark.parametrize(
    ("column", "told"),
    [("ad_id", "joins the logs"), ("nothing.title", "no table"), ("a b", "must be a column")],
)
def test_columns_that_cannot_be_hidden_are_told(column: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_settings(f'[web.hide]\n"{column}" = "admin"\n')
