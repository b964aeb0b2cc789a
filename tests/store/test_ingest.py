"""Files into the lake: counts that add up, corrections, mappings, faults in words."""

from __future__ import annotations

import gzip
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.errors import ConfigError, DataError, EngineError
from shroff.store.binding import bind
from shroff.store.connection import connect
from shroff.store.ingest import IngestProgress, ingest
from shroff.store.mapping import MappingSpec
from shroff.store.parquet import keeps_order
from shroff.store.pseudonyms import give_key
from shroff.store.schema import TABLES

if TYPE_CHECKING:
    from conftest import Bench

HEADER = b"change_id,at,kind,what\n"


def _log(*lines: str) -> bytes:
    return HEADER + "".join(f"{line}\n" for line in lines).encode()


def test_canonical_names_need_no_mapping_whatever_their_case(bench: Bench) -> None:
    report = bench.take(b"Change_ID,AT,Team\nc1,2026-01-01,red\n")
    assert (report.read, report.inserted) == (1, 1)
    (row,) = bench.rows('SELECT change_id, "at" IS NULL AS lost, kind, "Team" FROM changes')
    assert row == {"change_id": "c1", "lost": False, "kind": None, "Team": "red"}


def test_the_same_file_twice_adds_nothing(bench: Bench) -> None:
    body = _log("c1,2026-01-01,rule,x", "c2,2026-01-01,rule,y", "bad,never,rule,z")
    first, state = bench.take(body), bench.lake.snapshot()
    again = bench.take(body)
    assert (first.inserted, first.quarantined) == (2, 1)
    assert (again.inserted, again.unchanged, again.quarantined) == (0, 2, 1)
    assert bench.lake.snapshot() == state
    assert len(bench.refused()) == 1


def test_the_later_ingest_wins_and_the_older_row_stays_in_history(bench: Bench) -> None:
    bench.take(_log("c1,2026-01-01,rule,old", "c2,2026-01-01,rule,same"))
    report = bench.take(_log("c1,2026-01-01,rule,new", "c2,2026-01-01,rule,same"))
    assert (report.corrected, report.unchanged, report.inserted) == (1, 1, 0)
    rows = bench.rows("SELECT change_id, what FROM changes ORDER BY 1")
    assert [row["what"] for row in rows] == ["new", "same"]
    stored = bench.stored("changes").select(["what", "_version"]).to_pylist()
    assert {"what": "old", "_version": 1} in stored
    assert {"what": "new", "_version": 2} in stored


def test_the_later_row_of_one_ingest_wins(bench: Bench) -> None:
    body = _log("c1,2026-01-01,rule,a", "c1,2026-01-01,rule,a", "c1,2026-01-01,rule,b")
    report = bench.take(body)
    assert (report.inserted, report.unchanged, report.corrected) == (1, 1, 1)
    assert bench.rows("SELECT what FROM changes") == [{"what": "b"}]
    assert bench.take(body).unchanged == 3


def test_files_of_one_ingest_are_taken_in_order(bench: Bench) -> None:
    bench.put(_log("c1,2026-01-01,rule,first"), name="logs/2.csv")
    bench.put(_log("c1,2026-01-01,rule,second"), name="logs/10.csv")
    files = [bench.folder / "logs" / "2.csv", bench.folder / "logs" / "10.csv"]
    ingest(bench.lake, "changes", files, threads=1)
    assert bench.rows("SELECT what FROM changes") == [{"what": "second"}]


def test_a_row_that_comes_back_to_what_it_was_is_a_third_version(bench: Bench) -> None:
    for what in ("a", "b", "a"):
        bench.take(_log(f"c1,2026-01-01,rule,{what}"))
    assert bench.rows("SELECT what FROM changes") == [{"what": "a"}]
    assert sorted(bench.stored("changes").column("_version").to_pylist()) == [1, 2, 3]


def test_an_extra_column_that_is_empty_corrects_nothing(bench: Bench) -> None:
    bench.take(_log("c1,2026-01-01,rule,a"))
    report = bench.take(b"change_id,at,kind,what,team\nc1,2026-01-01,rule,a,\n")
    assert (report.unchanged, report.corrected) == (1, 0)
    report = bench.take(b"change_id,at,kind,what,team\nc1,2026-01-01,rule,a,red\n")
    assert report.corrected == 1


