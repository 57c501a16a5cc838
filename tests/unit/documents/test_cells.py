import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.cells import is_risky, neutralise, printable, restore
from portal.documents.workbook_reader import read_sheets

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\u2212"
FRONTS = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\u00a0",
    "\x01",
    "'",
    "''",
    " '",
)
alarming = st.builds(
    lambda front, sign, rest: front + sign + rest,
    st.sampled_from(FRONTS),
    st.sampled_from([*SIGNS, ""]),
    st.text(max_size=20),
)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("front", ["", " ", "\t", "\r", "\u3000", "\ufeff", "\u200b", "\x01"])
def test_a_formula_behind_any_disguise_gets_an_apostrophe(sign, front):
    text = f"{front}{sign}1+1"
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["\ttab", "\rreturn", "=1", "=cmd|' /C calc'!A0", "-2+3", "@SUM(1)"]
)
def test_texts_that_programs_run_are_risky(text):
    assert is_risky(text)


@pytest.mark.parametrize(
    "text", ["", "王小明", "3.5", "a=b", "“微心愿”", "'", "'quoted'", "O'Neil"]
)
def test_harmless_texts_stay_as_they_are(text):
    assert neutralise(text) == text == restore(text)


@settings(max_examples=3000, deadline=None)
@given(alarming)
def test_reading_gives_back_what_was_written(text):
    assert restore(neutralise(text)) == text


@settings(max_examples=3000, deadline=None)
@given(alarming)
def test_no_written_text_starts_like_a_formula(text):
    written = neutralise(text)
    bare = written.lstrip(" \t\r\n\u3000\ufeff\u200b\u00a0\x01")
    assert bare[:1] not in set(SIGNS)
    assert written[:1] not in {"\t", "\r"}


@settings(max_examples=25, deadline=None)
@given(st.lists(alarming, min_size=1, max_size=40))
def test_texts_survive_a_workbook_and_a_csv(tmp_path_factory, texts):
    # A cell cannot hold controls, and XML knows only one line end: that is not formula business.
    texts = [printable(text).replace("\r", "") for text in texts]
    path = Path(tmp_path_factory.mktemp("cells"), "a.xlsx")
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for place, text in enumerate(texts):
            sheet.write_string(place, 0, "x")
            sheet.write_string(place, 1, neutralise(text))
    (read,) = [[row[1] for row in sheet.rows] for sheet in read_sheets(path)]
    assert read == texts
    out = io.StringIO()
    csv.writer(out).writerows([["x", neutralise(text)] for text in texts])
    path = path.with_suffix(".csv")
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    (read,) = [[row[1] for row in sheet.rows] for sheet in read_sheets(path)]
    assert read == texts
