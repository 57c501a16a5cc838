import pytest

from portal.domain.masking import Kind, mask


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("name", "王小明", "王**"),
        ("name", "王明", "王**"),
        ("name", "欧阳小明", "欧阳**"),
        ("name", "司马光", "司马**"),
        ("name", "欧阳", "欧**"),
        ("name", "阿依古丽·买买提", "阿**"),
        ("name", "Anna Li", "A***"),
        ("id_number", "350421201506011234", "3504**********1234"),
        ("id_number", "35042119491231002X", "3504**********002X"),
        ("id_number", "1234", "***"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "0598-8222222", "0598-*****22"),
        ("phone", "12345", "***"),
        ("email", "wang@example.org", "w***@example.org"),
        ("email", "nonsense", "***"),
        ("address", "福建省三明市明溪县城关乡坪埠村12号", "福建省三明市明溪县***"),
        ("address", "坪埠村12号", "***"),
        ("text", "喜欢画画", "***"),
        ("diagnosis", "孤独症", "***"),
    ],
)
def test_masks(kind, value, masked):
    assert mask(kind, value) == masked


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_nothing_stays_nothing(kind, empty):
    assert mask(kind, empty) == ""


def test_a_name_mask_does_not_tell_the_length_of_a_given_name():
    assert mask("name", "王明") == mask("name", "王小明") == mask("name", "王小小明")