def test_a_key_without_its_optional_part_is_a_key(bench: Bench) -> None:
    body = b"ad_id,model,version,policy_id,score\na1,m,1,,0.5\na1,m,1,p1,0.6\n"
    assert bench.take(body, table="scores").inserted == 2
    assert bench.take(body, table="scores").unchanged == 2
    report = bench.take(body.replace(b"0.5", b"0.7"), table="scores")
    assert (report.corrected, report.unchanged) == (1, 1)
    assert len(bench.rows("SELECT * FROM scores")) == 2


def test_defaults_fill_what_is_missing(bench: Bench) -> None:
    bench.take(b"ad_id,model,version,score,shadow\na1,m,1,0.5,\n", table="scores")
    (row,) = bench.rows("SELECT ad_version, shadow, scored_at FROM scores")
    assert row == {"ad_version": 1, "shadow": False, "scored_at": None}


def test_every_refusal_says_where_and_why(bench: Bench) -> None:
    report = bench.take(
        _log(
            'c1,2026-01-01,rule,"two\nlines"',
            "c2,2026-02-30,rule,x",
            ",2026-01-01,rule,x",
            "c4,2026-01-01,ruel,x",
            "c5,1823-01-01,rule,x",
        )
    )
    assert (report.read, report.inserted, report.quarantined) == (5, 1, 4)
    shown = [(row["line"], row["column"], row["value"], row["reason"]) for row in bench.refused()]
    assert shown == [
        (4, "at", "2026-02-30", "bad_time"),
        (5, "change_id", None, "missing"),
        (6, "kind", "ruel", "unknown_value"),
        (7, "at", "1823-01-01", "out_of_range"),
    ]
    assert {row["file"] for row in bench.refused()} == {str(bench.folder / "log.csv")}
    assert bench.refused()[0]["raw"] == "c2,2026-02-30,rule,x"


def test_one_structural_fault_costs_one_row(bench: Bench) -> None:
    report = bench.take(_log("c1,2026-01-01,rule,x", "c2,2026-01-01", "c3,2026-01-01,rule,y"))
    assert (report.inserted, report.reasons) == (2, {"wrong_fields": 1})


@pytest.mark.parametrize("name", ["log.csv.gz", "log.jsonl", "log.tsv", "log.parquet"])
def test_each_format_gives_the_same_rows(bench: Bench, name: str) -> None:
    body = _log("c1,2026-01-01T00:00:00Z,rule,中文")
    if name.endswith("gz"):
        body = gzip.compress(body)
    elif name.endswith("tsv"):
        body = body.replace(b",", b"\t")
    elif name.endswith("jsonl"):
        body = '{"change_id":"c1","at":1767225600,"kind":"rule","what":"中文"}\n'.encode()
    else:
        sink = pa.BufferOutputStream()
        columns = {"change_id": ["c1"], "kind": ["rule"], "what": ["中文"]}
        moment = pa.array([1767225600000]).cast(pa.timestamp("ms"))
        pq.write_table(pa.table({**columns, "at": moment}), sink)
        body = sink.getvalue().to_pybytes()
    assert bench.take(body, name=name).inserted == 1
    assert bench.take(_log("c1,2026-01-01,rule,中文")).unchanged == 1


def test_a_key_of_json_with_a_nul_character_costs_that_row_only(bench: Bench) -> None:
    body = b'{"change_id":"c1","at":1767225600,"x\\u0000y":1}\n{"change_id":"c2","at":1767225600,"what":"a\\u0000b"}\n{"change_id":"c3","at":1767225600}\n'
    report = bench.take(body, name="log.jsonl")
    assert (report.read, report.inserted, report.quarantined) == (3, 2, 1)
    assert report.reasons == {"bad_json": 1}
    assert bench.refused()[0]["line"] == 1


def test_a_bad_row_of_parquet_is_refused_with_its_number(bench: Bench) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"change_id": ["c1", None], "at": ["2026-01-01", "2026-01-01"]}), sink)
    report = bench.take(sink.getvalue().to_pybytes(), name="log.parquet")
    assert (report.inserted, report.reasons) == (1, {"missing": 1})
    (row,) = bench.refused()
    assert (row["line"], row["column"]) == (2, "change_id")
    assert "2026-01-01" in str(row["raw"])


