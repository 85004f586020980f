"""Scanned papers that people send: oficios, answers, proofs. The portal's one door for files does the work."""

from typing import Any, Final

from django.core.files.base import File

from red_genero.common import intake

LIMIT: Final = intake.PAPERS.limit
ACCEPT: Final = intake.PAPERS.accept
HELP: Final = intake.PAPERS.help
TYPES: Final = {f".{kind.suffix}": kind.content_type for kind in intake.PAPERS.kinds}


def checked(file: File[Any]) -> intake.Received:
    """Return the file as it may be stored; its codes of refusal are those of ``intake.receive``."""
    return intake.receive(file, intake.PAPERS)
