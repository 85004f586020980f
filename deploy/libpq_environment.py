"""Prints DATABASE_URL as the shell assignments that PostgreSQL's own tools read."""

import os
import shlex
import sys
from urllib.parse import unquote, urlsplit


def libpq_environment(url: str) -> dict[str, str]:
    """Return the PG* variables of a postgres:// address; what it does not say is left out."""
    parts = urlsplit(url)
    values = {
        "PGHOST": unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in values.items() if value}


if __name__ == "__main__":
    for name, value in libpq_environment(os.environ["DATABASE_URL"]).items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
