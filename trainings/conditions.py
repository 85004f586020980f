"""What the pages say in words: the conditions of an edición, and what happens next to her seat."""

from datetime import datetime

from django.utils import timezone

from trainings import prioritising
from trainings.eligibility import moment
from trainings.models import Approval, Course, Edition, Enrollment, Places

State = Enrollment.State


def before_the_press(edition: Edition, prerequisites: list[Course]) -> list[str]:
    """Return the conditions of enrolling, one sentence each."""
    said = [
        f"Inscripción: del {moment(edition.enrollment_opens)} al {moment(edition.enrollment_closes)}.",
        "Pueden inscribirse servidoras públicas aunque no sean integrantes de la Red."
        if edition.open_to_non_members
        else "Es para integrantes de la Red con membresía activa.",
    ]
    if prerequisites:
        names = ", ".join(f"«{course.title}»" for course in prerequisites)
        said.append(f"Antes se debe haber concluido {names}.")
    if edition.manager_approval:
        said.append(
            "Requiere el visto bueno de su jefatura; el lugar se asigna cuando se registra."
        )
    if edition.seats_per_department:
        quota = edition.seats_per_department
        places = "un lugar" if quota == 1 else f"{quota} lugares"
        said.append(f"Cada dependencia puede ocupar hasta {places}.")
    said.append(
        f"Para la constancia se necesita al menos {edition.minimum_attendance}\N{NO-BREAK SPACE}% de asistencia."
    )
    said.append(f"Puede cancelar hasta el {moment(edition.cancel_until)}.")
    return said


def when_full(edition: Edition) -> str:
    """Return how the queue of an edición works."""
    return (
        "Si no hay lugar, entra a la lista de espera. Los lugares que se liberan se ofrecen "
        f"{prioritising.in_words(edition)}, y se apartan hasta {edition.offer_hours} horas."
    )


def seats_left(edition: Edition, places: Places | None, now: datetime) -> str:
    """Return the seats in words, for whoever looks at the edición now."""
    if edition.state == Edition.State.CANCELLED:
        return "Edición cancelada"
    if edition.state in {Edition.State.CLOSED, Edition.State.RUNNING}:
        return edition.get_state_display()
    if now < edition.enrollment_opens:
        return f"La inscripción abre el {moment(edition.enrollment_opens)}"
    if not edition.takes_enrollments(now) or timezone.localdate(now) > edition.starts_on:
        return "La inscripción ya cerró"
    free = 0 if places is None or places.waiting else places.free
    if not free:
        waiting = places.waiting if places else 0
        people = "1 persona" if waiting == 1 else f"{waiting} personas"
        return f"Sin lugares libres; {people} en espera" if waiting else "Sin lugares libres"
    return "Queda 1 lugar" if free == 1 else f"Quedan {free} lugares"


def button(edition: Edition, places: Places) -> str:
    """Return what the press will do."""
    if edition.manager_approval:
        return "Solicitar inscripción"
    return "Inscribirme" if places.free and not places.waiting else "Entrar a la lista de espera"


def queue_position(enrollment: Enrollment) -> int:
    """Return her place in the queue, from 1; 0 outside it."""
    if enrollment.state != State.WAITING:
        return 0
    return Enrollment.objects.ahead_of(enrollment).count() + 1


def what_next(enrollment: Enrollment) -> list[str]:
    """Return what her seat means now and what happens next, one sentence each."""
    deadline = enrollment.offer_expires_at
    until = moment(deadline) if deadline else ""
    words: dict[str, list[str]] = {
        State.REQUESTED: [
            *_who_was_asked(enrollment),
            "Cuando se registre le escribiremos para decirle si tiene lugar o entra a la lista de espera.",
            "No necesita hacer nada más.",
        ],
        State.CONFIRMED: [
            "Tiene un lugar en esta edición.",
            "Le enviamos un correo con las sesiones para su calendario.",
            f"Si no puede asistir, cancele a más tardar el {moment(enrollment.edition.cancel_until)}.",
        ],
        State.WAITING: [
            f"Ocupa el lugar {queue_position(enrollment)} de la lista de espera.",
            "Si se libera un lugar y es su turno, le escribiremos para ofrecérselo.",
            f"Lo apartaremos hasta {enrollment.edition.offer_hours} horas para que responda.",
        ],
        State.OFFERED: [
            f"Hay un lugar apartado para usted hasta el {until}.",
            "Si no responde a tiempo, se ofrece a la siguiente persona.",
        ],
        State.OFFER_EXPIRED: [f"El plazo para aceptar el lugar terminó el {until}."],
        State.REJECTED: ["Su jefatura no dio el visto bueno para esta edición."],
        State.CANCELLED: ["Esta inscripción se canceló."],
        State.COMPLETED: ["Concluyó esta edición."],
        State.NOT_COMPLETED: ["La edición terminó sin alcanzar lo necesario para la constancia."],
        State.NO_SHOW: ["La edición terminó y no hay asistencias registradas a su nombre."],
    }
    return words[enrollment.state]


def _who_was_asked(enrollment: Enrollment) -> list[str]:
    """Return whose visto bueno her request waits for, and until when."""
    if enrollment.state != State.REQUESTED:
        return []
    petition = Approval.objects.filter(enrollment=enrollment).prefetch_related("links").first()
    if petition is None:
        return ["Su solicitud espera el visto bueno de su jefatura."]
    links = list(petition.links.all())
    until = moment(petition.deadline)
    return [
        f"Su solicitud espera el visto bueno de su jefatura ({links[0].email}), que responde hasta el {until}.",
        *(
            f"También se le preguntó a {link.email}."
            if link.sent_at
            else f"Si en tres días no responde, preguntaremos a {link.email}."
            for link in links[1:]
        ),
    ]
