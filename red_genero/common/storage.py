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
        folder = Path(self.path(name)).parent
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{uuid.uuid4().hex}.tmp"
        try:
            with draft.open("xb") as file:
                draft.chmod(self.file_permissions_mode or 0o640)
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            name = self._give_name(draft, name)
        finally:
            draft.unlink(missing_ok=True)
        _force(folder)
        return name

    def _give_name(self, draft: Path, name: str) -> str:
        """Link ``draft`` under ``name``, or under the next free one if somebody took it meanwhile."""
        while True:
            try:
                Path(self.path(name)).hardlink_to(draft)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _force(path: Path) -> None:
    """Wait until the disk holds the names of the folder ``path``."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
