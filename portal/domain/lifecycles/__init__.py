"""The lifecycles, each a table of transitions and nothing else."""

from portal.domain.lifecycles import (
    appeals,
    certificates,
    children,
    clearances,
    commitments,
    complaints,
    honours,
    imports,
    pairings,
    resources,
    service_records,
    setting_changes,
    sights,
    supporters,
    unit_changes,
    wishes,
)
from portal.domain.machine import Machine

MACHINES: tuple[Machine, ...] = (
    appeals.MACHINE,
    certificates.MACHINE,
    children.MACHINE,
    clearances.MACHINE,
    commitments.MACHINE,
    complaints.MACHINE,
    honours.CATALOGUE_ITEMS,
    honours.HONOURS,
    imports.MACHINE,
    pairings.MACHINE,
    resources.LINKS,
    resources.OFFERS,
    service_records.MACHINE,
    setting_changes.MACHINE,
    sights.MACHINE,
    supporters.MACHINE,
    unit_changes.MACHINE,
    wishes.MACHINE,
)
