"""What becomes of the rows of members, of the accounts and of the logs when somebody's data are cancelled."""

from typing import Final

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import AutoField, Model, Q, QuerySet

from members import handing_over
from members.models import (
    Application,
    ChangeRequest,
    ContactRequest,
    HandoverPack,
    Invitation,
    Member,
    Person,
    PrivacyRequest,
    UnitMember,
    User,
)
from members.retention import Fate, accounts, act, claim, claim_user, claims, keys
from red_genero.common.models import QueuedMail, Transition

NOBODY: Final = "Persona anonimizada"
DASH: Final = "—"

claim(
    "members.InformationFile",
    "question__application__person",
    Fate.ERASED,
    "Los archivos que envió con sus respuestas.",
    files=("file",),
)
claim(
    "members.InformationRequest",
    "application__person",
    Fate.EMPTIED,
    "Quedan las fechas; se vacían la pregunta y la respuesta.",
    emptied={"question": DASH, "answer": ""},
)
claim(
    "members.ApplicationNote",
    "application__person",
    Fate.EMPTIED,
    "Queda que hubo una nota; se vacía su texto.",
    emptied={"text": DASH},
)
claim(
    "members.Application",
    "person",
    Fate.EMPTIED,
    "Quedan folio, dependencia, nivel, estado y fechas; se vacía lo que escribió.",
    emptied=(
        "department_other",
        "area",
        "position",
        "policy_work",
        "motivation",
        "decision_text",
    ),
)
claim(
    "members.ChangeRequest",
    "person",
    Fate.EMPTIED,
    "Quedan folio, tipo, estado y fechas; se vacía lo que pidió y se borra el documento.",
    emptied=(
        *ChangeRequest.NAME_FIELDS,
        "department_other",
        "area",
        "position",
        "note",
        "before",
        "decision_text",
        "file",
    ),
    files=("file",),
)
claim(
    "members.PrivacyRequest",
    "person",
    Fate.EMPTIED,
    "Quedan folio, derecho, sentido y fechas: prueban que se atendió. Se vacían los textos y los archivos.",
    emptied={"text": DASH, "answer": DASH, "extension_reason": "", "answer_file": ""},
    files=("answer_file",),
)
claim(
    "members.Assignment",
    "person",
    Fate.EMPTIED,
    "Quedan dependencia, nivel y fechas, que sostienen los totales; se vacían área y cargo.",
    emptied={"area": "", "position": DASH},
)
claim(
    "members.MembershipInterval",
    "member__person",
    Fate.EMPTIED,
    "Quedan las fechas, que sostienen los totales; se vacía el motivo.",
    emptied=("end_reason",),
)
claim(
    "members.Member",
    "person",
    Fate.KEPT,
    "El número de integrante y las fechas, sin nombre, sostienen los totales.",
)
claim(
    "members.Designation",
    "person",
    Fate.KEPT,
    "El oficio es un documento de la dependencia, y las fechas sostienen la cobertura.",
)
for _path in ("outgoing__person", "designation__person"):
    claim(
        "members.TermTask",
        _path,
        Fate.KEPT,
        "Lo que un cambio de gobierno dejó en su dependencia; apunta a la designación, sin nombre.",
    )
claim(
    "members.UnitMember",
    "person",
    Fate.EMPTIED,
    "Quedan la unidad y las fechas, que sostienen cuántas personas la formaron; se vacía la función.",
    emptied={"function": DASH},
)
claim(
    "members.Consent",
    "person",
    Fate.KEPT,
    "El registro de consentimientos, sin nombre, prueba qué se autorizó y cuándo.",
)
for _side in ("sender", "recipient"):
    claim(
        "members.ContactRequest",
        _side,
        Fate.ERASED,
        "Los mensajes de contacto que envió y los que recibió.",
    )
claim("members.Invitation", "person", Fate.ERASED, "La invitación lleva su nombre y su correo.")
claim(
    "members.DistinctPeople",
    "first",
    Fate.EMPTIED,
    "Queda que no son la misma persona; se vacía la nota.",
    emptied={"note": DASH},
)
claim(
    "members.DistinctPeople",
    "second",
    Fate.EMPTIED,
    "Queda que no son la misma persona; se vacía la nota.",
    emptied={"note": DASH},
)
claim(
    "members.PersonMerge",
    "kept",
    Fate.EMPTIED,
    "Queda que hubo una fusión; se vacían los nombres y los datos de antes.",
    emptied={"gone_name": DASH, "values": {}, "moved": [], "reason": DASH},
)

for _model, _column in (
    ("members.Application", "reviewer"),
    ("members.ApplicationNote", "author"),
    ("members.ChangeRequest", "reviewer"),
    ("members.DesignationRequest", "issued_by"),
    ("members.DistinctPeople", "noted_by"),
    ("members.GovernmentTerm", "closed_by"),
    ("members.HandoverPack", "asked_by"),
    ("members.InformationRequest", "asked_by"),
    ("members.Invitation", "invited_by"),
    ("members.MemberImport", "started_by"),
    ("members.PersonMerge", "merged_by"),
    ("members.PrivacyRequest", "handler"),
    ("members.UnitPaper", "recorded_by"),
    ("members.UnitRatification", "recorded_by"),
    ("members.UnitStep", "judged_by"),
    ("members.UnitStep", "presented_by"),
    ("members.TermTask", "settled_by"),
    ("common.AccessLog", "user"),
    ("common.Job", "started_by"),
    ("common.Transition", "actor"),
    ("admin.LogEntry", "user"),
):
    claim_user(
        _model, _column, Fate.KEPT, "Su trabajo en el portal queda, con una cuenta sin nombre."
    )
