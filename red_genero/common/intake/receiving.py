"""What each door takes, and the verb that turns what was sent into what may be stored."""

import hashlib
import os
import re
import tempfile
import uuid
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File

from red_genero.common.intake.apart import apart
from red_genero.common.intake.words import refusal, shown
from red_genero.common.rewriting.kinds import BY_SUFFIX, Kind

MB: Final = 1024 * 1024
LIMIT: Final = 10 * MB
BLOCK: Final = 64 * 1024
NAME_LENGTH: Final = 120

_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|]+')
_SUFFIX: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")


@dataclass(frozen=True, slots=True)
class Policy:
    """What one door takes: kinds of file and how much they weigh."""

    kinds: tuple[Kind, ...]
    limit: int = LIMIT

    @property
    def accept(self) -> str:
        """The ``accept`` attribute of the field: it helps to choose, it decides nothing."""
        suffixes = [f".{kind.suffix}" for kind in self.kinds]
        return ",".join([*suffixes, ".jpeg"] if Kind.JPG in self.kinds else suffixes)

    @property
    def names(self) -> str:
        """The kinds in words: «PDF, JPG o PNG»."""
        labels = [kind.label for kind in self.kinds]
        return f"{', '.join(labels[:-1])} o {labels[-1]}" if labels[1:] else labels[0]

    def refusal(self, code: str, inside: str = "") -> ValidationError:
        """Return the refusal with this door's own limits in its sentence."""
        return refusal(code, limit=self.limit // MB, kinds=self.names, inside=inside)

    @property
    def help(self) -> str:
        """The line below the field."""
        return f"{self.names} de hasta {self.limit // MB} MB."


PAPERS: Final = Policy((Kind.PDF, Kind.JPG, Kind.PNG))
"""Scanned papers: oficios, actas, answers."""
LIBRARY: Final = Policy(tuple(Kind))
"""Everything that the portal knows to write anew."""


class Received(File[bytes]):
    """A file as it may be stored: its bytes on the disk, under a random name, with what is known of it.

    The path may go at once: the bytes stay until the object does.

    ``name`` is ours; ``label`` is how the person called it, cleaned, with the suffix of its content.
    """

    def __init__(self, path: Path, kind: Kind, label: str, facts: dict[str, Any]) -> None:
        handle = os.open(path, os.O_RDONLY)
        body = open(handle, "rb", closefd=False)  # noqa: SIM115
        self._release = weakref.finalize(
            body, os.close, handle
        )  # whoever still reads keeps it open
        super().__init__(body, name=f"{uuid.uuid4().hex}.{kind.suffix}")
        self.kind = kind
        self.label = label
        self.pages: int = facts["pages"]
        self.language: str = facts["language"]
        self.tagged: bool = facts["tagged"]
        self.signed: bool = facts["signed"]
        self.title: str = facts["title"]
        self.removed: tuple[str, ...] = tuple(facts["removed"])
        self.sha256 = fingerprint(body)
        self.source_sha256 = self.sha256

    def close(self) -> None:
        """Let the bytes go; forgotten ones go with the object."""
        super().close()
        self._release()

    @property
    def stored_name(self) -> str:
        """The random name, for a FileField's ``save``."""
        return str(self.name)


def receive(file: File[bytes], policy: Policy) -> Received:
    """Return ``file`` as it may be stored.

    Raises ValidationError: ``file_empty``, ``file_too_big``, ``file_kind``, ``file_broken``, ``file_encrypted``,
    ``file_active``, ``file_pages``, ``file_too_complex``, ``file_busy``.
    """
    if isinstance(file, Received):
        if file.kind not in policy.kinds:
            raise policy.refusal("file_kind")
        file.seek(0)
        return file
    if not file.size:
        raise policy.refusal("file_empty")
    if file.size > policy.limit:
        raise policy.refusal("file_too_big")
    name = str(file.name or "")
    with tempfile.TemporaryDirectory(prefix="recibido-") as folder:
        source, target = Path(folder, "recibido"), Path(folder, "reescrito")
        seen = _copy(file, source, policy)
        facts = _rewritten(source, target, name, policy)
        kind = BY_SUFFIX[facts["kind"]]
        received = Received(target, kind, clean_name(name, kind), facts)
    received.source_sha256 = seen
    return received


def _copy(file: File[bytes], source: Path, policy: Policy) -> str:
    """Put the file where the parsers read it, block by block, and return its SHA-256."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    with source.open("xb") as out:
        for block in file.chunks(BLOCK):
            size += len(block)
            if size > policy.limit:
                raise policy.refusal("file_too_big")
            digest.update(block)
            out.write(block)
    file.seek(0)
    return digest.hexdigest()


def _rewritten(source: Path, target: Path, name: str, policy: Policy) -> dict[str, Any]:
    """Have the file written anew and return what was learnt of it."""
    order = {
        "do": "rewrite",
        "source": str(source),
        "target": str(target),
        "name": name,
        "kinds": [kind.suffix for kind in policy.kinds],
    }
    answer = apart(order)
    if "refused" in answer:
        raise policy.refusal(answer["refused"], answer["inside"])
    facts: dict[str, Any] = answer["facts"]
    return facts


def clean_name(name: str, kind: Kind) -> str:
    """Return how a person called her file, without folders, tricks or a suffix that is not its own."""
    last = re.split(r"[\\/]", name)[-1]
    stem = shown(_FORBIDDEN.sub(" ", last)).strip(". ")
    while bare := _SUFFIX.sub("", stem).strip(". "):
        if bare == stem:
            break
        stem = bare
    return f"{stem[:NAME_LENGTH].strip() or 'archivo'}.{kind.suffix}"


def fingerprint(body: IO[bytes]) -> str:
    """Return the SHA-256 of a file, read block by block."""
    body.seek(0)
    digest = hashlib.file_digest(body, "sha256").hexdigest()  # type: ignore[arg-type]
    body.seek(0)
    return digest
