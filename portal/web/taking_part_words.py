"""The words of enrolments and rotas in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from portal.domain import enrolments, pickup_codes, programmes, rota


def _pairs(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, gettext(word)) for code, word in words.items()]


def kind(name: str) -> str:
    """Return what a kind of programme is called."""
    return gettext(programmes.KINDS[name].label) if name in programmes.KINDS else name


def consents() -> list[tuple[str, str]]:
    """Return the four consents in the order of the page."""
    return _pairs(enrolments.CONSENTS)


def methods() -> list[tuple[str, str]]:
    """Return the ways in which a family says yes at the desk."""
    return [pair for pair in _pairs(enrolments.METHODS) if pair[0] != "link"]


def method(code: str) -> str:
    """Return how a family said yes."""
    return gettext(enrolments.METHODS[code]) if code in enrolments.METHODS else ""


def source(code: str) -> str:
    """Return who applied."""
    return gettext(enrolments.SOURCES[code]) if code in enrolments.SOURCES else code


def relations() -> list[tuple[str, str]]:
    """Return who may fetch a child, seen from the child."""
    return _pairs(pickup_codes.RELATIONS)


def relation(code: str) -> str:
    """Return a relation in words."""
    words = pickup_codes.RELATIONS
    return gettext(words[code]) if code in words else code


def roles() -> list[tuple[str, str]]:
    """Return the roles of a rota."""
    return _pairs(programmes.ROLES)


def role(code: str) -> str:
    """Return what somebody does on a rota."""
    return gettext(programmes.ROLES[code]) if code in programmes.ROLES else code


def removed(code: str) -> str:
    """Return why somebody is on a rota no more."""
    return gettext(rota.REMOVED[code]) if code in rota.REMOVED else ""


def places_by(code: str) -> str:
    """Return how places are given out."""
    return gettext(programmes.PLACES_BY[code]) if code in programmes.PLACES_BY else code


def participant(code: str) -> str:
    """Return who takes part."""
    return gettext("监护人") if code == "carer" else gettext("孩子")
