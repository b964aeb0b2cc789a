"""A fault says what, where and what to do."""

from __future__ import annotations

import pytest

from shroff import errors
from shroff.errors import DataError, ModelError, ShroffError

KINDS = [getattr(errors, name) for name in errors.__all__]


def test_a_fault_is_told_with_its_place_and_its_hint() -> None:
    fault = DataError("no such column", where="ads.csv:1:7", hint="see the mapping")
    assert str(fault) == "ads.csv:1:7: no such column\n  hint: see the mapping"


def test_a_fault_without_place_and_hint_is_its_cause() -> None:
    assert str(DataError("no such column")) == "no such column"


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_is_caught_as_one_of_ours(kind: type[ShroffError]) -> None:
    assert issubclass(kind, ShroffError)
    assert kind.__name__ in (errors.__doc__ or "")


def test_a_model_fault_is_not_tried_again_unless_it_says_so() -> None:
    assert ModelError("refused").retryable is False
