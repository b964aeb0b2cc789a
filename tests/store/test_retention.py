from __future__ import annotations

import gzip
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.errors import EngineError
from shroff.store.catalog import Catalog
from shroff.store.catalog_findings import Finding
from shroff.store.duckdb import DuckDBEngine
from shroff.store.forgetting import forget, kept_out
from shroff.store.ingest import ingest
from shroff.store.kept import KeptState, KeptStore
from shroff.store.lake import Lake
from shroff.store.mentions import files_that_mention
from shroff.store.retention import forget_advertiser, forget_reviewer, remove_expired

GONE, STAYS = "adv-gone-0001", "adv-stays-0002"
PERSON, COLLEAGUE = "zhang.wei@example.com", "li.na@example.com"

ADS = f"""ad_id,ad_version,advertiser_id,created_at,title
ad-x,1,{GONE},2026-05-01T00:00:00Z,one
ad-x,2,{GONE},2026-05-02T00:00:00Z,two
ad-y,1,{STAYS},2026-05-01T00:00:00Z,three
ad-z,1,{GONE},not a time,four
"""
CORRECTED = ADS.replace("one", "corrected")
DECISIONS = """decision_id,ad_id,decided_at,action,source
d-1,ad-x,2026-05-01T00:01:00Z,approve,model
d-2,ad-y,2026-05-01T00:01:00Z,approve,model
d-3,ad-x,2026-05-01T00:01:00Z,WHAT,model
d-4,ad-y,2026-05-01T00:01:00Z,WHAT,model
"""
REVIEWS = f"""review_id,ad_id,reviewer_id,checker,enqueued_at,decided_at,verdict
r-1,ad-x,{PERSON},{COLLEAGUE},2026-05-01T00:01:00Z,2026-05-01T00:02:00Z,compliant
r-2,ad-y,{PERSON},{COLLEAGUE},2026-05-01T00:01:00Z,2026-05-01T00:02:00Z,compliant
r-3,ad-y,{COLLEAGUE},{COLLEAGUE},2026-05-01T00:01:00Z,2026-05-01T00:02:00Z,compliant
r-4,ad-y,{PERSON},{COLLEAGUE},2026-05-01T00:01:00Z,2026-05-01T00:02:00Z,HM
r-5,ad-y,{COLLEAGUE},{PERSON},2026-05-01T00:01:00Z,2026-05-01T00:02:00Z,compliant
"""
IMPRESSIONS = """ad_id,day,impressions
ad-x,2026-05-01,10
ad-y,2026-05-01,20
"""


