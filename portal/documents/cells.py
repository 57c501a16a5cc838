"""Text on its way into a spreadsheet or CSV cell, and back.

A spreadsheet program runs a cell that begins like a formula. Every text that we export is
neutralised with one apostrophe in front; reading takes exactly that apostrophe off again, so that
``restore(neutralise(text)) == text`` for every text.
"""

from __future__ import annotations

import re

APOSTROPHE = "'"
LONGEST_CELL = 32767

# Spaces, controls, BOM and zero-width characters in front do not disarm a formula. The
# full-width signs count too: an input method in Chinese mode turns them into the plain ones.
_RISKY = re.compile(
    r"'*(?:[\t\r\n]|[\s\u0000-\u001f\u007f\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b])"
)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PLAIN_START = re.compile(r"[\w一-鿿(《“]")


def is_risky(text: str) -> bool:
    """Say whether a spreadsheet program could take ``text`` for something to run."""
    return bool(text) and _PLAIN_START.match(text) is None and _RISKY.match(text) is not None


def neutralise(text: str) -> str:
    """Return ``text`` so that no spreadsheet program evaluates it (security row 13)."""
    return APOSTROPHE + text if is_risky(text) else text


def restore(text: str) -> str:
    """Undo ``neutralise``; an apostrophe that we did not write stays."""
    return text[1:] if text.startswith(APOSTROPHE) and is_risky(text) else text


def printable(text: str) -> str:
    """Drop the characters that a workbook cannot hold at all (controls, half surrogates)."""
    return _NOT_IN_XML.sub("", text)[:LONGEST_CELL]
