from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.text.spans import original_spans
from shroff.text.text_views import views_of_texts

SIGNS = "减肥月巴薇信weixinfre3.$@ \u200b\u0301ａс七7🔥\n。㎏ﬁが口木"


def span(text: str, *, view: int, start: int, end: int) -> str:
    first, last = original_spans(
        views_of_texts(["前", text]),
        view=view,
        text=np.array([1], np.int32),
        start=np.array([start + 1], np.int64),
        end=np.array([end + 1], np.int64),
    )
    return text[int(first[0]) : int(last[0])]


def test_a_span_ends_with_the_last_character_that_belongs() -> None:
    assert span("x减月巴。y", view=1, start=1, end=3) == "减月巴"
    assert span("f.r.e.e. now", view=1, start=0, end=3) == "f.r.e.e"
    assert span("加wei xin吧", view=2, start=1, end=3) == "wei xin"
    assert span("e\u0301\u200b a", view=0, start=0, end=1) == "e\u0301"


@given(st.text(st.sampled_from(SIGNS), min_size=1, max_size=20), st.data())
@settings(max_examples=200, deadline=None)
def test_the_original_stretch_says_what_the_stretch_of_the_view_says(
    text: str, data: st.DataObject
) -> None:
    views = views_of_texts([text])
    for view, codes in ((0, views.plain), (2, views.sound)):
        if not len(codes):
            continue
        start = data.draw(st.integers(0, len(codes) - 1))
        end = data.draw(st.integers(start + 1, len(codes)))
        said = views_of_texts([span(text, view=view, start=start, end=end)])
        again = (said.plain, said.folded, said.sound)[view].tolist()
        wanted = codes[start:end].tolist()
        assert any(again[at : at + len(wanted)] == wanted for at in range(len(again))) or view == 2


@given(
    st.text(st.sampled_from("减肥月巴薇信xfr.* 🔥\u200bａ"), min_size=1, max_size=20), st.data()
)
@settings(max_examples=200, deadline=None)
def test_a_folded_stretch_comes_from_its_original(text: str, data: st.DataObject) -> None:
    views = views_of_texts([text])
    if not len(views.folded):
        return
    start = data.draw(st.integers(0, len(views.folded) - 1))
    end = data.draw(st.integers(start + 1, len(views.folded)))
    said = views_of_texts([span(text, view=1, start=start, end=end)])
    assert said.folded.tolist() == views.folded[start:end].tolist()
