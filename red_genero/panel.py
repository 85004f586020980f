"""What «Mi panel» shows: what needs her now, her seats, hours and constancias, and the staff's desks."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Application, Designation, Member, Person, UnitStep, User
from members.models.unit import led_by, served_by
from red_genero.templatetags.red import url_or_empty
from trainings import programmes, surveying
from trainings.models import Certificate, Edition, Enrollment, Session

SOON: Final = datetime.timedelta(hours=36)
CERTIFICATES_SHOWN: Final = 3
Tone = Literal["attention", "wait", "ok"]
State = Application.State

APPLICATION_NEEDS: Final[dict[str, tuple[str, str, str, Tone]]] = {
    State.DRAFT: (
        "Su solicitud no se ha enviado",
        "Lo que escribió está guardado.",
        "Continuar la solicitud",
        "attention",
    ),
    State.SENT: (
        "Su solicitud está en espera de revisión",
        "El Instituto las atiende por orden de llegada y responde por correo.",
        "Ver la solicitud",
        "wait",
    ),
    State.IN_REVIEW: (
        "El Instituto revisa su solicitud",
        "Le avisaremos por correo en cuanto haya respuesta.",
        "Ver la solicitud",
        "wait",
    ),
    State.REJECTED: (
        "Hay respuesta a su solicitud",
        "Léala con calma; puede presentar otra cuando su situación cambie.",
        "Leer la respuesta",
        "wait",
    ),
    State.EXPIRED: (
        "Su solicitud expiró",
        "Terminó el plazo para responder. Puede presentar otra: lo que escribió se conserva.",
        "Presentar otra",
        "wait",
    ),
    State.WITHDRAWN: (
        "Retiró su solicitud",
        "Puede presentar otra cuando quiera: lo que escribió se conserva.",
        "Presentar otra",
        "wait",
    ),
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for her: what, until when, and where to do it."""

    title: str
    text: str
    url: str
    action: str
    tone: Tone = "attention"


@dataclass(frozen=True, slots=True)
class Desk:
    """A place where staff works, and how much waits there."""

    label: str
    url: str
    waiting: str = ""


def compose(user: User) -> dict[str, Any]:
    """Return everything the page shows to this account."""
    person = Person.objects.filter(user=user).select_related("member").first()
    member: Member | None = getattr(person, "member", None)
    context: dict[str, Any] = {
        "person": person,
        "member": member,
        "needs": [],
        "desks": _desks(user),
        "seats": [],
        "hours": [],
        "total_hours": Decimal(0),
        "programmes": [],
        "certificates": [],
    }
    if person is None:
        context["invited"] = not context["desks"]
        return context
    hours = list(_hours(person))
    return context | {
        "invited": False,
        "needs": [
            *_offers(person),
            *_designations(person),
            *_contacts(person),
            *_observed(user),
            *_application(person, member, invite=not context["desks"]),
            *_sessions(person),
            *_surveys(person),
        ],
        "seats": list(
            Enrollment.objects.open()
            .filter(person=person)
            .select_related("edition__course")
            .order_by("edition__starts_on", "pk")
        ),
        "hours": hours,
        "total_hours": sum((area["hours"] for area in hours), Decimal(0)),
        "programmes": programmes.under_way_of(person),
        "certificates": list(
            Certificate.objects.valid().filter(person=person)[:CERTIFICATES_SHOWN]
        ),
    }


def _application(person: Person, member: Member | None, *, invite: bool) -> list[Need]:
    """What her latest solicitud waits for; nothing once she belongs."""
    if member is not None and member.state == Member.State.SUSPENDED:
        text = "Sus constancias y su historial se conservan. Si tiene dudas, escriba al Instituto."
        return [Need("Su participación está suspendida", text, reverse("members:my_data"), "Ver mis datos", "wait")]  # fmt: skip
    if member is not None and member.state == Member.State.ACTIVE:
        return []
    latest = person.applications.order_by("-created_at", "-pk").first()
    url = reverse("members:application")
    if latest is None and not invite:
        return []
    if latest is None or latest.state == State.APPROVED:
        title = "Puede solicitar su reingreso" if member else "Puede solicitar su ingreso"
        return [Need(title, "Lo que ya escribió se conserva.", url, "Solicitar ingreso", "wait")]
    question = latest.questions.open().first()
    if question is not None:
        until = date_format(timezone.localtime(question.deadline), "DATETIME_FORMAT")
        return [
            Need(
                "El Instituto le hizo una pregunta",
                f"Responda a más tardar el {until}.",
                reverse("members:application_answer"),
                "Responder",
            )
        ]
    title, text, action, tone = APPLICATION_NEEDS[latest.state]
    return [Need(title, text, url, action, tone)]


def _offers(person: Person) -> list[Need]:
    """Seats offered to her, the first to expire first."""
    offers = (
        Enrollment.objects.filter(person=person, state=Enrollment.State.OFFERED)
        .select_related("edition__course")
        .order_by("offer_expires_at")
    )
    return [
        Need(
            f"Le ofrecen un lugar en «{offer.edition.course.title}»",
            f"Acéptelo antes del {_moment(offer.offer_expires_at)}; después pasa a la siguiente persona.",
            _enrollment_url(offer),
            "Aceptar o declinar",
        )
        for offer in offers
    ]


