"""Every package we install is named with its terms, and the terms are permissive."""

from __future__ import annotations

import pytest

import check_locks
import notices


def test_the_notices_name_every_package_of_the_run_lock() -> None:
    written = (check_locks.ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    assert written == notices.notices()


@pytest.mark.parametrize("terms", ["MIT", "MIT OR GPL-3.0", "(MIT AND Zlib) OR GPL-3.0-only"])
def test_terms_with_a_permissive_choice_are_accepted(terms: str) -> None:
    assert notices.permissive(terms)


@pytest.mark.parametrize("terms", ["", "GPL-3.0-only", "MIT AND LGPL-2.1"])
def test_terms_without_a_permissive_choice_are_refused(terms: str) -> None:
    assert not notices.permissive(terms)
