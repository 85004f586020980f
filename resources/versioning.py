"""New editions of the file of an entry, and the ones that must not be read any more."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, Q

from members.models import User
from red_genero.common import intake
from red_genero.common.states import By, append
from resources.models import Resource, ResourceVersion
from resources.tasks import read_version

ADDED = "edición {number}"
HIDDEN = "edición {number}, oculta"
SHOWN = "edición {number}, a la vista"


def new_edition(
    resource: Resource, *, file: File[Any], note: str, by: By, repeated: bool = False
) -> ResourceVersion:
    """Add a file as the newest edition of an entry; the former ones stay readable.

    The same file again, when it is already the newest, returns what there is. One that another entry holds is refused
    (``duplicate``) unless ``repeated`` says that it is meant. Its text is read by the worker afterwards.
    """
    received = intake.receive(file, intake.LIBRARY)
    if not note.strip():
        raise ValidationError("Escriba qué cambió en esta edición.", code="no_note")
    name = default_storage.save(f"biblioteca/{received.stored_name}", received)
    try:
        with transaction.atomic():
            made = _add(resource, received, name, note.strip(), by, repeated=repeated)
            transaction.on_commit(lambda: read_version.enqueue(made.pk))
    except BaseException:
        default_storage.delete(name)
        raise
    if made.file.name != name:
        default_storage.delete(name)
    return made


def _add(
    resource: Resource, received: intake.Received, name: str, note: str, by: By, *, repeated: bool
) -> ResourceVersion:
    """Write the edition under the entry's lock, unless it is the newest already."""
    locked = Resource.objects.select_for_update().get(pk=resource.pk)
    same = Q(source_sha256=received.source_sha256) | Q(sha256=received.source_sha256)
    newest = locked.versions.light().first()
    known = ResourceVersion.objects.light().filter(same | Q(sha256=received.sha256))
    if newest is not None and known.filter(pk=newest.pk).exists():
        return newest
    _check_elsewhere(locked, known.exclude(resource=locked), repeated=repeated)
    number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = ResourceVersion.objects.create(
        resource=locked,
        number=number,
        note=note,
        file=name,
        filename=received.label,
        kind=received.kind.suffix,
        size=received.size,
        sha256=received.sha256,
        source_sha256=received.source_sha256,
        pages=received.pages,
        language=received.language,
        tagged=received.tagged,
        added_by=by.user if isinstance(by.user, User) else None,
    )
    locked.save(update_fields=["updated_at"])
    append(
        locked,
        from_state=locked.state,
        to_state=ADDED.format(number=number),
        by=by,
        reason=note,
    )
    return made


def _check_elsewhere(resource: Resource, known: Any, *, repeated: bool) -> None:
    """Refuse a file that another entry already holds."""
    other = None if repeated else known.select_related("resource").first()
    if other is not None:
        raise ValidationError(
            f"Este archivo ya está en la biblioteca: {other}. Si debe estar en los dos recursos, márquelo abajo.",
            code="duplicate",
        )


@transaction.atomic
def hide_edition(version: ResourceVersion, *, reason: str, by: By) -> ResourceVersion:
    """Stop handing out one edition, with the reason written down; only staff reads it from then on."""
    locked = _locked(version)
    if locked.hidden_reason:
        return locked
    if not reason.strip():
        raise ValidationError("Escriba por qué se oculta esta edición.", code="no_reason")
    locked.hidden_reason = reason.strip()
    _mark(locked, HIDDEN, by=by, reason=locked.hidden_reason)
    return locked


@transaction.atomic
def show_edition(version: ResourceVersion, *, by: By) -> ResourceVersion:
    """Hand out an edition again."""
    locked = _locked(version)
    if locked.hidden_reason:
        locked.hidden_reason = ""
        _mark(locked, SHOWN, by=by)
    return locked


def _locked(version: ResourceVersion) -> ResourceVersion:
    """Hold the entry, then its edition."""
    Resource.objects.select_for_update().get(pk=version.resource_id)
    return ResourceVersion.objects.select_for_update().light().get(pk=version.pk)


def _mark(version: ResourceVersion, words: str, *, by: By, reason: str = "") -> None:
    """Save what was decided, write it in the entry's history and have the search follow."""
    from resources.extracting import index_newest

    version.save(update_fields=["hidden_reason"])
    state = words.format(number=version.number)
    append(
        version.resource, from_state=version.resource.state, to_state=state, by=by, reason=reason
    )
    index_newest(version.resource)
