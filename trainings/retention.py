"""What becomes of the rows of trainings when somebody's data are cancelled: hours, counts and folios stay."""

from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from members.models import Person, PrivacyPolicy
from members.retention import Fate, act, claim, claim_user
from trainings.models import Certificate

CANCELLED: Final = "(Datos cancelados por su titular)"

claim(
    "trainings.Attendance",
    "enrollment__person",
    Fate.EMPTIED,
    "Quedan las asistencias, que sostienen horas y totales; se vacía el motivo de las correcciones.",
    emptied=("reason",),
)
claim(
    "trainings.Enrollment",
    "person",
    Fate.EMPTIED,
    "Quedan edición, dependencia, estado y fechas; se vacían ajustes, cuidados y dispensas.",
    emptied=("adjustments", "care_needs", "waiver_reason"),
)
claim(
    "trainings.Certificate",
    "person",
    Fate.KEPT,
    "Quedan folio, formación, horas y fechas. El nombre sigue lo que digan los plazos de datos personales.",
)
claim(
    "trainings.PastCertificate",
    "person",
    Fate.KEPT,
    "Quedan folio de origen, formación, horas y fechas, sin nombre.",
)
claim(
    "trainings.Instructor",
    "person",
    Fate.EMPTIED,
    "Queda que alguien impartió; se vacían nombre y semblanza, y deja de ligarse a su persona.",
    emptied={"person": None, "name": CANCELLED, "about": ""},
)
claim("trainings.CalendarFeed", "person", Fate.ERASED, "La dirección privada de su calendario.")
claim(
    "trainings.Nomination",
    "enrollment__person",
    Fate.EMPTIED,
    "Queda que alguien la propuso; se vacía el motivo.",
    emptied={"reason": "—"},
)
claim(
    "trainings.Approval",
    "enrollment__person",
    Fate.EMPTIED,
    "Queda la respuesta de la jefatura con su fecha; se vacía quién respondió.",
    emptied=("decided_by",),
)
claim(
    "trainings.ApprovalLink",
    "approval__enrollment__person",
    Fate.ERASED,
    "Los enlaces que se enviaron a su jefatura llevan correos.",
)
claim(
    "trainings.SurveyMark",
    "enrollment__person",
    Fate.KEPT,
    "Que respondió la encuesta, sin decir qué: sostiene los totales.",
)
for _model in ("trainings.FillSkip", "trainings.Reminder"):
    claim(_model, "enrollment__person", Fate.ERASED, "Avisos y vueltas de la lista de espera.")
claim(
    "trainings.IssueItem",
    "enrollment__person",
    Fate.KEPT,
    "Que se le emitió una constancia en esa tanda, sin nombre.",
)
claim(
    "trainings.WalkIn",
    "enrollment__person",
    Fate.EMPTIED,
    "Queda que alguien llegó sin inscripción; se vacían el nombre y la dependencia que dijo.",
    emptied={"name": CANCELLED, "name_key": "", "department": ""},
)
claim(
    "trainings.AttendancePaper",
    "enrollment__person",
    Fate.ERASED,
    "Los justificantes de sus faltas, con su archivo. Las listas firmadas son del grupo y quedan.",
    files=("file",),
)
for _model, _column in (
    ("trainings.WalkIn", "captured_by"),
    ("trainings.AttendancePaper", "uploaded_by"),
    ("trainings.PastCertificate", "loaded_by"),
    ("trainings.GroupMessage", "sent_by"),
    ("trainings.Nomination", "nominated_by"),
    ("trainings.Attendance", "recorded_by"),
    ("trainings.Certificate", "issued_by"),
):
    claim_user(
        _model, _column, Fate.KEPT, "Su trabajo en el portal queda, con una cuenta sin nombre."
    )
claim_user(
    "trainings.Edition_coordinators", "user", Fate.ERASED, "Deja de coordinar sus ediciones."
)


@act("Nombre en sus constancias y sus PDF: según los plazos de datos personales")
def unname_certificates(person: Person) -> int:
    """Take the name off the constancias and delete their files, if the terms in force say so."""
    if PrivacyPolicy.current().verification == PrivacyPolicy.Verification.NAME:
        return 0
    plain: QuerySet[Certificate] = QuerySet(Certificate)
    rows = list(plain.filter(person=person))
    for row in rows:
        if row.pdf.name:
            transaction.on_commit(lambda name=row.pdf.name: default_storage.delete(name))  # type: ignore[misc]
        plain.filter(pk=row.pk).update(
            name=CANCELLED, frozen=_without(row.frozen, row.name), pdf=""
        )
    return len(rows)


def _without(value: Any, name: str) -> Any:
    """Return what was frozen with the name replaced wherever it was printed."""
    if isinstance(value, str):
        return value.replace(name, CANCELLED) if name else value
    if isinstance(value, dict):
        return {key: _without(each, name) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, name) for each in value]
    return value
