"""What is too uncertain is greyed at work and withheld from publication."""

from __future__ import annotations

from collections.abc import Callable

from shroff.report.document import (
    Cards,
    Document,
    FigureCard,
    Paragraph,
    Row,
    Section,
    Table,
)
from shroff.report.figures import Figure, Form, Weight
from shroff.report.publication import PublishRule, for_publication, for_work, is_publishable
from shroff.report.render_html import render_html
from shroff.report.render_markdown import render_markdown
from shroff.report.wording import Plain, Sentence
from shroff.stats.estimate import Status

Make = Callable[..., Figure]


def test_an_interval_of_five_points_may_be_published_and_a_wider_one_not(figure: Make) -> None:
    assert is_publishable(figure(0.5, 0.475, 0.524))
    assert not is_publishable(figure(0.5, 0.47, 0.53))


def test_a_small_share_may_not_be_vaguer_than_itself(figure: Make) -> None:
    assert is_publishable(figure(0.01, 0.006, 0.015))
    assert not is_publishable(figure(0.01, 0.004, 0.018))
    assert is_publishable(figure(0.01, 0.004, 0.018), PublishRule(relative=False))


def test_what_is_counted_in_full_may_be_published(figure: Make) -> None:
    assert is_publishable(figure(0.004, 0.004, 0.004, status=Status.COUNT))


def test_hours_are_not_judged_as_shares(figure: Make) -> None:
    assert is_publishable(Figure(figure(3.0, 1.0, 9.0).estimate, Form.HOURS))


def test_at_work_nothing_is_hidden(handmade: Document) -> None:
    page = render_html(for_work(handmade))
    assert "10–30%" in page
    assert 'class="figure share faint"' in page
    assert render_markdown(for_work(handmade)) == render_markdown(handmade)


def test_a_proxy_is_faint_however_narrow_its_interval(figure: Make) -> None:
    proxy = figure(1.0, 1.0, 1.0, status=Status.PROXY)
    document = one_section(
        Cards((FigureCard(Plain("a"), proxy),)), lead=Sentence("report.figure.unknown")
    )
    cards = for_work(document).sections[0].blocks[0]
    assert isinstance(cards, Cards)
    assert cards.cards[0].figure.weight is Weight.FAINT


def test_a_withheld_figure_appears_nowhere(handmade: Document) -> None:
    public = for_publication(handmade)
    for text in (render_html(public), render_markdown(public)):
        assert "withheld" in text
        assert "10–30%" not in text
        assert "41–86%" not in text
        assert "93.1%" in text


def one_section(*blocks: Cards | Table | Paragraph, lead: Sentence) -> Document:
    section = Section("s", Plain("?"), lead, blocks)
    return Document(Plain("t"), Plain("p"), lead, (lead,), (section,))


def test_a_sentence_about_withheld_figures_alone_is_left_out(figure: Make) -> None:
    vague, sharp = figure(0.5, 0.2, 0.8), figure(0.5, 0.49, 0.51)
    told = [
        Paragraph(Sentence("report.figure.bounds", {"interval": each})) for each in (vague, sharp)
    ]
    document = one_section(*told, lead=Sentence("report.figure.unknown"))
    assert for_publication(document).sections[0].blocks == (told[1],)
    assert len(for_work(document).sections[0].blocks) == 2


def test_sentences_withhold_too_and_so_does_a_change_beside_a_withheld_figure(
    figure: Make,
) -> None:
    vague, change = (
        figure(0.7123, 0.4, 0.9),
        Figure(figure(0.011, 0.001, 0.021).estimate, Form.POINTS),
    )
    document = one_section(
        Cards((FigureCard(Plain("a"), vague, change=change),)),
        Table((), (Row((Plain("a"), vague, change)), Row((Plain("b"), change)))),
        lead=Sentence("report.figure.bounds", {"interval": vague}),
    )  # fmt: skip
    public = for_publication(document)
    cards, table = public.sections[0].blocks
    assert isinstance(cards, Cards)
    assert isinstance(table, Table)
    assert cards.cards[0].change is None
    assert isinstance(withheld := table.rows[0].cells[2], Figure)
    assert withheld.estimate.status is Status.SUPPRESSED
    assert isinstance(kept := table.rows[1].cells[1], Figure)
    assert kept.estimate.value == 0.011
    assert public.headline.text() == "somewhere in withheld"


def test_a_withheld_estimate_keeps_no_number_to_reckon_it_from(figure: Make) -> None:
    document = one_section(
        Cards((FigureCard(Plain("a"), figure(0.7, 0.4, 0.9)),)),
        lead=Sentence("report.figure.unknown"),
    )
    cards = for_publication(document).sections[0].blocks[0]
    assert isinstance(cards, Cards)
    estimate = cards.cards[0].figure.estimate
    assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
    assert (estimate.numerator, estimate.denominator, estimate.n_effective) == (None, None, None)


def test_greying_marks_weight_only(figure: Make) -> None:
    document = one_section(
        Cards((FigureCard(Plain("a"), figure(0.7, 0.4, 0.9)),)),
        lead=Sentence("report.figure.unknown"),
    )
    cards = for_work(document).sections[0].blocks[0]
    assert isinstance(cards, Cards)
    assert cards.cards[0].figure.weight is Weight.FAINT
    assert cards.cards[0].figure.estimate.value == 0.7
