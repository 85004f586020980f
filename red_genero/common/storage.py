"""Private files on a local disk: whole or not there."""

import os
import uuid
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes beside the final name, forces it to the disk, then gives it its name.

    A full disk or a killed process leaves nothing under the final name; an existing file is never
    overwritten.
    """

    def _save(self, name: str, content: File[bytes]) -> str:
        """Store ``content`` and return the name it got."""
        unfinished = f"{name}.{uuid.uuid4().hex}.tmp"
        draft = Path(self.path(unfinished))
        try:
            super()._save(unfinished, content)
            _force(draft)
            while True:
                try:
                    os.link(draft, self.path(name))
                except FileExistsError:
                    name = self.get_available_name(name)
                else:
                    break
        finally:
            draft.unlink(missing_ok=True)
        _force(draft.parent)
        return name


def _force(path: Path) -> None:
    """Wait until the disk holds what was written to ``path``."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