def _designations(person: Person) -> list[Need]:
    """Posts of enlace that wait for her answer or for her oficio."""
    waiting = person.designations.filter(
        state__in=[Designation.State.NOMINATED, Designation.State.PROPOSED]
    ).select_related("department")
    return [
        Need(
            f"Su dependencia le propone ser {row.get_role_display().lower()}"
            if row.state == Designation.State.NOMINATED
            else f"Falta el oficio para ser {row.get_role_display().lower()}",
            f"{row.department}. Nada cambia hasta que usted responda.",
            reverse("members:designation_detail", args=[row.key]),
            "Leer y responder",
        )
        for row in waiting
    ]


def _contacts(person: Person) -> list[Need]:
    """Messages of other integrantes that wait for her; she may leave them without answer."""
    waiting = person.contacts_received.open().filter(sender__blocked_at=None)
    return [
        Need(
            "Una integrante le escribió",
            f"Usted decide si comparte un dato. Puede responder hasta el {_moment(row.expires_at)}.",
            reverse("members:contact_detail", args=[row.key]),
            "Leer el mensaje",
            "wait",
        )
        for row in waiting
    ]


def _observed(user: User) -> list[Need]:
    """Evidence of the unit that she leads which the Instituto observed, until another is presented."""
    steps = (
        UnitStep.objects.filter(unit__department__in=led_by(user).values("department"))
        .exclude(unit__state="disuelta")
        .select_related("unit__department")
        .order_by("pk")
    )
    latest = {(step.unit_id, step.rung): step for step in steps}
    return [
        Need(
            f"El Instituto observó la evidencia del peldaño «{step.get_rung_display()}»",
            f"{step.unit.department}. Lea qué hace falta y presente otra.",
            reverse("members:unit_list"),
            "Leer y responder",
        )
        for step in latest.values()
        if step.state == UnitStep.State.OBSERVED
    ]


def _sessions(person: Person) -> list[Need]:
    """Sittings that begin within a day and a half."""
    now = timezone.now()
    sessions = (
        Session.objects.filter(
            edition__enrollments__person=person,
            edition__enrollments__state=Enrollment.State.CONFIRMED,
            starts_at__range=(now, now + SOON),
            cancelled_at=None,
        )
        .select_related("edition__course")
        .order_by("starts_at")
    )
    return [
        Need(
            f"Próxima sesión: «{session.edition.course.title}»",
            " · ".join(filter(None, (_moment(session.starts_at), session.place))),
            url_or_empty(
                "trainings:edition_detail", session.edition.course.key, session.edition.key
            ),
            "Ver la sesión",
            "ok",
        )
        for session in sessions
    ]


def _surveys(person: Person) -> list[Need]:
    """The surveys that she may answer now."""
    return [
        Need(
            f"{survey.moment.label}: «{seat.edition.course.title}»",
            f"Puede contestarla hasta el {_moment(survey.window.closes)}.",
            reverse(
                "trainings:survey",
                args=[seat.edition.course.key, seat.edition.key, survey.moment],
            ),
            "Contestar",
            "attention" if survey.required else "wait",
        )
        for seat, survey in surveying.pending_of(person)
    ]


def _hours(person: Person) -> Any:
    """Hours of her constancias in force, by área de contenido."""
    return (
        Certificate.objects.valid()
        .filter(person=person)
        .exclude(kind=Certificate.Kind.RECOGNITION)
        .values("edition__course__area__name")
        .annotate(hours=Sum("hours"))
        .order_by("edition__course__area__order")
    )


def _desks(user: User) -> list[Desk]:
    """The desks that this account may open, with what waits in each."""
    desks = []
    if user.is_staff and user.has_perm("members.review_application"):
        waiting = Application.objects.waiting().count()
        url = reverse("admin:members_application_changelist")
        desks.append(Desk("Solicitudes de ingreso", url, f"{waiting} en espera"))
    if served_by(user).exists():
        note = "Su peldaño, la evidencia y los planes"
        desks.append(Desk("Mi unidad", reverse("members:unit_list"), note))
    coordination = url_or_empty("trainings:coordination")
    if coordination and user.has_perm("trainings.coordinate_edition"):
        running = Edition.objects.filter(state__in=[Edition.State.PUBLISHED, Edition.State.RUNNING])
        if not user.has_perm("trainings.coordinate_every_edition"):
            running = running.filter(coordinators=user)
        number = running.count()
        note = "1 edición abierta" if number == 1 else f"{number} ediciones abiertas"
        desks.append(Desk("Coordinación de ediciones", coordination, note))
    if user.has_perm("trainings.add_pastcertificate"):
        note = "Cargar desde una hoja las de antes del portal"
        desks.append(Desk("Constancias históricas", reverse("trainings:past_load"), note))
    if user.is_staff:
        desks.append(
            Desk("Administración", reverse("admin:index"), "Lo que espera y los registros")
        )
    return desks


def _moment(when: datetime.datetime | None) -> str:
    """Return a moment in words."""
    return date_format(timezone.localtime(when), "DATETIME_FORMAT") if when else ""


def _enrollment_url(enrollment: Enrollment) -> str:
    """Return the page of her inscripción."""
    edition = enrollment.edition
    return url_or_empty("trainings:enrollment", edition.course.key, edition.key)
