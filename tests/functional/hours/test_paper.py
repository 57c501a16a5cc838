"""The printed certificate: pages, fonts inside the file, rare characters, a machine without them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from portal.documents import certificate as document
from portal.domain.certificates import Line, Paper, shown_serial

SERIAL = "7K3QX0W9BNZ4T6HJ2MRA"


def paper(count=4, **changes):
    first = date(2026, 2, 1)
    lines = tuple(
        Line(first + timedelta(days=2 * at), ("talk", "home_visit", "tutoring", "class")[at % 4],
             "陪孩子读书聊天，讲了两个故事", "" if at % 4 == 1 else "雪峰镇儿童之家", 50 + at)
        for at in range(count)
    )  # fmt: skip
    given = Paper(
        serial=SERIAL, name="王㛃䶮𠮷", document="居民身份证 9994**********0014", organisation="",
        volunteer_no="", period_from=first, period_to=date(2026, 4, 30),
        minutes=sum(line.minutes for line in lines), lines=lines, unit="明溪县民政局",
        head="陈秀英", handler="林志强", contact="0598-2860000", issued_on=date(2026, 5, 28),
    )  # fmt: skip
    return replace(given, **changes)


@pytest.fixture(autouse=True)
def on(app):
    with app.app_context():
        yield


def texts(data):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def fonts(data):
    """Return each font used in the text: (name, whether it lies in the file)."""
    found = set()
    for page in pypdfium2.PdfDocument(data):
        for thing in page.get_objects():
            if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
                font = pdfium.FPDFTextObj_GetFont(thing.raw)
                length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
                buffer = pdfium.ctypes.create_string_buffer(length)
                pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
                found.add((buffer.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))))
    return found


def test_a_certificate_says_what_the_rule_asks_and_fits_on_a_page():
    (page,) = texts(document.pdf(paper()))
    said = re.sub(r"\s", "", page)
    for words in ("志愿服务记录证明", shown_serial(SERIAL), "王㛃䶮𠮷", "居民身份证9994**********0014",
                  "2026年2月1日至2026年4月30日", "明溪县民政局", "负责人：陈秀英", "经办人：林志强",
                  "联系方式：0598-2860000", "出具日期：2026年5月28日", "入户看望", "课业辅导",
                  "206分钟", "3.43小时", f"/verify/{SERIAL}", "公示满7日", "1/1"):  # fmt: skip
        assert words in said, words


def test_forty_services_take_more_pages_with_headings_and_numbers():
    pages = texts(document.pdf(paper(40)))
    assert len(pages) >= 2
    for number, page in enumerate(pages, 1):
        said = re.sub(r"\s", "", page)
        assert f"{number}/{len(pages)}" in said
        assert SERIAL in said
    assert all("服务类型" in page for page in pages[:-1])


def test_the_type_is_chinese_and_lies_in_the_file():
    found = fonts(document.pdf(paper()))
    assert found
    assert all(embedded for _, embedded in found)
    assert any("CJK" in name for name, _ in found)


def test_the_sheet_is_a4_tagged_and_named():
    data = document.pdf(paper())
    width, height = pypdfium2.PdfDocument(data)[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    assert pdfium.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(data).raw)
    assert pypdfium2.PdfDocument(data).get_metadata_dict()["Title"].startswith("志愿服务记录证明")


def test_the_square_code_is_square_and_leads_to_the_check():
    """Looked at as a picture: 27 mm wide and as high, wherever it stands on the left margin."""
    page = pypdfium2.PdfDocument(document.pdf(paper()))[0]
    image = page.render(scale=4).to_pil().convert("L")
    millimetre = image.width / 210
    left = image.crop((round(17 * millimetre), 0, round(47 * millimetre), image.height))
    dark = left.point(lambda value: 255 if value < 60 else 0)
    heights = [y for y in range(dark.height) if dark.crop((4, y, 4 + 80, y + 1)).getbbox()]
    # The finder marks of the code are the only dark bars as wide as seven modules at the margin.
    solid = [y for y in heights if sum(dark.crop((14, y, 70, y + 1)).tobytes()) > 255 * 50]
    code = dark.crop((0, solid[0], dark.width, solid[0] + round(27.5 * millimetre))).getbbox()
    width, height = (code[2] - code[0]) / millimetre, (code[3] - code[1]) / millimetre
    assert abs(width - 27) < 0.5
    assert abs(height - 27) < 0.5
    assert document.context(paper())["address"].endswith(f"/verify/{SERIAL}")


def test_nothing_is_fetched_from_disk_or_net(tmp_path):
    """A title is text, whatever it looks like; the printer itself opens data: alone."""
    from weasyprint.urls import URLFetcher, URLFetchingError

    hostile = Line(date(2026, 2, 1), "talk", '<img src="file:///etc/hostname">', "线上", 50)
    (page,) = texts(document.pdf(paper(lines=(hostile,))))
    assert "file:///etc/hostname" in re.sub(r"\s", "", page)
    with pytest.raises((ValueError, URLFetchingError)):
        URLFetcher(allowed_protocols=("data",)).fetch("file:///etc/hostname")


@pytest.mark.parametrize("lacking", [document.NO_LIBRARY, document.NO_FONT])
def test_a_machine_that_lacks_something_says_so_in_one_sentence(monkeypatch, lacking):
    monkeypatch.setattr(document, "fault", lambda: lacking)
    with pytest.raises(document.CannotPrint) as refused:
        document.pdf(paper())
    assert refused.value.fault == lacking
    assert str(refused.value) == document.SENTENCES[lacking]


def test_fonts_are_asked_for_by_name():
    from weasyprint.text import ffi

    assert document._installed(ffi, "Noto Serif CJK SC")
    assert not document._installed(ffi, "No Such Family SC")
