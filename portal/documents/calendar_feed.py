"""A calendar as RFC 5545 asks for it: lines of 75 octets, escaped text, the zone spelt out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

MIME = "text/calendar; charset=utf-8"
_OCTETS = 75
_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19910915T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: hours as HH:MM in Beijing time; ``uid`` stays the same while it is the same."""

    uid: str
    day: date
    starts: str
    ends: str
    title: str
    place: str = ""
    cancelled: bool = False


def write(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """Return a calendar with this name and these entries."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//weiguang//programmes//ZH",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        *_ZONE,
    ]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@weiguang"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;TZID=Asia/Shanghai:{_local(event.day, event.starts)}"
    yield f"DTEND;TZID=Asia/Shanghai:{_local(event.day, event.ends)}"
    yield f"SUMMARY:{_escaped(event.title)}"
    if event.place:
        yield f"LOCATION:{_escaped(event.place)}"
    yield "STATUS:CANCELLED" if event.cancelled else "STATUS:CONFIRMED"
    yield "END:VEVENT"


def _local(day: date, hour: str) -> str:
    return f"{day:%Y%m%d}T{hour.replace(':', '')}00"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """Cut a line after 75 octets, never inside a character; what follows begins with a space."""
    part = b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > _OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