def test_a_mapping_renames_computes_translates_and_fixes(bench: Bench) -> None:
    report = bench.take(
        "id,t,k,who\nc1,01/02/2026 10:00,新规则,amy\nc2,2026-01-01T00:00:00Z,M,bob\n".encode(),
        columns={"change_id": "id", "at": "t", "kind": "k"},
        values={"kind": {"新规则": "rule", "m": "model"}},
        expressions={"what": "upper(who) || '/' || id"},
        constants={"scope": "all"},
        time_formats=["%d/%m/%Y %H:%M"],
        time_zone="Asia/Shanghai",
    )
    assert report.inserted == 2
    rows = bench.rows(
        'SELECT CAST("at" AS VARCHAR) AS t, kind, what, scope, who FROM changes ORDER BY change_id'
    )
    assert rows == [
        {"t": "2026-02-01 02:00:00+00", "kind": "rule", "what": "AMY/c1", "scope": "all", "who": "amy"},
        {"t": "2026-01-01 00:00:00+00", "kind": "model", "what": "BOB/c2", "scope": "all", "who": "bob"},
    ]  # fmt: skip


def test_all_faults_of_a_mapping_are_told_at_once(bench: Bench) -> None:
    with pytest.raises(ConfigError) as caught:
        bench.take(
            _log("c1,2026-01-01,rule,x"),
            columns={"knd": "kind", "what": "what"},
            expressions={"what": "1"},
            values={"kind": {"x": "modle"}},
            time_zone="Mars/Base",
            encoding="klingon",
            delimiter="||",
            time_formats=["%Q"],
        )
    for word in ("'kind'", "'model'", "Mars/Base", "klingon", "'||'", "'%Q'", "more than one"):
        assert word in caught.value.cause
    assert caught.value.where == "[mapping.changes]"


def test_a_mapping_that_does_not_fit_the_file_says_what_was_meant(bench: Bench) -> None:
    with pytest.raises(ConfigError) as caught:
        bench.take(
            b"chnge_id,at,wht\nc1,2026-01-01,x\n",
            columns={"what": "what"},
            expressions={"scope": "nothing + 1"},
        )
    for word in ("'chnge_id'", "'wht'", "expressions.scope", "nothing"):
        assert word in caught.value.cause
    assert bench.lake.snapshot() == {}


def test_an_expression_that_multiplies_rows_is_refused(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="one value"):
        bench.take(_log("c1,2026-01-01,rule,x"), expressions={"what": "unnest([1, 2])"})


def test_an_expression_that_fails_on_a_value_is_told_in_words(bench: Bench) -> None:
    with pytest.raises(ConfigError) as caught:
        bench.take(_log("c1,2026-01-01,rule,x"), expressions={"scope": "CAST(what AS INTEGER)"})
    assert "TRY_CAST" in caught.value.hint


def test_a_file_without_an_optional_column_is_read_and_noted(bench: Bench) -> None:
    bench.put(b"change_id,at,w\nc1,2026-01-01,x\n", name="logs/a.csv")
    bench.put(b"change_id,at\nc2,2026-01-01\n", name="logs/b.csv")
    bench.put(b"id,at,w\nc3,2026-01-01,x\n", name="logs/c.csv")

    spec = MappingSpec(columns={"what": "w"})
    report = ingest(bench.lake, "changes", [bench.folder / "logs"], mapping=spec, threads=1)
    assert (report.files, report.read, report.inserted) == (3, 3, 2)
    assert report.reasons == {"missing_column": 1}
    (note,) = report.notes
    assert "b.csv" in note
    assert "'w'" in note


def test_an_unreadable_file_does_not_keep_the_others_out(bench: Bench) -> None:
    bench.put(_log("c1,2026-01-01,rule,x"), name="logs/a.csv")
    bench.put(b"", name="logs/b.csv")
    bench.put(b"PAR1 not really", name="logs/c.parquet")
    bench.put(b"change_id,at,at\nc2,2026-01-01,2026-01-02\n", name="logs/d.csv")
    report = ingest(bench.lake, "changes", [bench.folder / "logs"], threads=1)
    assert (report.inserted, report.read) == (1, 4)
    assert report.reasons == {"empty_file": 1, "unreadable": 1, "duplicate_header": 1}