def put(lake: Lake, table: str, text: str) -> None:
    path = lake.root.parent.parent / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    ingest(lake, table, [path])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with history: corrections, compaction, quarantine, several versions."""
    root = tmp_path_factory.mktemp("told") / "workspace"
    lake = Lake(root / "lake")
    put(lake, "ads", ADS)
    put(lake, "ads", CORRECTED)
    lake.compact("ads")
    put(lake, "decisions", DECISIONS)
    put(lake, "reviews", REVIEWS)
    put(lake, "impressions", IMPRESSIONS)
    return root


@pytest.fixture
def lake(told: Path, tmp_path: Path) -> Lake:
    shutil.copytree(told, tmp_path / "workspace")
    return Lake(tmp_path / "workspace" / "lake")


def bytes_hold(folder: Path, words: Sequence[str]) -> list[str]:
    """Search without our own search: raw bytes, and every value of every Parquet file."""
    holding: list[str] = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        text = path.read_bytes()
        if path.suffix == ".parquet":
            text += repr(pq.read_table(path).to_pylist()).encode()
        if any(word.encode() in text for word in words):
            holding.append(str(path.relative_to(folder)))
    return holding


def column(lake: Lake, sql: str) -> list[object]:
    with DuckDBEngine(lake, spill=lake.root / "spill") as engine:
        return engine.query(sql).column(0).to_pylist()


def test_the_story_is_as_told_before_anything_is_forgotten(lake: Lake) -> None:
    assert bytes_hold(lake.root, [GONE])
    assert bytes_hold(lake.root, ["ad-x"])
    assert any(path.startswith("ads_history") for path in bytes_hold(lake.root, [GONE]))
    assert bytes_hold(lake.root / "_quarantine", ["ad-x", "r-4"])
    assert bytes_hold(lake.root, [PERSON])


def test_an_advertiser_is_gone_down_to_the_bytes_of_old_states(lake: Lake) -> None:
    (lake.root.parent / "shroff.toml").write_text(f"# {GONE}", encoding="utf-8")
    (lake.root.parent / "notes.txt").write_text(f"not {GONE}2", encoding="utf-8")
    erasure = forget_advertiser(lake, GONE)
    assert bytes_hold(lake.root, [GONE, "ad-x"]) == []
    assert erasure.remaining == ()
    assert erasure.searched == 1
    assert set(erasure.removed) == {
        "ads", "decisions", "reviews", "impressions", "_quarantine",
    }  # fmt: skip


def test_what_was_counted_and_kept_goes_with_the_rows(lake: Lake) -> None:
    store = KeptStore(lake.root)
    for part in ("names", "old names"):
        with store.writer() as writer:
            file = writer.write(pa.table({"ad_id": ["ad-x"], "of": [part]}).to_batches())
            assert file is not None
            state = KeptState(
                definition="any", sources={}, number=1, files={"frame": (file,)}, columns={}
            )
            writer.publish(state)
    assert len(bytes_hold(store.root, ["ad-x"])) == 2
    forget_advertiser(lake, GONE)
    assert bytes_hold(lake.root, [GONE, "ad-x"]) == []
    assert store.state() is None


def test_nobody_counts_while_rows_are_removed(lake: Lake) -> None:
    with (
        KeptStore(lake.root).closed(),
        pytest.raises(EngineError, match="another process is writing"),
    ):
        lake.purge("ads", "TRUE")
    assert column(lake, "SELECT COUNT(*) FROM ads")[0] > 0


def test_the_others_stay_as_they_were(lake: Lake) -> None:
    forget_advertiser(lake, GONE)
    assert column(lake, "SELECT ad_id FROM ads") == ["ad-y"]
    assert column(lake, "SELECT decision_id FROM decisions") == ["d-2"]
    assert column(lake, "SELECT COUNT(*) FROM reviews") == [3]
    assert bytes_hold(lake.root / "_quarantine", ["d-4"])


def test_a_reviewer_is_gone_by_the_id_of_the_files(lake: Lake) -> None:
    erasure = forget_reviewer(lake, PERSON)
    assert bytes_hold(lake.root, [PERSON]) == []
    assert column(lake, "SELECT review_id FROM reviews") == ["r-3"]
    assert erasure.removed == {"reviews": 3, "_quarantine": 1}


def test_a_reviewer_can_be_named_by_pseudonym(lake: Lake) -> None:
    (name,) = column(lake, "SELECT reviewer_id FROM reviews WHERE review_id = 'r-1'")
    forget_reviewer(lake, str(name))
    assert column(lake, "SELECT review_id FROM reviews ORDER BY 1") == ["r-3", "r-5"]
    assert bytes_hold(lake.root, [str(name)]) == []


def test_the_record_keeps_a_hash_and_never_the_id(lake: Lake) -> None:
    erasure = forget_advertiser(lake, GONE)
    assert GONE not in str({**erasure.record(), "remaining": []})
    assert erasure.subject == forget_advertiser(lake, GONE).subject
    assert erasure.subject != forget_advertiser(lake, STAYS).subject


def test_forgetting_twice_or_nobody_removes_nothing_more(lake: Lake) -> None:
    forget_advertiser(lake, GONE)
    assert forget_advertiser(lake, GONE).removed == {}
    assert forget_reviewer(lake, "nobody").removed == {}
    assert forget_advertiser(Lake(lake.root.parent / "empty"), GONE).removed == {}


def test_a_short_id_does_not_empty_the_quarantine(lake: Lake) -> None:
    assert "_quarantine" not in forget_advertiser(lake, "2").removed


def test_an_id_with_signs_of_sql_and_of_patterns_is_just_an_id(lake: Lake) -> None:
    odd = "o'n (a|b)*"
    put(lake, "ads", f'ad_id,created_at,advertiser_id\nad-o,2026-05-01T00:00:00Z,"{odd}"\n')
    assert forget_advertiser(lake, odd).removed == {"ads": 1}
    assert bytes_hold(lake.root, [odd]) == []


def test_reports_and_leftovers_that_name_the_id_go_and_own_files_are_told(lake: Lake) -> None:
    root = lake.root.parent
    for place in ("reports/w1/figures.json", "tmp/spill.tmp", "logs/shroff-1.log"):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(f"slice {GONE}", encoding="utf-8")
    (root / "reports/w1/other.json").write_text("{}", encoding="utf-8")
    own = root / "logs/ads/ads.csv.gz"
    own.parent.mkdir(parents=True)
    own.write_bytes(gzip.compress(ADS.encode()))
    erasure = forget_advertiser(lake, GONE)
    assert erasure.remaining == (own,)
    assert (root / "reports/w1/other.json").exists()
    assert sorted(path.name for path in erasure.files) == [
        "figures.json", "shroff-1.log", "spill.tmp",
    ]  # fmt: skip


def test_ads_that_wait_to_be_labelled_leave_the_batch(lake: Lake) -> None:
    batch = lake.root.parent / "audits" / "batch.csv"
    batch.parent.mkdir()
    batch.write_text("ad_id,p\nad-x,0.1\nad-xy,0.1\nad-y,0.1\n", encoding="utf-8")
    forget_advertiser(lake, GONE)
    assert batch.read_text(encoding="utf-8") == "ad_id,p\nad-xy,0.1\nad-y,0.1\n"


def test_findings_that_name_somebody_go(lake: Lake) -> None:
    findings = Catalog(lake.root.parent / "catalog.sqlite").findings
    findings.keep(
        Finding(id=who, kind="advertiser", subject=who, detail={}) for who in ("a1", "a2")
    )
    forget_advertiser(lake, "a1")
    assert [each.subject for each in findings.findings()] == ["a2"]


def remembered(lake: Lake, kind: str, who: str) -> Catalog:
    catalog = Catalog(lake.root.parent / "catalog.sqlite")
    forget(lake, catalog, kind=kind, identity=who)
    return catalog


def again(lake: Lake, catalog: Catalog, table: str, text: str) -> int:
    path = lake.root.parent.parent / f"{table}-again.csv"
    path.write_text(text, encoding="utf-8")
    return kept_out(lake, catalog, ingest(lake, table, [path])).forgotten


def test_the_forgotten_do_not_come_back_with_their_files(lake: Lake) -> None:
    catalog = remembered(lake, "advertiser", GONE)
    # the ads, their decisions and the refused rows
    assert again(lake, catalog, "decisions", DECISIONS) == 2
    assert again(lake, catalog, "ads", ADS) == 3
    assert again(lake, catalog, "reviews", REVIEWS) == 1
    assert again(lake, catalog, "impressions", IMPRESSIONS) == 1
    assert bytes_hold(lake.root, [GONE, "ad-x"]) == []
    assert column(lake, "SELECT decision_id FROM decisions") == ["d-2"]
    assert column(lake, "SELECT COUNT(*) FROM reviews") == [3]


def test_a_new_ad_of_the_forgotten_takes_along_what_came_in_before_it(lake: Lake) -> None:
    catalog = remembered(lake, "advertiser", GONE)
    fresh = "d-9,ad-new,2026-06-01T00:01:00Z,approve,model\n"
    header = DECISIONS.splitlines(keepends=True)[0]
    assert again(lake, catalog, "decisions", header + fresh) == 0
    ads = f"ad_id,ad_version,advertiser_id,created_at\nad-new,1,{GONE},2026-06-01T00:00:00Z\n"
    assert again(lake, catalog, "ads", ads) == 2
    assert again(lake, catalog, "decisions", header + fresh.replace("d-9", "d-10")) == 1
    assert bytes_hold(lake.root, [GONE, "ad-new"]) == []


def test_a_forgotten_reviewer_does_not_come_back(lake: Lake) -> None:
    catalog = remembered(lake, "reviewer", PERSON)
    assert again(lake, catalog, "reviews", REVIEWS) == 4
    assert bytes_hold(lake.root, [PERSON]) == []
    assert column(lake, "SELECT review_id FROM reviews") == ["r-3"]


def test_a_tombstone_does_not_hold_the_id_and_nobody_else_is_removed(lake: Lake) -> None:
    catalog = remembered(lake, "advertiser", GONE)
    assert len(catalog.tombstones()) == 2
    assert GONE.encode() not in catalog.path.read_bytes()
    ads = f"ad_id,ad_version,advertiser_id,created_at\nad-q,1,{STAYS},2026-06-01T00:00:00Z\n"
    assert again(lake, catalog, "ads", ads) == 0


def test_rows_older_than_they_may_be_go_from_every_state(lake: Lake) -> None:
    now = datetime(2026, 5, 10, 12, tzinfo=UTC)
    removed = remove_expired(lake, {"ads": 9, "decisions": 365, "appeals": 9}, now=now)
    assert removed == {"ads": 3, "decisions": 0}
    assert column(lake, "SELECT ad_version FROM ads") == [2]
    assert bytes_hold(lake.root, [STAYS]) == []


def test_the_quarantine_has_a_limit_too(lake: Lake) -> None:
    removed = remove_expired(lake, {"quarantine": 9}, now=datetime(2100, 1, 1, tzinfo=UTC))
    assert removed["quarantine"] > 0
    assert bytes_hold(lake.root / "_quarantine", ["ad-x", "r-4"]) == []


def test_a_mention_across_the_seam_of_two_reads_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shroff.store.mentions._CHUNK_BYTES", 4)
    (tmp_path / "a.txt").write_text("xx needle xx", encoding="utf-8")
    (tmp_path / "b.gz").write_bytes(b"needle, not packed")
    (tmp_path / "c.parquet").write_bytes(b"PAR1 needle, cut short")
    (tmp_path / "d.txt").write_text("needles", encoding="utf-8")
    found, searched = files_that_mention(tmp_path, ["needle"])
    assert [path.name for path in found] == ["a.txt", "b.gz", "c.parquet"]
    assert searched == 4
