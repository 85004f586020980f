"""The demonstration: invented people who live the portal's story through its real verbs."""

from typing import Final

ENTRY_WORD: Final = "Red-demo-2026"
"""The one password of every account of the demonstration, printed when it starts."""
DOMAIN: Final = "guadalajara.example"