@pytest.mark.parametrize("body", [b"", b"\0\1\2" * 50])
def test_when_no_file_can_be_read_that_is_an_error(bench: Bench, body: bytes) -> None:
    with pytest.raises(DataError):
        bench.take(body)


def test_a_file_with_only_a_header_is_no_error(bench: Bench) -> None:
    assert bench.take(HEADER).read == 0


def test_a_file_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.csv"):
        ingest(bench.lake, "changes", [bench.folder / "nowhere.csv"])


def test_a_table_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="chnges"):
        bench.take(HEADER, table="chnges")


def test_progress_is_told_and_ends_with_everything_read(bench: Bench) -> None:
    told: list[IngestProgress] = []
    path = bench.put(_log("c1,2026-01-01,rule,x"))
    ingest(bench.lake, "changes", [path], progress=told.append, threads=1)
    assert [each.step for each in told] == ["reading", "comparing", "writing"]
    assert told[0].bytes == told[-1].bytes_done == path.stat().st_size
    assert (told[0].bytes_done, told[-1].rows, told[-1].files_done) == (0, 1, 1)


def test_an_interruption_leaves_nothing_behind(bench: Bench) -> None:
    def interrupted(progress: IngestProgress) -> None:
        if progress.step == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(bench.lake, "changes", [bench.put(_log("c1,2026-01-01,,"))], progress=interrupted)
    assert bench.lake.snapshot() == {}
    assert not list((bench.lake.root / "_staging").iterdir())
    assert bench.take(_log("c1,2026-01-01,,")).inserted == 1


def test_a_second_ingest_at_the_same_time_is_refused(bench: Bench) -> None:
    with bench.lake.lock(), pytest.raises(EngineError, match=str(os.getpid())):
        bench.take(_log("c1,2026-01-01,,"))


def test_reviewer_ids_become_pseudonyms_that_stay_the_same(bench: Bench) -> None:
    body = b"review_id,ad_id,reviewer_id\nr1,a1,alice@example.org\nr2,a1,\n"
    bench.take(body, table="reviews")
    (first, second) = bench.rows("SELECT reviewer_id FROM reviews ORDER BY review_id")
    name = str(first["reviewer_id"])
    assert (len(name), name[:2], second["reviewer_id"]) == (18, "r_", None)
    assert bench.take(body, table="reviews").unchanged == 2
    exported = body.replace(b"alice@example.org", name.encode())
    assert bench.take(exported, table="reviews").unchanged == 2
    assert (bench.folder / ".shroff-key").stat().st_mode & 0o777 == 0o600


def test_no_byte_of_the_lake_names_a_reviewer(bench: Bench) -> None:
    bench.take(
        b"review_id,ad_id,reviewer_id,severity,note\n"
        b"r1,a1,Zebedee,3,fine\nr2,a1,Zebedee,9,Zebedee again\nr3,a1,Zebedee\n",
        table="reviews",
    )
    assert {row["reason"] for row in bench.refused()} == {"out_of_range", "wrong_fields"}
    kept = [path for path in bench.lake.root.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"Zebedee" in path.read_bytes()]


def test_columns_of_an_expression_that_makes_a_reviewer_id_are_not_kept(bench: Bench) -> None:
    bench.take(
        b"review_id,ad_id,first,last,site\nr1,a1,Ann,Lee,SG\n",
        table="reviews",
        expressions={"reviewer_id": "first || last"},
    )
    with bench.engine() as engine:
        names = set(engine.columns("reviews"))
    assert "site" in names
    assert not names & {"first", "last"}


def test_many_small_files_become_few(bench: Bench) -> None:
    for number in range(12):
        bench.put(_log(f"c{number},2026-01-01,rule,x"), name=f"logs/{number}.csv")
    report = ingest(bench.lake, "changes", [bench.folder / "logs"], threads=1)
    assert report.inserted == 12
    assert len(bench.lake.files("changes")) == 1


