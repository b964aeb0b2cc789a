"""The built-in classifier on public labelled texts: it learns what a plain count of words cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from shroff.models.classifier_training import LabelledTexts, average_precision, train

pytestmark = pytest.mark.realdata


def test_spam_is_put_before_other_messages(data: Path) -> None:
    table = pq.read_table(data / "sms_spam_en" / "messages.parquet")
    truth = np.array([each == "spam" for each in table.column("label").to_pylist()])
    texts = table.column("text").to_pylist()
    held = np.random.default_rng(1).random(len(truth)) < 0.3
    known = [text for text, kept in zip(texts, held, strict=True) if not kept]
    found = train(LabelledTexts.simple(known, truth[~held]))
    unseen = [text for text, kept in zip(texts, held, strict=True) if kept]
    scores = found.classifier.scores(unseen)
    assert average_precision(truth[held], scores, np.ones(held.sum())) > 0.975
    assert abs(scores.mean() - truth[held].mean()) < 0.02


def test_chinese_comments_are_told_apart(data: Path) -> None:
    table = pq.read_table(data / "cold_zh" / "comments.parquet").slice(0, 6000)
    truth = np.array(table.column("label_offensive").to_pylist()) == 1
    texts = [text or "" for text in table.column("text").to_pylist()]
    found = train(LabelledTexts.simple(texts[:4000], truth[:4000]))
    scores = found.classifier.scores(texts[4000:])
    area = average_precision(truth[4000:], scores, np.ones(len(scores)))
    assert area > truth[4000:].mean() + 0.25
