from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from shroff.errors import ConfigError
from shroff.store.settings import DesignSpec, Settings, parse_settings, read_settings
from shroff.store.settings_template import template


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, name="shroff.toml")
    return str(caught.value)


def test_an_empty_file_gives_the_defaults() -> None:
    assert parse_settings("") == Settings()


def test_an_unknown_key_is_refused_with_its_line_and_a_suggestion() -> None:
    told = refusal('[workspace]\nname = "x"\nlangage = "zh"\n')
    assert told == "shroff.toml:3: [workspace] unknown key 'langage'; did you mean 'language'?"


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    told = refusal('[engine]\nmemory_gb = "a"\n[goalz.x]\nat_most = 1\n[retention]\nads = 2\n')
    assert told.startswith("3 faults in the settings")
    assert re.findall(r"shroff\.toml:(\d+)", told) == ["2", "3", "6"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a = b", "shroff.toml:1:5: this is not TOML"),
        ("[mapping.decision]\n", "there is no table 'decision'; did you mean 'decisions'?"),
        ('[mapping.ads]\ntime_zone = "Asia/Shanghia"', "did you mean 'Asia/Shanghai'?"),
        ('[mapping.ads.columns]\nadd_id = "x"', "shroff.toml:2: [mapping.ads.columns] 'add_id'"),
        (
            '[mapping.ads]\ncolumns = {ad_id = "x"}\nconstants = {ad_id = "y"}',
            "'ad_id' is mapped twice",
        ),
        (
            '[mapping.reviews.values.verdict]\n"违规" = "violatin"',
            "'violatin' is not a value of verdict; did you mean 'violating'?",
        ),
        ("[goals.leakage]\n", "a goal is either at_most = NUMBER or at_least = NUMBER"),
        ('[designs.a]\nbasis = "declared"', "must say who declares it"),
        ("[designs.a]\nsampling_prob = 0.1", 'basis = "declared"'),
        ("[designs.Audit]\n", "lower-case"),
        ("mapping = 3", "mapping: input should be"),
        ('[metrics.m]\nname_en = "M"\ndenominator = "true"', "[metrics.m] needs 'numerator'"),
    ],
)
def test_a_fault_says_what_is_wrong(text: str, part: str) -> None:
    assert part in refusal(text)


def test_only_canonical_columns_are_mapped() -> None:
    told = refusal('[mapping.ads.columns]\nmarkt = "m"\n')
    assert "'markt' is not a column of ads; did you mean 'market'?" in told


def test_a_table_without_mapping_keeps_its_names() -> None:
    assert Settings().mapping_of("ads").columns == {}


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().engine.memory_gb = 2.0  # type: ignore[misc]


def test_a_file_that_is_not_there_hints_at_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run shroff init"):
        read_settings(tmp_path / "shroff.toml")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shroff.toml"
    path.write_bytes('name = "审核"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_settings(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "shroff.toml"
    path.write_text('[workspace]\nname = "审核"\n', encoding="utf-8-sig")
    assert read_settings(path).workspace.name == "审核"


def test_the_template_says_the_defaults() -> None:
    settings = parse_settings(template(name='审 "核"'))
    assert settings.workspace.name == '审 "核"'
    assert settings.model_copy(update={"workspace": Settings().workspace}) == Settings()


def test_the_template_is_valid_with_every_example_uncommented() -> None:
    bare = re.sub(r"^# (?=\[|\w+ = |\")", "", template(name="x"), flags=re.MULTILINE)
    bare = bare.replace('basis = "logged" ', 'basis = "declared" ')
    settings = parse_settings(bare)
    assert settings.mapping_of("decisions").values["action"]["机审拒绝"] == "reject"
    assert settings.designs["audit"].sampling_prob == 0.01
    assert settings.retention == {"impressions": 730, "reviews": 1095, "quarantine": 90}


def every_field(model: type[BaseModel]) -> list[tuple[str, str]]:
    return [(key, field.description or "") for key, field in model.model_fields.items()]


def test_every_setting_is_described_and_shown_in_the_template() -> None:
    text = template(name="x")
    models = [DesignSpec, Settings]
    models += [
        type(value)
        for value in (getattr(Settings(), key) for key in Settings.model_fields)
        if isinstance(value, BaseModel)
    ]
    for model in models:
        for key, description in every_field(model):
            assert description, key
            assert re.search(rf"\b{key}\b", text), key
