"""The PII classes of domain.md 3; every model column carries exactly one."""

from __future__ import annotations

from enum import StrEnum


class PII(StrEnum):
    """How sensitive a column is; a role sees a class or its mask."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


P0, P1, P2, P3, P4 = PII.P0, PII.P1, PII.P2, PII.P3, PII.P4
