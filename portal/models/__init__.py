"""How it is stored: one module per noun. Importing this package registers every table."""

from portal.models import (
    accounts,
    authorities,
    catalogue_items,
    children,
    honours,
    identity_checks,
    pool,
    records,
    resources,
    rights,
    seals,
    service_records,
    sight,
    sign_in_ways,
    supporters,
    units,
    wishes,
)
from portal.models.base import Base

__all__ = [
    "Base",
    "accounts",
    "authorities",
    "catalogue_items",
    "children",
    "honours",
    "identity_checks",
    "pool",
    "records",
    "resources",
    "rights",
    "seals",
    "service_records",
    "sight",
    "sign_in_ways",
    "supporters",
    "units",
    "wishes",
]
