"""The report's section on versions, over the demo's own comparison."""

from __future__ import annotations

import pytest

from shroff.domain.messages import Language
from shroff.measure.model_verdict import ModelComparison
from shroff.measure.model_work import Asked
from shroff.report.document import Details, Section, Table
from shroff.report.model_card_page import card_page
from shroff.report.model_compare_section import comparison_blocks, operating_table, verdict_of
from shroff.report.render_html import render_html
from shroff.synthetic.platform import write_platform
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("versions") / "demo"
    write_platform(root, ads=1500, seed=7, days=35)
    found = Workspace.open(root)
    for table, files in found.sources().items():
        found.ingest(table, files)
    return found


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> ModelComparison:
    return workspace.analyses.compare_models(Asked(), period="all")


def test_the_blocks_hold_both_versions_on_each_basis(found: ModelComparison) -> None:
    tables = [block for block in comparison_blocks(found) if isinstance(block, Table)]
    heads = [row.cells[0].text() for row in tables[0].rows if row.group]  # type: ignore[union-attr]
    assert "Acting on as many ads" in heads
    assert any(isinstance(block, Details) for block in comparison_blocks(found))


def test_the_lead_is_the_verdict_in_both_languages(found: ModelComparison) -> None:
    lead = verdict_of(found)
    assert lead.text(Language.EN) == found.verdict_text(Language.EN)
    assert lead.text(Language.ZH) == found.verdict_text(Language.ZH)


def test_one_basis_can_be_shown_alone(found: ModelComparison) -> None:
    alone = operating_table(found, [found.chosen])
    assert len(alone.rows) < len(operating_table(found, found.operating).rows)


def test_a_card_renders_in_both_languages(workspace: Workspace) -> None:
    page = card_page(workspace.analyses.model_card("v1", asked=Asked(), period="all"))
    sections: tuple[Section, ...] = page.sections
    assert [section.id for section in sections] == ["what", "figures", "weak", "versus", "limits"]
    for language in Language:
        assert "v1" in render_html(page, language=language)
