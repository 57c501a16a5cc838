"""The demo year: a story that always ends today, with fictitious people and every state present."""

from __future__ import annotations

from portal.demo.accounts import DemoAccount, accounts
from portal.demo.load import Loaded, is_loaded, load

__all__ = ["DemoAccount", "Loaded", "accounts", "is_loaded", "load"]
