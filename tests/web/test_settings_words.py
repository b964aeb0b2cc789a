"""What each setting means is told in both languages, as the settings themselves tell it."""

from __future__ import annotations

from pathlib import Path

from shroff.domain.phrasebook import PHRASEBOOK
from shroff.web.settings_editing import SettingsFile

_ABOUT = "web.settings.tool.about."


def test_every_setting_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "shroff.toml").write_text("[goals.leakage]\nat_most = 0.1\n", encoding="utf-8")
    shown = SettingsFile(tmp_path).shown()
    assert len(shown) > 40
    for each in shown:
        told = PHRASEBOOK.get(f"{_ABOUT}{each.table}.{each.key}") or PHRASEBOOK.get(
            f"{_ABOUT}{each.table}"
        )
        assert told is not None, (each.table, each.key)
        assert told[0] == each.about
        assert any("一" <= sign <= "鿿" for sign in told[1]), each.key
