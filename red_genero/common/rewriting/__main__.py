"""One file, one process: read the order from the standard input, work within limits, answer one line of JSON."""

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from red_genero.common.rewriting.kinds import Refusal

MEMORY: Final = 1_400 * 1024 * 1024
WRITTEN: Final = 200 * 1024 * 1024
CPU: Final = 40


def main() -> None:
    """Obey ``{"do": "rewrite"|"read", "source": …, "target": …, …}``; answer ``facts`` or ``refused``."""
    confine()
    order = json.loads(sys.stdin.read())
    try:
        answer: dict[str, Any] = {"facts": obey(order)}
    except Refusal as refusal:
        answer = {"refused": refusal.code, "inside": refusal.inside}
    except (MemoryError, RecursionError):
        answer = {"refused": "file_too_complex", "inside": ""}
    sys.stdout.write(json.dumps(answer))


def confine() -> None:
    """Give up what this process does not need: memory, time, room on the disk, cores to leave behind."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        ceiling = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (ceiling, ceiling))


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Do what was asked with the file."""
    if order["do"] == "read":
        from red_genero.common.rewriting.reading import read

        return read(Path(order["source"]), order["kind"], Path(order["target"]))
    from red_genero.common.rewriting.rewriting import rewrite

    found = rewrite(
        Path(order["source"]), Path(order["target"]), order["name"], frozenset(order["kinds"])
    )
    return found.as_json()


if __name__ == "__main__":
    main()
