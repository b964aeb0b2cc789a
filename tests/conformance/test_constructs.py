"""What users write in SQL is answered by every engine as by the default one, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.comparing import differences
from tests.conformance.conftest import Opened
from tests.conformance.constructs import CONSTRUCTS
from tests.conformance.drivers import DEFAULT, OTHERS
from tests.conformance.golden import strays_from
from tests.conformance.recorder import Tape, asked

FEW = 40
"""Constructs in a hundred that an engine may refuse."""


@pytest.mark.xdist_group("conformance")
def test_constructs_have_golden_answers(opened: Opened, tmp_path: Path) -> None:
    with opened(DEFAULT, tmp_path) as engine:
        tape = Tape([asked(engine, name) for name in CONSTRUCTS])
    assert strays_from("constructs", tape) == []


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(name, marks=[pytest.mark.engines, pytest.mark.xdist_group(name)])
        for name in OTHERS
    ],
)
def test_constructs_are_answered_alike_or_refused(
    engine: str, opened: Opened, tmp_path: Path
) -> None:
    with opened(DEFAULT, tmp_path) as one, opened(engine, tmp_path) as other:
        pairs = [(asked(one, name), asked(other, name)) for name in CONSTRUCTS]
    refused = [mine.site for _, mine in pairs if mine.answer == "refused"]
    odd = [
        f"{mine.site}: {differences(theirs.answer, mine.answer, ordered=True)}"
        for theirs, mine in pairs
        if mine.answer != "refused"
        and not mine.site.startswith("never")
        and differences(theirs.answer, mine.answer, ordered=True)
    ]
    assert not odd, "\n".join(odd)
    assert len(refused) < FEW * len(pairs) / 100, refused