def test_an_extra_column_keeps_the_type_it_came_with_first(bench: Bench) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"change_id": ["c1"], "at": ["2026-01-01"], "n": [5]}), sink)
    bench.take(sink.getvalue().to_pybytes(), name="log.parquet")
    report = bench.take(b"change_id,at,n\nc2,2026-01-01,7\nc3,2026-01-01,many\n")
    assert (report.inserted, report.reasons) == (1, {"bad_type": 1})
    rows = bench.rows("SELECT n FROM changes ORDER BY change_id")
    assert rows == [{"n": 5}, {"n": 7}]


def test_extra_columns_get_names_that_every_engine_takes(bench: Bench) -> None:
    bench.take(b"change_id,at,my col,My Col,_version,market=\nc1,2026-01-01,a,b,c,d\n")
    with bench.engine() as engine:
        names = list(engine.columns("changes"))
    assert names[6:] == ["my_col", "My_Col_2", "version", "market_"]


def test_two_source_columns_may_both_be_times(bench: Bench) -> None:
    body = b"appeal_id,ad_id,FILED,decided_at\np1,a1,2026-01-01 08:00,1767312000000\n"
    bench.take(body, table="appeals", columns={"filed_at": "FILED"}, time_zone="Asia/Shanghai")
    (row,) = bench.rows(
        "SELECT CAST(filed_at AS VARCHAR) AS a, CAST(decided_at AS VARCHAR) AS b FROM appeals"
    )
    assert row == {"a": "2026-01-01 00:00:00+00", "b": "2026-01-02 00:00:00+00"}


def test_memory_of_the_reader_is_given_back(bench: Bench) -> None:
    lines = [f"c{n},2026-01-01,rule,{'x' * 200}" for n in range(20_000)]
    report = ingest(bench.lake, "changes", [bench.put(_log(*lines))], memory_gb=0.2, threads=1)
    assert report.inserted == 20_000
    assert not list(Path(bench.lake.root / "_staging").iterdir())


@pytest.mark.parametrize(
    "mapping", [{}, {"expressions": {"scope": "what IN ('a','b','c','d','e','f')"}}]
)
def test_rows_keep_their_order_and_lines_in_a_long_file(
    bench: Bench, mapping: dict[str, object]
) -> None:
    lines = [f"c{n},2026-01-01,rule,w{n}" for n in range(300_000)]
    for place in (7, 130_000, 299_999):
        lines[place] = f"c{place},never,rule,w{place}"
    lines[200_000] = "c200001,2026-01-01,rule,earlier"
    report = bench.take(_log(*lines), **mapping)
    assert report.reasons == {"bad_time": 3}
    assert [row["line"] for row in bench.refused()] == [9, 130_002, 300_001]
    assert bench.rows("SELECT what FROM changes WHERE change_id = 'c200001'") == [
        {"what": "w200001"}
    ]


@pytest.mark.parametrize("table", list(TABLES))
def test_no_join_disturbs_the_order_of_any_table(bench: Bench, table: str) -> None:
    names = [column.name for column in TABLES[table].columns]
    with closing(connect(spill=bench.folder / "spill")) as connection:
        source = dict.fromkeys([*names, "extra"], "VARCHAR")
        plan, misfits = bind(
            TABLES[table], MappingSpec(), connection=connection, source=source, stored={}
        )
        log = bench.put(",".join(source).encode() + b"\n", name="log.csv")
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in source)
        relation = (
            f"SELECT *, CAST(NULL AS VARCHAR) AS _fault FROM read_csv('{log}', "
            f"auto_detect=false, header=true, columns={{{types}}})"
        )
        give_key(connection, bench.lake.root)
        query = plan.staged(relation, ingest="i", at="2026-01-01")
        assert not misfits
        assert keeps_order(connection, query)


def test_two_columns_of_one_name_matter_only_where_that_name_is_taken(bench: Bench) -> None:
    report = bench.take(b"change_id,at,a,A,what\nc1,2026-01-01,1,2,x\n")
    assert report.inserted == 1
    assert bench.rows('SELECT a, "A_2" AS b FROM changes') == [{"a": "1", "b": "2"}]
    with pytest.raises(ConfigError, match="two columns"):
        bench.take(b"change_id,at,what,What\nc1,2026-01-01,1,2\n")
