"""Reading the files of the library: their text for the search, a picture of their first page."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from red_genero.common import intake
from resources.indexing import reindex
from resources.models import Resource, ResourceVersion

Reading = ResourceVersion.Reading
PICTURES: Final = "biblioteca/portadas"


def read(version: ResourceVersion) -> ResourceVersion:
    """Take the text and the picture out of an edition, in a process apart; a second time is harmless.

    A file that its reader cannot manage stays in the library, and the desk says that its text is not searched.
    """
    counted = ResourceVersion.objects.unread().filter(pk=version.pk)
    if not counted.update(attempts=version.attempts + 1):
        return ResourceVersion.objects.get(pk=version.pk)
    with tempfile.TemporaryDirectory(prefix="lectura-") as folder:
        source, picture = Path(folder, "archivo"), Path(folder, "portada")
        with default_storage.open(str(version.file.name)) as stored, source.open("xb") as out:
            shutil.copyfileobj(stored, out)
        answer = intake.apart(
            {"do": "read", "source": str(source), "target": str(picture), "kind": version.kind}
        )
        facts = answer.get("facts")
        if facts is None and answer["refused"] == "file_busy":
            return version
        return _write(version, facts, picture)


def index_newest(resource: Resource) -> None:
    """Give the search the text of the edition in use, or none when there is no file to read."""
    newest = resource.versions.filter(hidden_reason="").first()
    reindex([resource.pk], texts={resource.pk: newest.text if newest else ""})


def _write(
    version: ResourceVersion, facts: dict[str, object] | None, picture: Path
) -> ResourceVersion:
    """Keep what was read, once."""
    text = str(facts["text"]) if facts else ""
    name = ""
    if facts and facts["thumbnail"] and picture.exists():
        with picture.open("rb") as drawn:
            name = default_storage.save(
                f"{PICTURES}/{Path(str(version.file.name)).stem}.webp", File(drawn)
            )
    outcome = (Reading.DONE if text else Reading.EMPTY) if facts else Reading.FAILED
    with transaction.atomic():
        locked = ResourceVersion.objects.select_for_update().get(pk=version.pk)
        if locked.reading != Reading.PENDING:
            if name:
                transaction.on_commit(lambda: default_storage.delete(name))
            return locked
        locked.text, locked.thumbnail, locked.reading = text, name, outcome
        locked.save(update_fields=["text", "thumbnail", "reading"])
        index_newest(locked.resource)
    return locked


@transaction.atomic
def read_again(version: ResourceVersion) -> ResourceVersion:
    """Put an edition back in the queue of what the worker reads."""
    from resources.tasks import read_version

    locked = ResourceVersion.objects.select_for_update().light().get(pk=version.pk)
    if locked.reading != Reading.PENDING or locked.attempts:
        locked.reading, locked.attempts = Reading.PENDING, 0
        locked.save(update_fields=["reading", "attempts"])
        transaction.on_commit(lambda: read_version.enqueue(locked.pk))
    return locked
