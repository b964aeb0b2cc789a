"""Proposals as files: read back as written, every fault with its place and what to do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.advise.proposal import (
    DAYS,
    PackChange,
    Proposal,
    Route,
    Shift,
    Staffing,
    ThresholdChange,
    terms_of,
)
from shroff.advise.proposal_file import parse_proposal, read_proposal, write_proposal
from shroff.errors import ConfigError

_YAML = """
name: June lines
thresholds:
  - model: risk
    policy: null
    where: {market: NO, language: en}
    review_from: 0.45
    reject_from: null
packs:
  - path: packs/new.yaml
    replaces: packs/old.yaml
versions: {risk: v2}
routing:
  - where: {language: zh}
    queue: zh_cn
staffing:
  - queue: zh_cn
    shifts:
      - {days: [mon, tue], from: "09:00", to: "17:30", reviewers: 4}
"""

_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12
).filter(lambda text: text.strip())
_terms = st.dictionaries(_texts, _texts, max_size=3).map(terms_of)
_scores = st.floats(0, 1)
_lines = st.builds(
    lambda model, policy, where, ends: ThresholdChange(
        model=model, policy=policy, where=where, review_from=min(ends), reject_from=max(ends)
    ),
    _texts,
    st.none() | _texts,
    _terms,
    st.tuples(_scores, _scores | st.just(float("inf"))),
)
_shifts = st.builds(
    lambda days, ends, reviewers: Shift(
        days=tuple(days), start=ends[0] / 60, end=ends[1] / 60, reviewers=reviewers
    ),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True),
    st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda ends: ends[0] != ends[1]),
    st.floats(0, 500),
)
_staff = st.builds(
    lambda queue, shifts: Staffing(queue=queue, shifts=tuple(shifts)),
    _texts,
    st.lists(_shifts, max_size=2),
)


@given(
    st.builds(
        Proposal,
        thresholds=st.lists(_lines, min_size=1, max_size=2).map(tuple),
        packs=st.lists(st.builds(PackChange, path=_texts, replaces=_texts), max_size=2).map(tuple),
        versions=_terms,
        routing=st.lists(st.builds(Route, where=_terms, queue=_texts), max_size=2).map(tuple),
        staffing=st.lists(_staff, max_size=1).map(tuple),
        name=st.just("") | _texts,
    )
)
def test_what_is_written_is_read_back(proposal: Proposal) -> None:
    assert parse_proposal(proposal.to_json()) == proposal
    assert parse_proposal(proposal.to_json()).id == proposal.id


def test_yaml_is_read_and_no_is_a_market() -> None:
    found = parse_proposal(_YAML)
    assert found.thresholds[0].where == (("language", "en"), ("market", "NO"))
    assert found.thresholds[0].reject_from == float("inf")
    assert found.staffing[0].shifts[0].end == 17.5
    assert found.kind == "mixed"
    assert found.name == "June lines"


def test_json_indented_by_tabs_is_read() -> None:
    text = '{\n\t"versions": {\n\t\t"risk": "v2"\n\t}\n}\n'
    assert parse_proposal(text).versions == (("risk", "v2"),)


def test_a_file_is_written_and_read(tmp_path: Path) -> None:
    proposal = parse_proposal(_YAML)
    write_proposal(proposal, tmp_path / "sub" / "p.json")
    assert read_proposal(tmp_path / "sub" / "p.json") == proposal


def test_all_faults_are_told_with_their_places() -> None:
    text = (
        "threshold:\n  - model: risk\nthresholds:\n  - model: risk\n    review_from: x\n"
        "    reject_from: 0.3\nstaffing:\n  - queue: a\n    shifts: {days: mon}\n"
    )
    with pytest.raises(ConfigError) as fault:
        parse_proposal(text, name="p.yaml")
    told = str(fault.value)
    assert "3 faults" in told
    assert "p.yaml:1:1: unknown key 'threshold'; did you mean 'thresholds'" in told
    assert "p.yaml:5:18: review_from is a number" in told
    assert "p.yaml:9:13: shifts is a list" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("[]", "a proposal is a mapping"),
        ("name: x", "changes nothing"),
        ("versions: {risk: v2}\nkind: packs", "kind is packs, but it changes: versions"),
        ("versions: {risk: v2}\nversions: {risk: v3}", "stands there twice"),
        ("thresholds:\n  - model: risk\n    review_from: 0.2", "needs reject_from"),
        (
            "thresholds:\n  - {model: r, review_from: 0.9, reject_from: 0.2}",
            "is above reject_from",
        ),
        ("prompts: {risk: say so}", "there are no scores of it"),
        ("versions: [v2]", "versions is a mapping"),
        ("versions: {risk: [v2]}", "risk of versions is one value"),
        ("packs:\n  - path: ''", "path is a text"),
        ("versions: {a", "this is not YAML"),
    ],
)
def test_faults_say_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as fault:
        parse_proposal(text, name="p.yaml")
    assert told in str(fault.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_proposal(tmp_path / "none.yaml")
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_proposal(tmp_path / "odd.yaml")
