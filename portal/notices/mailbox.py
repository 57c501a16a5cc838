"""Reading what the file transport wrote: the developer's letter box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from portal.domain.errors import NotFound

#: As many as one page shows; the files stay.
SHOWN = 200
_LINK = re.compile(r"(https?://\S+)")
#: A word of a mail, and whether it is a link.
Word = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail in the list."""

    id: UUID
    to: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to read: paragraphs of lines of words, and the rich part as it was sent."""

    envelope: Envelope
    paragraphs: tuple[tuple[tuple[Word, ...], ...], ...]
    html: str


def newest(folder: Path, to: str = "") -> list[Envelope]:
    """Return the newest mails, those to ``to`` (a part of an address) when given."""
    found: list[Envelope] = []
    # A file is named by its row's id, and those ids sort by time.
    for path in sorted(folder.glob("*.eml"), reverse=True):
        with path.open("rb") as file:
            headers = BytesHeaderParser(policy=policy.default).parse(file)
        envelope = _envelope(path, headers)
        if to.lower() in envelope.to.lower():
            found.append(envelope)
        if len(found) == SHOWN:
            break
    return found


def read(folder: Path, mail_id: UUID) -> Mail:
    """Return one mail; NotFound."""
    path = folder / f"{mail_id}.eml"
    if not path.is_file():
        raise NotFound
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    text, html = _part(message, "plain"), _part(message, "html")
    paragraphs = tuple(
        tuple(_words(line) for line in paragraph.splitlines())
        for paragraph in text.strip().split("\n\n")
    )
    return Mail(_envelope(path, message), paragraphs, html)


def _envelope(path: Path, headers: EmailMessage) -> Envelope:
    return Envelope(
        UUID(path.stem),
        str(headers["To"]),
        str(headers["Subject"]),
        parsedate_to_datetime(str(headers["Date"])),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _words(line: str) -> tuple[Word, ...]:
    return tuple((word, bool(_LINK.fullmatch(word))) for word in _LINK.split(line) if word)
