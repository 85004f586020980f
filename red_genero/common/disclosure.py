"""What public figures may say without pointing at anybody."""

from collections import defaultdict
from collections.abc import Mapping, Set
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


def joined(cells: Mapping[int, Set[int]], heads: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Return the people of each sum: a cell that is not in ``heads`` is its own head."""
    sums: defaultdict[int, set[int]] = defaultdict(set)
    for key, people in cells.items():
        sums[heads.get(key, key)] |= people
    return {head: frozenset(people) for head, people in sums.items()}


def told_alone(cells: Mapping[int, Set[int]]) -> set[int]:
    """Return the cells whose number of people may be read one by one."""
    shown = suppressed({str(key): len(people) for key, people in cells.items()})
    return {int(key) for key, value in shown.items() if value is not None}


def told_together(cells: Mapping[int, Set[int]], heads: Mapping[int, int]) -> set[int]:
    """Return the heads whose sum may be read beside the cells one by one.

    Taking from a sum the cells that are read alone leaves what they hide: a sum is told only when that is
    at least 5 people in at least two cells, or nothing at all; and so must be what all the untold ones hide,
    because the total of the Red is public.
    """
    alone = told_alone(cells)
    kept: defaultdict[int, list[Set[int]]] = defaultdict(list)
    for key, people in cells.items():
        if key not in alone:
            kept[heads.get(key, key)].append(people)
    everything = {heads.get(key, key) for key in cells}
    untold = {head for head, parts in kept.items() if not _enough(parts)}
    spare = sorted(set(kept) - untold, key=lambda head: (len(set().union(*kept[head])), head))
    while untold and spare and not _enough([part for head in untold for part in kept[head]]):
        untold.add(spare.pop(0))
    return everything - untold


def _enough(parts: list[Set[int]]) -> bool:
    """Whether nobody can be pointed at inside what is hidden."""
    manned = [people for people in parts if people]
    return len(manned) >= 2 and len(set[int]().union(*manned)) >= SMALLEST_SHOWN