for _model, _why in (
    ("members.SignIn", "El registro de sus ingresos."),
    ("account.EmailAddress", "Los correos de su cuenta."),
    ("mfa.Authenticator", "Sus llaves y su segundo factor."),
    ("usersessions.UserSession", "Sus sesiones abiertas se cierran."),
):
    claim_user(_model, "user", Fate.ERASED, _why)


@act("Bitácora de sus solicitudes de contacto: se borra")
def erase_contact_log(person: Person) -> int:
    """Erase the moves of the requests that she sent or received, before their rows go."""
    hers = ContactRequest.objects.filter(Q(sender=person) | Q(recipient=person))
    log: QuerySet[Transition] = QuerySet(Transition)
    kind = ContentType.objects.get_for_model(ContactRequest)
    return log.filter(content_type=kind, object_id__in=hers.values_list("pk", flat=True)).delete()[
        0
    ]


@act("Sesiones abiertas: se cierran")
def end_sessions(person: Person) -> int:
    """Close every session of her account."""
    found = list(UserSession.objects.filter(user__in=accounts(person)))
    for session in found:
        session.end()
    return len(found)


@act("Correos que se le enviaron o que dicen su nombre: se borran")
def erase_mail(person: Person) -> int:
    """Erase every message to any of her addresses, and those that named her to somebody else."""
    found = Q(recipient__in=addresses(person))
    for each in claims():
        if not each.of_user and isinstance(each.table._meta.pk, AutoField):
            rows: QuerySet[Model] = QuerySet(each.table).filter(**{each.path: person.pk})
            kind = ContentType.objects.get_for_model(each.table)
            found |= Q(about_type=kind, about_id__in=list(rows.values_list("pk", flat=True)))
    return QueuedMail.objects.filter(found).delete()[0]


@act("Historial de valores anteriores de sus datos: se borra")
def erase_histories(person: Person) -> int:
    """Erase the former values of her row and of every row that points to her."""
    erased, hers = 0, keys(person)
    for model in apps.get_models():
        if not hasattr(model, "history_id"):
            continue
        plain: QuerySet[Model] = QuerySet(model)
        if model._meta.label == "members.HistoricalPerson":
            erased += plain.filter(id__in=hers).delete()[0]
        elif any(column.name == "person" for column in model._meta.fields):
            erased += plain.filter(person__in=hers).delete()[0]
    return erased


@act("Bitácora de estados: se conserva sin su nombre ni textos")
def unname_log(person: Person) -> int:
    """Keep from, to and when; empty who she was and what was written about her."""
    about = Q(pk__in=[])
    for model in (Application, ChangeRequest, Member, PrivacyRequest, UnitMember):
        rows: QuerySet[Model] = QuerySet(model).filter(person=person)
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=rows.values_list("pk", flat=True))
    about |= Q(content_type=ContentType.objects.get_for_model(Person), object_id=person.pk)
    log: QuerySet[Transition] = QuerySet(Transition)
    written = log.filter(about).exclude(reason="").update(reason="")
    return written + log.filter(actor__in=accounts(person)).update(actor_name=NOBODY)


@act("Registro de la administración: se conserva sin su nombre")
def unname_entries(person: Person) -> int:
    """Empty her name in what Django's administration noted about her rows."""
    keys = {Person: [person.pk], Member: Member.objects.filter(person=person).values("pk")}
    touched = 0
    for model, found in keys.items():
        kind = ContentType.objects.get_for_model(model)
        rows = [str(key["pk"] if isinstance(key, dict) else key) for key in found]
        entries = LogEntry.objects.filter(content_type=kind, object_id__in=rows)
        touched += entries.update(object_repr=NOBODY, change_message="")
    return touched


@act("Paquetes de entrega, que dicen quién era enlace: se borran; pueden hacerse de nuevo")
def erase_handovers(person: Person) -> int:
    """Erase the packs if she ever held a post: a new one is made without her name."""
    if not person.designations.exists():
        return 0
    return sum(handing_over.erase(pack) for pack in HandoverPack.objects.all())


@act("Invitaciones a sus correos: se borran")
def erase_invitations(person: Person) -> int:
    """Erase what was sent to her before she had a row."""
    return Invitation.objects.filter(email__in=addresses(person)).delete()[0]


def addresses(person: Person) -> set[str]:
    """Return every address of hers."""
    known = {person.institutional_email, person.alternate_email}
    held = accounts(person)
    known.update(User.objects.filter(pk__in=held).values_list("email", flat=True))
    known.update(EmailAddress.objects.filter(user__in=held).values_list("email", flat=True))
    return known - {""}
