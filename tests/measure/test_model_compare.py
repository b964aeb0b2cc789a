"""Two versions of a model in small stories: counted by hand, and what the logs cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Language
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief, Design
from shroff.measure.model_card import model_card
from shroff.measure.model_compare import Asked, Basis, compare_models, stand_for_models
from shroff.measure.model_disagreement import disagreement_drawing
from shroff.measure.model_verdict import ModelComparison
from shroff.store.duckdb import DuckDBEngine

MONDAY = "2026-05-04 10:00:00"
BRIEF = Brief(
    period=Period(date(2026, 5, 1), date(2026, 6, 1)),
    as_of=datetime(2026, 6, 20, tzinfo=UTC),
    by=((), ("market",)),
    designs=(Design(id="audit", kind=DesignKind.POISSON),),
)


def told(
    story: object, ads: list[tuple[float | None, float | None, bool]], **more: object
) -> None:
    """Ads with both scores and the truth; v1 decides at 0.5, and each was drawn with chance 0.5."""
    for number, (first, second, bad) in enumerate(ads):
        name = f"ad{number:03d}"
        story.ad(name, market=("US", "JP")[number % 2])
        action = "reject" if (first or 0) >= 0.5 else "approve"
        story.decided(name, action, market=("US", "JP")[number % 2])
        for version, score in (("v1", first), ("v2", second)):
            if score is not None:
                story.put(
                    "scores",
                    ad_id=name,
                    model="risk",
                    version=version,
                    score=score,
                    scored_at=MONDAY,
                    shadow=version == "v2",
                    **more,
                )
        story.reviewed(
            name,
            "violating" if bad else "compliant",
            design_id="audit",
            sampling_prob=0.5,
            policies=["A1"] if bad else None,
        )


def compared(engine: DuckDBEngine, asked: Asked | None = None) -> ModelComparison:
    frame = stand_for_models(engine, BRIEF)
    return compare_models(engine, BRIEF, frame=frame, asked=asked or Asked())


MIXED = [
    *[(0.9, 0.9, True)] * 6,
    *[(0.2, 0.8, True)] * 5,
    *[(0.7, 0.3, True)] * 1,
    *[(0.1, 0.1, False)] * 20,
    *[(0.6, 0.2, False)] * 3,
    *[(0.3, 0.7, False)] * 2,
]


def test_figures_are_those_counted_by_hand(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, MIXED)
    found = compared(story.opened())
    assert (found.pair.champion.version, found.pair.challenger.version) == ("v1", "v2")
    assert found.scores.live_at == pytest.approx(0.6)
    given = found.at("threshold")
    assert given is not None
    assert (given.acts.champion, given.acts.challenger, given.acts.both) == (10, 13, 6)
    recall = given.figure("recall")
    assert recall is not None
    assert recall.champion.value == pytest.approx(7 / 12)
    assert recall.challenger.value == pytest.approx(11 / 12)
    assert recall.difference.value == pytest.approx(4 / 12)
    assert recall.exact
    assert recall.p == pytest.approx(2 * (1 + 6) / 2**6)


def test_slices_are_compared_and_adjusted(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, MIXED)
    found = compared(story.opened(), Asked(at=0.5))
    assert {gap.name for gap in found.slices} == {"US", "JP"}
    assert all(gap.p_adjusted >= (gap.versus.p or 0.0) for gap in found.slices)


def test_a_clear_winner_is_named_in_both_languages(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [*[(0.2, 0.9, True)] * 40, *[(0.9, 0.9, True)] * 20, *[(0.1, 0.1, False)] * 60])
    found = compared(story.opened(), Asked(at=0.5))
    english = found.verdict_text(Language.EN)
    assert english.startswith("v2 ")
    assert "recall +66.7 points" in english
    assert found.verdict_text(Language.ZH).endswith("。")


def test_constant_scores_give_a_stated_answer(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(0.7, 0.5, True)] * 5 + [(0.7, 0.5, False)] * 5)
    found = compared(story.opened(), Asked(at=0.7))
    assert found.ranking is not None
    assert found.ranking.difference.value == 0
    assert found.basis == "volume"
    assert any(note.id.startswith("models.unmatched") for note in found.notes)


def test_a_threshold_that_the_logs_do_not_tell_is_asked_for(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(0.7, 0.5, True)] * 5)
    with pytest.raises(ConfigError, match="from which score v1 acts"):
        compared(story.opened())


def test_one_class_only_is_said(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(0.7, 0.5, False)] * 5 + [(0.1, 0.2, False)] * 5)
    found = compared(story.opened())
    assert "Nothing can be said" in found.verdict_text(Language.EN)
    assert found.ranking is not None
    assert found.ranking.difference.value is None


def test_scores_outside_0_to_1_are_compared(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(40.0, 900.0, True)] * 6 + [(-3.0, -70.0, False)] * 6 + [(50.0, -9.0, False)] * 2)
    found = compared(story.opened(), Asked(at=0.5))
    assert found.at("volume") is not None
    assert found.pair.challenger.low == -70.0


def test_no_common_ad_is_refused(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(0.7, None, True), (None, 0.3, False), (0.2, None, False)])
    with pytest.raises(DesignError, match="no ad of the period has scores of both"):
        compared(story.opened())


def test_one_version_alone_is_refused_but_has_a_card(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(0.7, None, True), (0.2, None, False), (0.9, None, False), (0.1, None, True)])
    engine = story.opened()
    with pytest.raises(DesignError, match="only one version"):
        compared(engine)
    frame = stand_for_models(engine, BRIEF)
    card = model_card(engine, BRIEF, frame=frame, asked=Asked())
    assert card.other is None
    assert card.figures()["recall"].value == pytest.approx(0.5)
    assert card.record()["comparison"] is None


def test_no_labels_still_tell_what_would_be_found(tell: Callable[[], Any]) -> None:
    story = tell()
    for number in range(6):
        story.ad(f"x{number}")
        story.decided(f"x{number}", "reject" if number % 2 else "approve")
        for version in ("v1", "v2"):
            story.put(
                "scores",
                ad_id=f"x{number}",
                model="risk",
                version=version,
                score=0.1 + 0.8 * (number % 2),
                scored_at=MONDAY,
                shadow=version == "v2",
            )
    found = compared(story.opened())
    assert found.labels == 0
    assert [each.labels for each in found.detectable] == [100, 300, 1000]
    assert any(note.id == "models.no_labels" for note in found.notes)
    assert "Nothing can be said" in found.verdict_text(Language.EN)


def test_partly_scored_labels_speak_for_their_stratum(tell: Callable[[], Any]) -> None:
    story = tell()
    ads = [(0.7, 0.7 if n % 2 else None, n % 4 == 1) for n in range(16)]
    told(story, [*ads, *[(0.1, 0.2, False)] * 8])
    found = compared(story.opened(), Asked(at=0.5))
    ids = {note.id for note in found.notes}
    assert {"models.partly_scored", "models.unscored_labels"} <= ids
    assert found.labels == 16


def test_a_policys_own_model_is_held_to_that_policy(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, MIXED, policy_id="A")
    story.put("policies", policy_id="A", version="1", name_en="A")
    story.put("policies", policy_id="A1", version="1", name_en="A1", parent="A")
    found = compared(story.opened(), Asked(policy="A"))
    assert found.violating == 12


def test_disagreements_are_drawn_with_one_chance(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, MIXED)
    engine = story.opened()
    asked = Asked(at=0.5, basis=Basis.THRESHOLD)
    drawing = disagreement_drawing(engine, compared(engine, asked), labels=9)
    chances = {stratum.values[0]: stratum.chance for stratum in drawing.strata}
    assert chances["first"] == chances["second"]
    assert chances["neither"] < chances["first"]


def test_versions_that_always_agree_have_nothing_to_draw(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, [(0.9, 0.9, True)] * 4 + [(0.1, 0.1, False)] * 4)
    engine = story.opened()
    with pytest.raises(DesignError, match="disagree on no ad"):
        disagreement_drawing(engine, compared(engine, Asked(at=0.5)), labels=9)


def test_clusters_of_one_are_answered(tell: Callable[[], Any]) -> None:
    story = tell()
    told(story, MIXED)
    engine = story.opened()
    design = Design(id="audit", kind=DesignKind.POISSON, cluster="market")
    brief = replace(BRIEF, designs=(design,))
    frame = stand_for_models(engine, brief)
    found = compare_models(engine, brief, frame=frame, asked=Asked(at=0.5))
    recall = found.chosen.figure("recall")
    assert recall is not None
    assert recall.difference.low is not None
    assert not recall.exact
