"""Terms that come up in logs are found, grouped, and told with their evidence; nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.watch.term_story import BEFORE, NOW, write_term_story

from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.stats.estimate import Status
from shroff.watch.new_terms import NewTerms, TermQuestion, told_growth
from shroff.watch.term_ads import Against, Among, TermAds, read_term_ads
from shroff.watch.term_search import chances
from shroff.watch.term_variants import Likeness
from shroff.watch.term_watch import new_terms, terms_of_ads
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_term_story(tmp_path_factory.mktemp("terms") / "story")


def found_in(story: Workspace, **asked: object) -> NewTerms:
    with story.engine() as engine:
        return new_terms(engine, NOW, TermQuestion(**asked))  # type: ignore[arg-type]


def test_what_was_planted_is_found_and_nothing_else(story: Workspace) -> None:
    found = found_in(story)
    assert {each.text for each in found.terms} == {"加薇信", "加v信", "moon tokens"}
    term = next(each for each in found.terms if each.text == "加薇信")
    assert term.ads[:2] == (26, 0)
    assert term.growth.value is None
    assert term.growth.status is Status.BOUNDS
    assert term.growth.low is not None
    assert term.growth.low > 1
    assert term.policy == "E4"
    assert term.advertisers >= 10
    assert term.first_seen >= NOW.start
    assert term.adjusted < 0.05
    assert all("加薇信" in example.text for example in term.examples)
    assert term.spellings[0] == ("加薇信", 26)


def test_a_name_of_one_advertiser_is_not_news(story: Workspace) -> None:
    assert not any("zebrano" in each.text for each in found_in(story).terms)
    alone = found_in(story, advertisers=1).terms
    assert {each.advertisers for each in alone if "zebrano" in each.text} <= {1}


def test_variants_stand_under_what_is_known(story: Workspace) -> None:
    found = found_in(story, known=("加微信",))
    told = {each.text: (each.variant_of, each.likeness) for each in found.terms}
    assert told["加薇信"] == ("加微信", Likeness.LOOKS)
    assert told["加v信"] == ("加微信", Likeness.SHORT)
    assert told["moon tokens"] == ("", None)


def test_growth_has_an_interval_wider_than_that_of_one_term_alone(story: Workspace) -> None:
    term = next(each for each in found_in(story).terms if each.text == "moon tokens")
    assert term.growth.value is not None
    assert term.growth.low is not None
    assert term.growth.high is not None
    assert term.growth.low < term.growth.value < term.growth.high
    assert told_growth(term.growth).startswith(f"{term.growth.value:.1f}×")


def test_against_compliant_ads_of_the_period(story: Workspace) -> None:
    found = found_in(story, against=Against.OTHERS)
    assert {"加薇信", "moon tokens"} <= {each.text for each in found.terms}
    both = found_in(story, against=Against.BOTH)
    assert {each.text for each in both.terms} <= {"加薇信", "加v信", "moon tokens"}
    assert "加薇信" in {each.text for each in both.terms}


@pytest.mark.parametrize("among", list(Among))
def test_every_kind_of_ads_is_what_sql_counts(story: Workspace, among: Among) -> None:
    inside = f"a.created_at >= TIMESTAMP '{NOW.start}' AND a.created_at < TIMESTAMP '{NOW.end}'"
    wanted = {
        Among.VIOLATING: "r.verdict = 'violating'",
        Among.LEAKED: "r.verdict = 'violating' AND d.action = 'approve'",
        Among.REJECTED: "d.action = 'reject'",
        Among.APPEALED: "p.ad_id IS NOT NULL",
        Among.OVERTURNED: "p.outcome = 'reversed'",
    }[among]
    (row,) = story.sql(
        "SELECT COUNT(*) AS n FROM ads a JOIN reviews r ON a.ad_id = r.ad_id"
        " JOIN decisions d ON a.ad_id = d.ad_id LEFT JOIN appeals p ON a.ad_id = p.ad_id"
        f" WHERE {inside} AND {wanted}"
    ).to_pylist()
    with story.engine() as engine:
        ads = read_term_ads(engine, NOW, among=among)
    assert ads.sizes()[0] == row["n"]
    assert min(ads.sizes()) > 0
    assert len(ads.queries) == 1


def test_nothing_comes_up_where_nothing_changed(tmp_path: Path) -> None:
    quiet = write_term_story(tmp_path / "quiet", planted=False)
    found = found_in(quiet)
    assert found.terms == ()
    assert found.looked_at > 0
    assert "none of" in found.summary().text()


def test_no_earlier_ads_cannot_tell_what_is_new(story: Workspace) -> None:
    with story.engine() as engine, pytest.raises(DesignError, match="what is new"):
        new_terms(engine, BEFORE, TermQuestion())


def test_days_to_come_hold_no_ad(story: Workspace) -> None:
    ahead = Period(date(2031, 1, 1), date(2031, 2, 1))
    with story.engine() as engine, pytest.raises(DesignError, match="no violating ad"):
        new_terms(engine, ahead, TermQuestion())


def test_a_background_ends_before_the_period(story: Workspace) -> None:
    with story.engine() as engine, pytest.raises(ConfigError, match="does not end before"):
        new_terms(engine, NOW, TermQuestion(), background=NOW)


@pytest.mark.parametrize(
    "asked", [{"least": 2}, {"false_share": 1.0}, {"level": 0.0}, {"most": 0}, {"advertisers": 0}]
)
def test_a_question_makes_sense(asked: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        TermQuestion(**asked)  # type: ignore[arg-type]


def made(texts: list[str], group: list[int], **columns: object) -> TermAds:
    many = len(texts)
    ads = TermAds(
        ids=pa.chunked_array([[f"ad{number}" for number in range(many)]]),
        texts=pa.chunked_array([pa.array(texts, pa.large_string())]),
        group=np.array(group, np.uint8),
        owner=np.arange(many, dtype=np.int32),
        owners_known=True,
        stratum=np.zeros(many, np.int32),
        day=np.full(many, 20_500, np.int32),
        policies=pa.chunked_array([[[] for _ in range(many)]], pa.list_(pa.string())),
    )
    return replace(ads, **columns)  # type: ignore[arg-type]


def terms_in(ads: TermAds, **asked: object) -> NewTerms:
    question = TermQuestion(**asked)  # type: ignore[arg-type]
    return terms_of_ads(ads, question, period=NOW, background=BEFORE)


def test_texts_that_are_all_alike_do_not_rise() -> None:
    found = terms_in(made(["buy the same thing now"] * 400, [0, 1] * 200))
    assert found.found == 0
    assert found.looked_at == 14


def test_a_long_phrase_is_one_term() -> None:
    said = "限时免费领取新款手机礼盒"
    rng = np.random.default_rng(1)
    noise = ["".join(rng.choice(list("天地玄黄宇宙洪荒日月"), 8)) for _ in range(300)]
    texts = [f"{one}{said}" if at < 30 else one for at, one in enumerate(noise)]
    found = terms_in(made(texts, [0] * 150 + [1] * 150))
    assert [each.text for each in found.terms] == [said]


def test_terms_of_the_same_ads_are_told_together() -> None:
    rng = np.random.default_rng(2)
    noise = [" ".join(rng.choice(["oak", "elm", "fir", "ash", "yew"], 6)) for _ in range(300)]
    texts = [f"zorbo {one}. quixel" if at < 30 else one for at, one in enumerate(noise)]
    (term,) = terms_in(made(texts, [0] * 150 + [1] * 150)).terms
    assert {term.text, *term.together} == {"zorbo", "quixel"}


def test_a_change_of_the_mix_is_not_a_rise() -> None:
    """Twice as many German ads, with the same words: German words do not rise."""
    rng = np.random.default_rng(3)
    words = (["tisch", "lampe", "stuhl", "tasse"], ["table", "lamp", "chair", "cup"])
    share = np.where(np.arange(2_000) < 1_000, 0.6, 0.3)
    german = rng.random(2_000) < share
    texts = [" ".join(rng.choice(words[0 if one else 1], 5)) for one in german]
    group = [0] * 1_000 + [1] * 1_000
    apart = made(texts, group, stratum=german.astype(np.int32))
    assert terms_in(apart).terms == ()
    assert terms_in(made(texts, group)).terms != ()
    assert chances(apart)[german, 0].max() == pytest.approx(german[:1_000].sum() / german.sum())


def test_without_advertisers_it_says_what_may_be_wrong() -> None:
    ads = made(["new zorbo"] * 20 + ["old thing"] * 20, [0] * 20 + [1] * 20, owners_known=False)
    assert "terms.no_advertisers" in {note.id for note in terms_in(ads).notes}


def test_more_terms_than_asked_for_are_counted() -> None:
    texts = [f"zorbo{'abcdefgh'[at % 4] * 3} thing" for at in range(120)] + ["thing"] * 200
    found = terms_in(made(texts, [0] * 120 + [1] * 200), most=1)
    assert len(found.terms) == 1
    assert found.unlisted == 3


def test_records_and_tables_tell_the_same(story: Workspace) -> None:
    found = found_in(story)
    record = found.record()
    table = found.to_arrow()
    assert table.column("term").to_pylist() == [each.text for each in found.terms]
    assert record["found"] == found.found
    assert isinstance(record["terms"], list)
    assert len(record["terms"]) == table.num_rows


def test_terms_are_kept_as_findings_once(story: Workspace) -> None:
    span = f"{NOW.start}..2026-03-29"
    for _ in range(2):
        story.lookout.terms(TermQuestion(), period=span, background="2026-03-02..2026-03-15")
    kept = story.catalog.findings.findings("new_term")
    assert sorted(each.subject for each in kept) == sorted({"加薇信", "加v信", "moon tokens"})
