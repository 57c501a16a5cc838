"""The texts an applicant reads: those of the authority that will look at the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.plain_text import Reading
from portal.domain.texts import BUILTIN_ACCEPTED
from portal.queries import registration, texts, units
from portal.web import reading


@dataclass(frozen=True, slots=True)
class Texts:
    """What is shown above the ticks; ``pledge`` only where the authority has its own words."""

    in_force: Mapping[str, str]
    authority_code: str = ""
    authority: str = ""
    pledge: Reading | None = None


def texts_at(county_code: str) -> Texts:
    """Return the texts of a county's authority.

    Without a county they are those of the only authority there is, or what the portal came with.
    """
    tenants = units.tenants()
    path = next(
        (each.tenant_path for each in registration.counties() if each.code == county_code),
        tenants[0].path if len(tenants) == 1 else "",
    )
    authority = next((each for each in tenants if each.path == path), None)
    if authority is None:
        return Texts(BUILTIN_ACCEPTED)
    in_force = texts.in_force(path)
    pledge = None
    if in_force["pledge"] != BUILTIN_ACCEPTED["pledge"]:
        text = texts.current("pledge", authority.code, in_force["pledge"])
        pledge = text.reading(*reading.names(authority.name))
    return Texts(in_force, authority.code, authority.name, pledge)
