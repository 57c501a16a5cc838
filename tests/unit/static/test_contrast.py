"""The colours of theme.css can be read: WCAG contrast of every pair that meets on a page."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "portal" / "static" / "css"
THEME = (CSS / "theme.css").read_text(encoding="utf-8")
#: Sheets of paper: black ink in every reading mode; the certificate is printed without the theme.
PAPER = (
    "agreement.css",
    "certificate.css",
    "contact_card.css",
    "participation.css",
    "portfolio.css",
    "print.css",
)
TEXT, LARGE_OR_EDGE, HIGH = 4.5, 3.0, 7.0
TEXT_PAIRS = [
    (text, ground)
    for text in ("ink", "ink-2", "ink-3", "accent", "accent-strong", "danger")
    for ground in ("paper", "surface", "surface-2")
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-night", "night"),
    ("on-night", "night-2"),
    ("on-night-2", "night"),
    ("on-night-2", "night-2"),
    ("on-night", "night-line"),
    ("night", "glow"),
    ("glow", "night"),
    ("ink", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("ink-2", "neutral-soft"),
    ("accent", "glow-soft"),
    ("surface", "ink"),
    *((tone, f"{tone}-soft") for tone in ("ok", "info", "warn", "danger", "neutral")),
    *(("ink", f"{tone}-soft") for tone in ("ok", "info", "warn", "danger")),
]
EDGE_PAIRS = [
    ("line-strong", "surface"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("glow", "night"),
]


def tokens(selector):
    block = re.search(re.escape(selector) + r" \{(.*?)\n\}", THEME, re.DOTALL).group(1)
    return dict(re.findall(r"--wg-([a-z0-9-]+): (#[0-9a-f]{3,6});", block))


PLAIN = tokens(":root")
CONTRAST = PLAIN | tokens('html[data-mode~="contrast"]')


def luminance(colour):
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_the_one_of_wcag():
    assert contrast("#fff", "#000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text, ground):
    assert contrast(PLAIN[text], PLAIN[ground]) >= TEXT


@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_and_focus_can_be_seen(edge, ground):
    assert contrast(PLAIN[edge], PLAIN[ground]) >= LARGE_OR_EDGE


@pytest.mark.parametrize(
    ("text", "ground"), [pair for pair in TEXT_PAIRS if pair != ("on-night", "night-line")]
)
def test_the_contrast_mode_is_stronger(text, ground):
    assert contrast(CONTRAST[text], CONTRAST[ground]) >= HIGH


def test_colours_are_named_in_one_file():
    painters = ("color", "background", "background-color")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(CSS.glob("*.css"))
        if path.name not in {"theme.css", *PAPER}
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(rf"(?:^|[\s;{{])({'|'.join(painters)}): #(?!fff\b)", line)
    ]
    assert found == []
