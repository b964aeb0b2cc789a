"""Do texts say what ads break?"""

from __future__ import annotations

from datetime import date

import numpy as np

from shroff.synthetic.copywriting import write
from shroff.synthetic.grammar import Template, grammar
from shroff.synthetic.markets import LANGUAGES
from shroff.synthetic.submissions import submit, take
from shroff.synthetic.world import create


def holds(text: str, template: Template) -> bool:
    """Say whether a text has all fixed pieces of a sentence."""
    return all(piece.strip().lower() in text.lower() for piece in template.pieces)


def test_more_than_half_of_ads_that_break_several_policies_word_a_second_one() -> None:
    world = create(ads=20_000, seed=3, days=60, end=date(2026, 6, 28))
    ads = submit(world, first_day=0, last_day=20)
    some = take(ads, np.flatnonzero(ads.beside.any(axis=1) & ~ads.wave))
    found = [
        any(
            holds(body, template)
            for place in np.flatnonzero(beside).tolist()
            for template in grammar(LANGUAGES[language]).wordings[place].plain
        )
        for body, beside, language in zip(
            write(world, some).body.tolist(), some.beside, some.language.tolist(), strict=True
        )
    ]
    assert len(found) > 500
    assert 0.5 < np.mean(found) < 0.75
