"""The built-in classifier: what it learns, what it refuses, what it writes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from shroff.errors import DataError, DesignError
from shroff.models.classifier import TextClassifier, read_classifier
from shroff.models.classifier_features import features, pruned
from shroff.models.classifier_kernel import BLOCKS
from shroff.models.classifier_training import (
    GRID,
    LabelledTexts,
    Trained,
    average_precision,
    train,
)

BAD = ("稳赚不赔 日入过万", "guaranteed daily payout", "躺赚 加微信", "earn $500 a day")
GOOD = (
    "新鲜水果 今日特价",
    "comfortable running shoes",
    "周末带孩子看展",
    "learn the piano slowly",
)


def made(n: int = 240, *, noise: float = 0.1, seed: int = 1) -> LabelledTexts:
    """Texts whose words tell their labels, some of which are wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.3
    texts = [
        f"{rng.choice(BAD if bad else GOOD)} {rng.integers(1000)}号 {rng.choice(BAD + GOOD)[:3]}"
        for bad in truth
    ]
    return LabelledTexts.simple(texts, truth ^ (rng.random(n) < noise))


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(made())


def test_it_puts_violating_texts_first_in_both_languages(trained: Trained) -> None:
    scores = trained.classifier.scores([*BAD, *GOOD])
    assert scores[: len(BAD)].min() > scores[len(BAD) :].max()
    assert ((scores > 0) & (scores < 1)).all()


def test_chances_are_calibrated_on_texts_that_were_not_seen(trained: Trained) -> None:
    unseen = made(2000, seed=2)
    scores = trained.classifier.scores(list(unseen.texts))
    assert abs(scores.mean() - unseen.violating.mean()) < 0.05
    high = scores > 0.5
    assert abs(scores[high].mean() - unseen.violating[high].mean()) < 0.1


def test_it_is_the_same_each_time_and_after_its_file(trained: Trained, tmp_path: Path) -> None:
    again = train(made())
    for number, each in enumerate((trained, again)):
        each.classifier.save(tmp_path / f"{number}.npz")
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "1.npz").read_bytes()
    read = read_classifier(tmp_path / "0.npz")
    texts = [*BAD, *GOOD, "", "\ud800", "a" * 9000]
    assert np.array_equal(read.scores(texts), trained.classifier.scores(texts))


def test_ads_it_learnt_from_are_told_apart_and_others_are_not(
    trained: Trained, tmp_path: Path
) -> None:
    ads = [(f"a{number}", 1) for number in range(len(trained.scores))]
    taught = trained.classifier.taught_by(ads, trained.scores)
    taught.save(tmp_path / "c.npz")
    read = read_classifier(tmp_path / "c.npz")
    told = read.scores_apart([ads[5], ("a5", 2), ("stranger", 1), ads[0]])
    assert told[[0, 3]].tolist() == trained.scores[[5, 0]].tolist()
    assert np.isnan(told[[1, 2]]).all()
    assert np.isnan(trained.classifier.scores_apart(ads)).all()  # it was told of no ad
    held = (tmp_path / "c.npz").read_bytes()
    assert b"a5" not in held


def test_a_classifier_of_an_earlier_release_is_read(trained: Trained, tmp_path: Path) -> None:
    trained.classifier.save(tmp_path / "c.npz")
    with np.load(tmp_path / "c.npz") as held:
        older = {name: held[name] for name in held.files if name not in {"learnt", "apart"}}
    np.savez_compressed(tmp_path / "old.npz", **older)
    read = read_classifier(tmp_path / "old.npz")
    assert np.array_equal(read.scores(BAD), trained.classifier.scores(BAD))
    assert len(read.learnt) == 0


def test_a_score_does_not_depend_on_what_is_scored_with_it(trained: Trained) -> None:
    texts = [*BAD, *GOOD] * 700
    assert np.array_equal(
        trained.classifier.scores(texts)[:8], trained.classifier.scores([*BAD, *GOOD])
    )


def test_scores_of_labels_come_from_folds_that_did_not_see_them() -> None:
    rng = np.random.default_rng(5)
    texts = [" ".join(rng.choice(list("abcdefghij"), 12)) for _ in range(400)]
    labels = LabelledTexts.simple(texts, rng.random(400) < 0.5)
    with suppress(DesignError):  # by chance the texts may say less than nothing
        found = train(labels)
        area = average_precision(labels.violating, found.scores, labels.weight)
        assert area < 0.65  # learnt by heart it would be near 1


def test_groups_and_equal_texts_are_whole_in_a_fold() -> None:
    labels = made(300)
    group = np.arange(300) // 3
    texts = list(labels.texts)
    texts[0] = texts[299]
    found = train(
        LabelledTexts(texts=texts, violating=labels.violating, weight=labels.weight, group=group)
    )
    for each in range(100):
        assert len(set(found.fold[group == each])) == 1
    assert found.fold[0] == found.fold[299]


