"""Chinese pages say in Chinese where figures come from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shroff
from shroff.domain.messages import Language
from shroff.report.provenance import Provenance

MEASURE = Path(shroff.__file__).parent / "measure"
COINED = re.compile(
    r'(?:\bdesign=|\bmethod=|\bQuery\(|_keep\()f?"([^"]+)"| else "([a-z- ]+ (?:sample|came))"'
)


def test_english_keeps_the_words() -> None:
    assert Provenance("every decision of record").text() == "every decision of record"


def test_designs_keep_their_ids_and_say_how_they_drew() -> None:
    assert Provenance("my_audit (poisson, logged) + qa (census, certain)").text(Language.ZH) == (
        "my_audit（泊松抽样，概率取自日志） + qa（全量，必然抽中）"
    )


def test_what_a_user_named_stays() -> None:
    assert Provenance("audit").text(Language.ZH) == "audit"


@pytest.mark.parametrize(
    "words",
    sorted(
        {
            next(filter(None, found)).replace("{weight}", "spend")
            for path in MEASURE.glob("*.py")
            for found in COINED.findall(path.read_text(encoding="utf-8"))
        }
    ),
)
def test_words_coined_in_measuring_are_translated(words: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", Provenance(words).text(Language.ZH))
