"""The settings every test process shares, as the environment of a child process or as arguments."""

from __future__ import annotations

#: Fixed for a whole run, so that a database made by one process opens in another.
SECRETS = {
    "SECRET_KEY": "a-secret-for-tests-only-of-forty-characters",
    "FIELD_KEYS": "k1:dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ,index:aWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWk",
}


def environment(database_url: str, **more: str) -> dict[str, str]:
    """Return the environment of a portal on a database, with the tests' keys and cheap hashing."""
    return {
        "PORTAL_ENV": "test",
        "DATABASE_URL": database_url,
        "ALLOW_FICTITIOUS_ID": "1",
        "ARGON2_MEMORY_KIB": "64",
        **SECRETS,
        **more,
    }
