"""What public figures may say without pointing at anybody."""

from collections.abc import Mapping
from typing import Final

SMALLEST_SHOWN: Final = 5
HIDDEN: Final = "reservada"


def suppressed(cells: Mapping[str, int]) -> dict[str, int | None]:
    """Hide the cells under 5, and as many more as it takes so that no total gives them away.

    What is hidden always adds up to at least 5 in at least two cells; else everything is hidden.
    """
    smallest_first = sorted(cells, key=lambda label: cells[label])
    hidden = [label for label in smallest_first if cells[label] < SMALLEST_SHOWN]
    while hidden and len(hidden) < len(cells):
        if len(hidden) >= 2 and sum(cells[label] for label in hidden) >= SMALLEST_SHOWN:
            break
        hidden.append(smallest_first[len(hidden)])
    kept_back = set(hidden)
    return {label: None if label in kept_back else value for label, value in cells.items()}
