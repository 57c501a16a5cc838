"""A small written form for texts that people read: headings, paragraphs and lists, nothing else.

``# `` begins the title, ``## `` a chapter, ``- `` a point, ``1. `` a numbered point; every other
line is a paragraph. What looks like markup stays text: a page escapes every piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from portal.domain.errors import Invalid

_NUMBERED = re.compile(r"\d{1,2}[.、]\s*")
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``p``), a list of points (``ul``) or of numbered points (``ol``)."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with what stands under it."""

    heading: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text: title, opening paragraphs, chapters."""

    title: str
    opening: tuple[Block, ...]
    chapters: tuple[Chapter, ...]


def read(text: str) -> Reading:
    """Read a written text; Invalid without a title or a chapter, or when it is too long."""
    if len(text) > LONGEST:
        raise Invalid("正文太长", {"body": "正文不能超过两万字"})
    title, chapters = "", [Chapter("")]
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("# ") and not title:
            title = line[2:].strip()
        elif line.startswith("## "):
            chapters.append(Chapter(line[3:].strip()))
        elif line:
            chapters[-1] = _with(chapters[-1], line)
    if not title or len(chapters) == 1:
        why = "第一行写“# 标题”，每一章写“## 小标题”"
        raise Invalid("正文没有标题或小标题", {"body": why})
    return Reading(title, chapters[0].blocks, tuple(chapters[1:]))


def filled(text: str, **names: str) -> str:
    """Put names in their ``{places}``; every other brace stays as it was written."""
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


def _with(chapter: Chapter, line: str) -> Chapter:
    kind, words = _kind(line)
    blocks = chapter.blocks
    if kind != "p" and blocks and blocks[-1].kind == kind:
        longer = replace(blocks[-1], lines=(*blocks[-1].lines, words))
        return replace(chapter, blocks=(*blocks[:-1], longer))
    return replace(chapter, blocks=(*blocks, Block(kind, (words,))))


def _kind(line: str) -> tuple[str, str]:
    if line.startswith(("- ", "・")):
        return "ul", line[1:].strip()
    if (number := _NUMBERED.match(line)) is not None:
        return "ol", line[number.end() :].strip()
    return "p", line
