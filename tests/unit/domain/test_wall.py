"""What a visitor may ask of the wall (security.md 2.1 counts, A3 filters)."""

import pytest

from portal.domain.wall import WallFilter, bands_of, rounded, widenings


@pytest.mark.parametrize(
    ("cards", "said"), [(0, 0), (1, 1), (9, 1), (10, 10), (19, 10), (20, 20), (1234, 1230)]
)
def test_counts_are_none_few_or_rounded_to_ten(cards, said):
    assert rounded(cards) == said


def test_an_answer_is_widened_band_first_then_place():
    asked = WallFilter(region="350421", age="9-11", category="学习")
    wider = list(widenings(asked, lambda _: "350400"))
    assert [(one.region, one.age, one.category) for one in wider] == [
        ("350421", "primary", "学习"),
        ("350400", "primary", "学习"),
        ("350400", "", "学习"),
        ("", "", "学习"),
    ]


def test_one_filter_alone_is_never_widened():
    for asked in (WallFilter(), WallFilter(q="台灯"), WallFilter(region="350421")):
        assert list(widenings(asked, lambda _: "")) == []


def test_a_stage_lists_its_bands_and_a_band_the_cards_of_its_stage():
    assert set(bands_of("primary")) == {"primary", "6-8", "9-11"}
    assert set(bands_of("9-11")) == {"9-11", "primary"}
    assert bands_of("anything") == ()
