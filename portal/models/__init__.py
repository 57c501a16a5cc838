"""How it is stored: one module per noun. Importing this package registers every table."""

from portal.models import accounts, children, records, rights, sight, supporters, units, wishes
from portal.models.base import Base

__all__ = ["Base", "accounts", "children", "records", "rights", "sight", "supporters", "units", "wishes"]
