"""Source columns that nothing asked for: kept, or left out by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shroff.errors import ConfigError
from shroff.store.ingest import ingest
from shroff.store.mapping import MappingSpec

if TYPE_CHECKING:
    from conftest import Bench

LOG = b"change_id,at,Person,team\nc1,2026-01-01,ann,red\n"


def test_a_column_left_out_is_nowhere_in_the_lake(bench: Bench) -> None:
    report = bench.take(LOG, leave_out=["person"])
    assert (report.inserted, report.notes) == (1, ())
    assert "team" in bench.stored("changes").column_names
    assert "Person" not in bench.stored("changes").column_names
    assert b"ann" not in b"".join(
        path.read_bytes() for path in bench.lake.root.rglob("*") if path.is_file()
    )


def test_a_row_that_differs_only_in_what_is_left_out_is_the_same_row(bench: Bench) -> None:
    bench.take(LOG, leave_out=["Person"])
    again = bench.take(LOG.replace(b"ann", b"bob"), leave_out=["Person"])
    assert (again.unchanged, again.corrected) == (1, 0)


def test_a_misspelt_column_to_leave_out_is_refused_since_it_would_be_kept(bench: Bench) -> None:
    with pytest.raises(ConfigError, match="no source column 'Persona'; did you mean 'Person'"):
        bench.take(LOG, leave_out=["Persona"])


def test_a_column_to_leave_out_that_only_some_files_lack_is_noted(bench: Bench) -> None:
    bench.put(LOG, name="logs/a.csv")
    bench.put(b"change_id,at\nc2,2026-01-02\n", name="logs/b.csv")
    spec = MappingSpec(leave_out=("Person",))
    report = ingest(bench.lake, "changes", [bench.folder / "logs"], mapping=spec, threads=1)
    assert report.inserted == 2
    assert ["b.csv: leave_out: no source column 'Person'" in note for note in report.notes] == [
        True
    ]