def test_weights_count_as_copies_would() -> None:
    labels = made(200)
    twice = np.where(labels.violating, 3.0, 1.0)
    heavy = train(LabelledTexts(texts=labels.texts, violating=labels.violating, weight=twice))
    plain = train(labels)
    texts = list(made(500, seed=9).texts)
    # violations stand for three times as many ads: chances rise
    assert heavy.classifier.scores(texts).mean() > plain.classifier.scores(texts).mean() + 0.1


@pytest.mark.parametrize(
    ("n", "bad"), [(0, 0), (49, 25), (200, 9), (200, 195), (200, 0), (60, 60)]
)
def test_few_labels_or_one_class_are_told(n: int, bad: int) -> None:
    texts = [f"text {at}" for at in range(n)]
    with pytest.raises(DesignError, match="too few to train on"):
        train(LabelledTexts.simple(texts, np.arange(n) < bad))


def test_labels_of_one_text_or_one_advertiser_are_told() -> None:
    truth = np.arange(200) % 2 == 0
    with pytest.raises(DesignError, match="distinct texts only"):
        train(LabelledTexts.simple(["the same text"] * 200, truth))
    group = np.where(truth, 1, np.arange(200))
    texts = [f"text {at}" for at in range(200)]
    labels = LabelledTexts(texts=texts, violating=truth, weight=np.ones(200), group=group)
    with pytest.raises(DesignError, match="ads that violate are of 1 advertisers"):
        train(labels)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    train(made(), tick=lambda done, whole: told.append((done, whole)))
    assert told[-1][0] == told[-1][1]
    assert len(told) >= len(GRID) * 5


@pytest.mark.parametrize("held", [b"", b"no file", b"PK\x03\x04 cut"])
def test_a_file_that_is_none_is_told(held: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(held)
    with pytest.raises(DataError, match="no classifier"):
        read_classifier(tmp_path / "x.npz")
    with pytest.raises(DataError, match="cannot read"):
        read_classifier(tmp_path / "none.npz")


def test_a_file_with_a_pickle_inside_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", told=np.array([{"format": 1}], dtype=object))
    with pytest.raises(DataError, match="no classifier"):
        read_classifier(tmp_path / "x.npz")


def test_features_of_a_text_are_counted_once_with_their_number() -> None:
    found = features(["aa aa", "", "aa"])
    assert len(found) == 3
    first = found.place[: found.ends[0]]
    assert len(np.unique(first)) == len(first)
    assert found.ends[BLOCKS - 1] == found.ends[2 * BLOCKS - 1]  # an empty text has none
    words = slice(found.ends[0], found.ends[1])
    assert sorted(found.value[words].tolist()) == pytest.approx([1.0, 1.0 + np.log(2)])


def test_case_and_width_do_not_hide_a_word_but_shapes_tell_them() -> None:
    plain, loud, wide = (
        set(features([text]).place.tolist()) for text in ("free", "FREE", "ＦＲＥＥ")
    )
    assert loud == wide
    assert plain & loud
    assert plain != loud


def test_rare_features_are_left_out_and_the_others_keep_their_places() -> None:
    found = features(["aa bb", "aa cc", "aa"])
    kept = pruned(found, least=2)
    assert kept.hashes is not None
    assert len(kept.place) < len(found.place)
    texts = len(kept.ends) // BLOCKS
    for row in range(texts):
        first = 0 if row == 0 else kept.ends[row * BLOCKS - 1]
        mine = kept.hashes[kept.place[first : kept.ends[row * BLOCKS + BLOCKS - 1]]]
        low = 0 if row == 0 else found.ends[row * BLOCKS - 1]
        whole = found.place[low : found.ends[row * BLOCKS + BLOCKS - 1]]
        assert set(mine.tolist()) <= set(whole.tolist())


def test_average_precision_takes_ties_together_and_weighs() -> None:
    truth = np.array([True, False, True, False])
    flat = average_precision(truth, np.zeros(4), np.ones(4))
    assert flat == pytest.approx(0.5)
    best = average_precision(truth, np.array([4.0, 2.0, 3.0, 1.0]), np.ones(4))
    assert best == pytest.approx(1.0)
    heavy = average_precision(truth, np.zeros(4), np.array([3.0, 1.0, 3.0, 1.0]))
    assert heavy == pytest.approx(0.75)


def test_an_empty_classifier_gives_its_constant() -> None:
    none = np.zeros(0)
    found = TextClassifier(
        hashes=none.astype(np.uint32), rarity=none.astype(np.float32),
        weights=none.astype(np.float32), constant=2.0, slope=1.0, offset=-2.0,
    )  # fmt: skip
    assert found.scores(["", None, "anything"]).tolist() == [0.5, 0.5, 0.5]
