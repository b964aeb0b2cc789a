from __future__ import annotations

import pytest

from shroff.text.evasion import DEFAULT, KINDS, Evasion, evasion_of, kinds_in


def test_every_bit_is_described_once_in_both_languages() -> None:
    assert [kind.flag for kind in KINDS] == list(Evasion)
    assert len({kind.id for kind in KINDS}) == len(KINDS)
    assert all(len(text) > 1 for kind in KINDS for text in (*kind.names, *kind.meaning))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_is_found_by_its_id(kind: object) -> None:
    assert evasion_of(kind.id) is kind.flag  # type: ignore[attr-defined]


def test_an_unknown_id_is_no_kind() -> None:
    assert evasion_of("sarcasm") is Evasion.NONE


def test_the_default_leaves_out_what_costs_precision() -> None:
    off = {kind.id for kind in KINDS} - {kind.id for kind in kinds_in(DEFAULT)}
    assert off == {"initials", "across_fields", "reversed", "masked", "typo"}
