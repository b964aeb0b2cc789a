"""Rules proposed from labels: what was planted is found, what is only memory is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shroff.errors import ConfigError, DesignError
from shroff.rules.clauses import Regex, Term, atoms
from shroff.rules.mine import mine
from shroff.rules.mine_ads import LabelledAds
from shroff.rules.mine_proposals import Mined, Wanted
from shroff.rules.mine_rules import fired
from shroff.rules.pack_file import read_pack
from shroff.rules.rule import Rule
from shroff.rules.written import write_pack

ADVERTISERS = 240
HAN = "的一是在了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多快速燃脂"


class Town:
    """Ads of many advertisers, with planted phrases whose precision is known."""

    def __init__(self, seed: int = 7) -> None:
        self.rng = np.random.default_rng(seed)
        self.words = ["".join(self.rng.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(500)]
        self.texts: list[str] = []
        self.violating: list[bool] = []
        self.group: list[int] = []

    def words_of(self, size: int) -> str:
        return " ".join(self.rng.choice(self.words, size))

    def han_of(self, size: int) -> str:
        return "".join(self.rng.choice(list(HAN), size))

    def add(self, phrase: str, *, violating: bool, group: int, han: bool = False) -> None:
        rest = self.han_of if han else self.words_of
        size = 9 if han else 5
        gap = "" if han else " "
        self.texts.append(f"{rest(size)}{gap}{phrase}{gap}{rest(size)}")
        self.violating.append(violating)
        self.group.append(group)

    def ads(self) -> LabelledAds:
        return LabelledAds.simple(
            self.texts, np.array(self.violating), group=np.array(self.group, np.intp)
        )


def planted() -> Town:
    town = Town()
    for owner in range(ADVERTISERS):
        for _ in range(3):
            town.add("", violating=False, group=owner, han=bool(town.rng.random() < 0.4))
        if owner % 2 == 0:
            town.add("miracle slimming tea", violating=town.rng.random() < 0.96, group=owner)
        if owner % 3 == 0:
            town.add("快速燃脂", violating=town.rng.random() < 0.97, group=owner, han=True)
        if owner % 4 == 0:
            number = int(town.rng.integers(11, 98))
            town.add(f"lose {number} kilos", violating=True, group=owner)
        if owner % 3 == 1:
            number = int(town.rng.integers(11, 98))
            town.add(f"size {number}", violating=False, group=owner)
        if owner % 5 == 0:
            town.add("tea", violating=False, group=owner)
            town.add("for muslims only", violating=True, group=owner)
    for _ in range(60):
        town.add("zorblax", violating=True, group=ADVERTISERS)
    copy = town.words_of(14)
    for owner in range(40):
        town.texts.append(f"{copy} quibblefest order {owner}")
        town.violating.append(True)
        town.group.append(owner)
    return town


@pytest.fixture(scope="module")
def mined() -> Mined:
    return mine(planted().ads(), Wanted(precision=0.9, most=20))


def said(found: Mined) -> str:
    return "\n".join(each.said for each in found.proposals)


def test_planted_phrases_are_found_in_both_languages(mined: Mined) -> None:
    told = said(mined)
    assert any(word in told for word in ("miracle", "slimming"))
    assert "燃" in told or "快速" in told


def test_numbers_that_vary_become_an_expression(mined: Mined) -> None:
    patterns = [
        atom.pattern
        for each in mined.proposals
        for atom in atoms(each.rule.match)
        if isinstance(atom, Regex)
    ]
    assert any(r"\d" in pattern for pattern in patterns)


def test_the_precision_that_is_told_holds_the_true_one(mined: Mined) -> None:
    for each in mined.proposals:
        if each.precision.low is not None and each.precision.high is not None:
            assert each.precision.low <= 0.99
            assert each.precision.high >= 0.93


def test_a_word_of_one_advertiser_is_not_proposed(mined: Mined) -> None:
    assert "zorblax" not in said(mined)


def test_a_text_copied_by_many_advertisers_is_one_text(mined: Mined) -> None:
    assert "quibblefest" not in said(mined)


def test_words_for_who_people_are_are_left_out_and_named(mined: Mined) -> None:
    assert "muslim" not in said(mined)
    assert any("muslims" in each.text and each.kind == "religion" for each in mined.left_out)


def test_what_is_proposed_catches_its_examples_and_spares_its_near_misses(mined: Mined) -> None:
    for each in mined.proposals:
        assert each.rule.must_match
        catches = [example.texts[0][1] for example in each.rule.must_match]
        spares = [example.texts[0][1] for example in each.rule.must_not_match]
        assert fired([each.rule], catches).all()
        assert not fired([each.rule], spares).any()


def test_the_pack_reads_back_as_it_was_written(mined: Mined) -> None:
    again = read_pack(write_pack(mined.pack))
    assert [rule.match for rule in again.rules] == [rule.match for rule in mined.pack.rules]


def test_every_rule_adds_something_where_it_was_found(mined: Mined) -> None:
    assert all(each.advertisers >= 3 and each.texts >= 3 for each in mined.proposals)
    assert all(each.without_one >= 0.8 for each in mined.proposals)


def test_what_a_live_rule_catches_is_not_proposed_again() -> None:
    live = Rule(id="live", match=Term("miracle slimming tea"))
    found = mine(planted().ads(), Wanted(precision=0.9, most=20), live=[live])
    assert "miracle" not in said(found)
    assert "slimming" not in said(found)


def test_figures_come_from_ads_of_other_advertisers(mined: Mined) -> None:
    assert mined.found_on + mined.checked_on + mined.left_out_ads == len(planted().texts)
    assert mined.checked_on > 100
    assert all(each.precision.n <= mined.checked_on for each in mined.proposals)


@pytest.mark.parametrize("precision", [0.0, 1.0, 90.0])
def test_a_precision_that_cannot_be_is_refused(precision: float) -> None:
    with pytest.raises(ConfigError, match="cannot be wanted"):
        mine(planted().ads(), Wanted(precision=precision))


def test_too_few_advertisers_are_refused() -> None:
    town = Town()
    for at in range(100):
        town.add("", violating=at % 2 == 0, group=at % 4)
    with pytest.raises(DesignError, match="advertisers"):
        mine(town.ads(), Wanted())


def test_labels_that_tell_nothing_give_no_rule() -> None:
    town = Town(3)
    for at in range(600):
        town.add("", violating=bool(town.rng.random() < 0.2), group=at % 150)
    found = mine(town.ads(), Wanted(precision=0.9))
    assert not any(each.proved for each in found.proposals)


def test_the_record_is_plain(mined: Mined, tmp_path: Path) -> None:
    import json

    file = tmp_path / "mined.json"
    file.write_text(json.dumps(mined.record()))
    assert json.loads(file.read_text())["proposals"][0]["precision"]["method"]
