"""Golden sets as a user keeps them, and judges held against them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.errors import ShroffError
from shroff.models.gate import GateAsked
from shroff.models.golden_draw import DrawAsked
from shroff.models.held_judges import JudgeNamed

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["hold_judges", "keep_golden"]

_CLF = JudgeNamed("clf@1", 0.2)
_GPT = JudgeNamed("gpt-judge@abc")
_ZH = JudgeNamed("裁判模型@it's")


def keep_golden(workspace: Workspace) -> object:
    """Draw a golden set, have two label it who disagree, have a third settle that."""
    desk = workspace.modeller.golden
    made = desk.draw(DrawAsked(name="odd", ads=30, bands=(0.0, 0.5)), period="all")
    first, second = (batch.file for _, batch in made.batches)
    assert first is not None
    assert second is not None
    _fill(first, lambda n: "violating" if n % 3 else "compliant")
    _fill(second, lambda n: "violating" if n % 4 else "compliant")
    taken = desk.take([first, second])
    told = [made.strata > 1, len(taken.golden.items), taken.disputed > 0]
    third = desk.adjudicate("odd").batches[0][1].file
    assert third is not None
    _fill(third, lambda _: "compliant")
    sheets = [workspace.modeller.verdicts.sheet(batch.id) for _, batch in made.batches]
    settled = desk.take([third])
    told += [len(sheets[0].content) == len(sheets[0].labelled), len(sheets[1].content) > 0]
    return f"{told} {settled.disputed} {settled.golden.revision} {desk.standing('odd').text().id}"


def _fill(file: Path, verdict: Callable[[int], str]) -> None:
    with file.open(encoding="utf-8-sig", newline="") as asked:
        rows = list(csv.DictReader(asked))
    with file.open("w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, list(rows[0]))
        writer.writeheader()
        for row in rows:
            said = verdict(int(row["ad_id"].encode().hex(), 16))
            writer.writerow({**row, "verdict": said})


def hold_judges(workspace: Workspace) -> object:
    """Keep a golden set, and hold LLMs and a model against it; no design was labelled twice."""
    models, told = workspace.modeller, [str(keep_golden(workspace))]
    acts: tuple[Callable[[], object], ...] = (
        lambda: models.golden.adopt("old", design="audit's").golden.hash,
        lambda: models.golden.standing("odd", days=30).record()["stale"],
        lambda: models.judging.results(_CLF, golden="odd", against=_CLF).to_arrow().num_rows,
        lambda: models.judging.results(_GPT, golden="odd").unanswered,
        lambda: models.judging.results(_ZH, golden="odd", policies=["P1"]).judged,
        lambda: models.judging.consistency(_GPT, golden="odd").asked,
        lambda: models.judging.gate(_CLF, _CLF, GateAsked(), golden="odd", by=["policy"]).verdict,
        lambda: models.judging.labeller(_GPT, period="all", by=["market"]).to_arrow().num_rows,
        lambda: models.judging.labeller(_CLF, period="all", golden="odd").judged,
        lambda: models.judging.labeller(JudgeNamed("nobody"), period="all").judged,
    )
    for act in acts:
        try:
            told.append(str(act()))
        except ShroffError as fault:
            told.append(fault.cause)
    return str(told)
