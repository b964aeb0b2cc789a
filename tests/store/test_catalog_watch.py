"""Is every change of the catalog seen, whoever makes it, and none told that there was not?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from shroff.errors import EngineError
from shroff.store.catalog import Catalog
from shroff.store.catalog_watch import CatalogWatch


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


@pytest.fixture
def watch(catalog: Catalog) -> Generator[CatalogWatch]:
    with closing(CatalogWatch(catalog.path)) as found:
        yield found


def test_the_first_look_reads_and_later_ones_only_what_changed(
    catalog: Catalog, watch: CatalogWatch
) -> None:
    assert watch.moved()
    assert not watch.moved()
    catalog.add_audit("model off", subject="judge", detail={})
    assert watch.moved()
    assert not watch.moved()


def test_a_change_of_another_process_is_seen(catalog: Catalog, watch: CatalogWatch) -> None:
    watch.moved()
    told = (
        "import sys; from pathlib import Path; from shroff.store.catalog import Catalog;"
        "Catalog(Path(sys.argv[1])).add_audit('model off', subject='judge', detail={})"
    )
    subprocess.run([sys.executable, "-c", told, str(catalog.path)], check=True)
    assert watch.moved()


def test_reading_alone_is_no_change(catalog: Catalog, watch: CatalogWatch) -> None:
    watch.moved()
    assert catalog.audits() == ()
    assert not watch.moved()


def test_a_catalog_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"no catalog at all" * 100)
    with (
        closing(CatalogWatch(tmp_path / "catalog.sqlite")) as watch,
        pytest.raises(EngineError, match="cannot be read"),
    ):
        watch.moved()
