"""Compiled packs: kept in a cache that is safe to read, the same as when they were made."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from shroff.rules.clauses import AllOf, AnyOf, Column, ColumnTest, Condition, Near, Regex, Term
from shroff.rules.compile import compiled, digest_of
from shroff.rules.compiled import Compiled, read_compiled, write_compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack, Rule

TEXTS = ["减肥 7天瘦", "free cash", "x", "减肥 free"]
CONDITIONS: tuple[Condition, ...] = (
    AnyOf((Term("减肥"), Term("free"))),
    AllOf((Term("减肥"), Near((Regex(r"\d天"), Term("瘦")), 3))),
    AllOf((Term("free"), Column("age", ColumnTest.BELOW, (30,), missing=True))),
)
PACK = Pack(
    "p",
    rules=tuple(
        Rule(f"R{n}", one, allow=(Term("free of"),), markets=("CN",))
        for n, one in enumerate(CONDITIONS)
    ),
)


def same(one: Compiled, other: Compiled) -> bool:
    return bool(Scanner(one).texts(TEXTS).equals(Scanner(other).texts(TEXTS)))


def test_what_is_read_is_what_was_written() -> None:
    made = compiled([PACK])
    again = read_compiled(write_compiled(made))
    assert again.rules == made.rules
    assert len(Scanner(made).texts(TEXTS)) > 3
    assert same(made, again)


def test_the_cache_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = compiled([PACK], cache=tmp_path / "new")
    monkeypatch.setattr("shroff.rules.compile._compiled", None)
    assert same(compiled([PACK], cache=tmp_path / "new"), made)


def test_another_pack_is_compiled_anew(tmp_path: Path) -> None:
    compiled([PACK], cache=tmp_path)
    other = Pack("p", rules=(Rule("R", Term("x")),))
    assert digest_of([other]) != digest_of([PACK])
    assert len(Scanner(compiled([other], cache=tmp_path)).texts(TEXTS)) == 1


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_a_broken_file_is_written_anew(content: bytes, tmp_path: Path) -> None:
    made = compiled([PACK], cache=tmp_path)
    file = next(tmp_path.iterdir())
    file.write_bytes(content)
    assert same(compiled([PACK], cache=tmp_path), made)
    assert file.read_bytes() != content


def test_a_compiled_pack_can_be_pickled() -> None:
    made = compiled([PACK])
    again: Compiled = pickle.loads(pickle.dumps(made))  # noqa: S301
    assert same(made, again)


def test_a_pickle_in_the_cache_is_not_run(tmp_path: Path) -> None:
    made = compiled([PACK], cache=tmp_path)
    file = next(tmp_path.iterdir())
    file.write_bytes(pickle.dumps(made))
    assert same(compiled([PACK], cache=tmp_path), made)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    assert same(compiled([PACK], cache=tmp_path / "cache"), compiled([PACK]))


def test_the_packs_used_last_are_kept(tmp_path: Path) -> None:
    first = Pack("p0", rules=PACK.rules)
    compiled([first], cache=tmp_path)
    for number in range(1, 45):
        (tmp_path / f"other{number}.npz").write_bytes(b"")
    compiled([first], cache=tmp_path)
    compiled([PACK], cache=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 40
    assert all((tmp_path / f"{digest_of([one])[:32]}.npz").exists() for one in (first, PACK))
