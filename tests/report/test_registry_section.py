"""The section on what scores and judges: only where something is registered."""

from __future__ import annotations

from shroff.domain.messages import Language
from shroff.domain.registered import ModelState
from shroff.models.registry import Registry, Seen, registry_of
from shroff.report.document import Paragraph, Table
from shroff.report.registry_section import every_model_section, registry_section
from shroff.store.model_records import ModelRecord


def registry(*records: ModelRecord) -> Registry:
    seen = {("a", "1"): Seen(scores=10), ("stranger", "1"): Seen(judgements=3, live=3)}
    return registry_of(records, seen, fitted={("a", "1"): ["a/1 v1"]})


def test_where_nothing_is_registered_there_is_no_section() -> None:
    assert registry_section(registry()) is None


def test_champions_come_first_and_strangers_are_counted() -> None:
    found = registry_section(
        registry(
            ModelRecord(name="z", version="1", state=ModelState.CHAMPION, owner="Lin"),
            ModelRecord(name="a", version="1", thresholds={"reject": 0.9}),
        )
    )
    assert found is not None
    table, strangers = found.blocks
    assert isinstance(table, Table)
    assert isinstance(strangers, Paragraph)
    names = [row.cells[0] for row in table.rows]
    assert [name.text(Language.EN) for name in names] == ["z", "a"]
    for language, words in ((Language.EN, "Versions registered: 2"), (Language.ZH, "2 个版本")):
        assert words in found.lead.text(language)
    assert "1 of them are in the logs" in strangers.text.text(Language.EN)


def test_the_page_lists_what_nobody_registered_after_what_somebody_did() -> None:
    found = every_model_section(registry(ModelRecord(name="a", version="1", owner="Lin")))
    assert found is not None
    table = found.blocks[0]
    assert isinstance(table, Table)
    cells = [[cell.text(Language.EN) for cell in row.cells[:4]] for row in table.rows]
    assert [(each[0], each[3]) for each in cells] == [
        ("a", "shadow"),
        ("stranger", "not registered"),
    ]
    alone = every_model_section(registry())
    assert alone is not None
    assert "Versions registered: 0" in alone.lead.text(Language.EN)
    assert every_model_section(registry_of((), {}, fitted={})) is None
