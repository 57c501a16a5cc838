"""What a password must be."""

import pytest

from portal.domain import passwords


@pytest.mark.parametrize(
    "password",
    [
        "十个字的密码就可以了吧",
        "correct horse",
        "a-b-c-d-e-f",
        "0123456789x!",
        "密码" * 5 + "很安全",
    ],
)
def test_long_and_uncommon_is_enough(password):
    assert passwords.problem(password) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("ninechars", "至少要 10 个字符"),
        ("x" * 129, "最多 128 个字符"),
        ("abcabcabcabc", "太常见"),
        ("1234567890", "太常见"),
        ("abcdefghijkl", "太常见"),
        ("98765432109", "太常见"),
        ("WoAiNi1314520", "太常见"),
        ("ｐａｓｓｗｏｒｄ１２３", "太常见"),
    ],
)
def test_what_a_guesser_tries_first_is_refused(password, why):
    assert why in passwords.problem(password)


def test_one_hundred_and_twenty_eight_is_still_good():
    assert passwords.problem("ab1c" * 32) == ""
    assert passwords.problem("ab1!" * 2 + "xy") == ""


def test_ones_own_words_are_refused():
    assert "自己的邮箱" in passwords.problem("chenzhiming-2026", ("ChenZhiming@example.org",))
    assert passwords.problem("chen-zhiming-2026", ("che@example.org", "")) == ""


def test_width_does_not_matter():
    assert passwords.normalise("ＡＢ１２　x") == "AB12 x"


@pytest.mark.parametrize("password", ["", "x" * 129, "x" * 100_000])
def test_absurd_texts_cost_no_hash(password):
    assert passwords.is_absurd(password)


def test_a_real_one_is_not_absurd():
    assert not passwords.is_absurd("x" * 128)
