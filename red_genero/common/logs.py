"""What never reaches the log: the keys that are part of an address."""

import logging
import re
from typing import Final

LONG_WORD: Final = re.compile(r"[A-Za-z0-9_:.~-]{20,}")
"""The proxy's rule too (``deploy/Caddyfile``): a key is longer than any word that people read."""


class WithoutKeys(logging.Filter):
    """Shorten the address in every line that Django writes about a request.

    A refused visto bueno, say, is a 409 that Django notes with its path, and the end of that path opens the answer.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; none is held back."""
        if hasattr(record, "request") and isinstance(record.args, tuple):
            record.args = tuple(
                LONG_WORD.sub("…", part) if isinstance(part, str) else part for part in record.args
            )
        return True
