"""What a password must be: long enough, not on every thief's list, not one's own name.

No rules about mixtures of characters and no forced change: length and a list do more (ASVS 6.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

MIN_LENGTH = 10
#: An absurdly long text never reaches the hash.
MAX_LENGTH = 128
_SMALLEST_ALPHABET = 4
_SHORTEST_OWN_WORD = 4

#: Whole passwords of ten characters and more that lead the published lists, as they are typed.
_COMMON_TEXT = """
    1234567890 12345678910 123456789a a123456789 123456789q 0123456789 9876543210 0987654321
    1122334455 1234512345 1234554321 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc qwertyuiop
    qwerty12345 qwerty123456 qwert12345 asdfghjkl1 asdf123456 zxcvbnm123 q1w2e3r4t5 qazwsxedcrfv
    password12 password123 password1234 password123456 passw0rd123 p@ssw0rd123 p@ssword123
    admin12345 admin123456 administrator root123456 welcome123 welcome1234 letmein1234 iloveyou123
    woaini1314 woaini520 woaini1314520 woaini5201314 wo123456789 aini1314520 1314520123 5201314520
    5201314woaini nihao123456 zhongguo123 china123456 beijing2008 woaiwojia1 abc1234567 abcd123456
    abcde12345 abcdefghij abcdefg123 aa12345678 aa123456789 qq123456789 wang123456 zhang123456
    li123456789 liu123456789 1a2b3c4d5e a1b2c3d4e5 test123456 monkey12345 dragon12345 sunshine123
    football123 baseball123 superman123 princess123 trustno1234 changeme123 computer123 internet123
    mima123456 mima1234567 weiguang123 minzheng123 aixin123456 sanming123 3504003504 8888888888a
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def normalise(password: str) -> str:
    """Return the NFKC form, so that a full-width keyboard types the same password."""
    return unicodedata.normalize("NFKC", password)


def problem(password: str, own_words: Iterable[str] = ()) -> str:
    """Return why a new password is refused, or an empty text.

    ``own_words`` are the person's e-mail and name, which a guesser tries first.
    """
    text = normalise(password)
    if len(text) < MIN_LENGTH:
        return "密码至少要 10 个字符，可以是一句好记的话"
    if len(text) > MAX_LENGTH:
        return "密码最多 128 个字符"
    bare = text.lower()
    if bare in _COMMON or len(set(bare)) < _SMALLEST_ALPHABET or _is_a_run(bare):
        return "这个密码太常见，很容易被猜到，请换一个"
    if any(_contains_own(bare, word) for word in own_words):
        return "密码里不要包含自己的邮箱或姓名"
    return ""


def is_absurd(password: str) -> bool:
    """Tell whether a text cannot be anybody's password, so that no hash is spent on it."""
    return not password or len(password) > 2 * MAX_LENGTH or len(normalise(password)) > MAX_LENGTH


def _contains_own(password: str, word: str) -> bool:
    own = word.lower().partition("@")[0]
    return len(own) >= _SHORTEST_OWN_WORD and own in password


def _is_a_run(text: str) -> bool:
    """Tell whether each character follows the one before (1234…, abcd…, 9876…)."""
    if not re.fullmatch(r"[0-9a-z]+", text):
        return False
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}
