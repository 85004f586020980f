"""Messages of trainings whose words the Instituto may change, and the data that each one knows."""

import datetime
from dataclasses import replace
from typing import Final

from red_genero.common.mailtexts import Mark, Message, register

_SITE: Final = "https://portal.ejemplo"
_MOMENT: Final = datetime.datetime(2026, 12, 8, 5, 59, tzinfo=datetime.UTC)
_SEAT: Final = f"{_SITE}/formacion/pg-02/pg-02-2027-1/inscripcion/"

NAME: Final = Mark("nombre", "Nombre de la persona", "name", "Ana Sofía", blank="Buen día")
COURSE: Final = Mark("formacion", "Nombre de la formación", "course", "Lenguaje incluyente")
DATES: Final = Mark("fechas", "Fechas de la edición", "dates", "del 11 al 18 de enero de 2027")
SEAT: Final = Mark("enlace", "Enlace a su inscripción", "enrollment_url", _SEAT, link=True)
EDITION: Final = Mark(
    "pagina",
    "Enlace a la página de la edición",
    "edition_url",
    f"{_SITE}/formacion/pg-02/pg-02-2027-1/",
    link=True,
)
CATALOG: Final = Mark("portal", "Dirección del portal", "portal_url", _SITE, link=True)
REASON: Final = Mark("motivo", "Motivo que se escribió", "reason", "Cambio de sede", needed=True)
DEADLINE: Final = Mark("plazo", "Hasta cuándo puede responder", "deadline", _MOMENT, needed=True)
HOURS: Final = Mark("horas_para_aceptar", "Horas para aceptar un lugar", "offer_hours", "48")
LEAVE: Final = Mark("cancelar_antes", "Hasta cuándo puede cancelar", "cancel_until", _MOMENT)
ABOUT: Final = (NAME, COURSE, DATES)
NEEDED_SEAT: Final = replace(SEAT, needed=True)
DESK: Final = Mark(
    "enlace",
    "Enlace al tablero de la edición",
    "desk_url",
    f"{_SITE}/coordinacion/ediciones/pg-02-2027-1/",
    link=True,
)


def text(name: str, label: str, path: str, sample: str, *, needed: bool = False) -> Mark:
    """Return the mark of a sentence or list that the portal writes."""
    return Mark(name, label, path, sample, needed=needed)


SESSIONS: Final = text(
    "sesiones",
    "Las sesiones, una por renglón",
    "sessions_text",
    "- lunes 11 de enero de 2027, 16:00 a 19:00 h. Sala 2\n- lunes 18 de enero de 2027, 16:00 a 19:00 h. En línea",
)
NEXT: Final = text(
    "que_sigue",
    "Qué sigue, según quede su inscripción",
    "next_step",
    "Está en la lista, como se acordó.",
    needed=True,
)
SURVEY: Final = text(
    "encuesta",
    "Invitación a la encuesta diagnóstica, si hay",
    "survey_text",
    f"Antes de empezar, conteste la encuesta:\n{_SITE}/formacion/pg-02/pg-02-2027-1/encuesta/antes/",
)

register(
    Message(
        "trainings/enrollment_requested",
        "Espera el visto bueno de su jefatura",
        (
            *ABOUT,
            text(
                "a_quien",
                "A quién se preguntó y hasta cuándo, si se preguntó",
                "asked_text",
                "Escribimos a la jefatura (jefatura@ejemplo.mx).",
            ),
            SEAT,
        ),
    ),
    Message(
        "trainings/approval_asked",
        "A la jefatura: se pide su visto bueno",
        (
            Mark("quien", "Quién pide inscribirse", "woman", "Ana Sofía Ruiz Peña", needed=True),
            Mark(
                "dependencia",
                "Su dependencia",
                "department",
                "Dirección de Mercados",
                blank="su dependencia",
            ),
            COURSE,
            DATES,
            Mark("horas", "Horas de la edición", "hours", "19"),
            Mark(
                "recordatorio",
                "Si es recordatorio o va a la suplencia, se dice aquí",
                "intro",
                "Le escribimos de nuevo.",
            ),
            DEADLINE,
            Mark(
                "enlace",
                "Enlace para responder",
                "approval_url",
                f"{_SITE}/visto-bueno/0000/",
                link=True,
                needed=True,
            ),
        ),
    ),
    Message("trainings/approval_expired", "Su jefatura no respondió a tiempo", (*ABOUT, SEAT)),
    Message(
        "trainings/enrollment_rejected",
        "Su jefatura no dio el visto bueno",
        (
            *ABOUT,
            REASON,
            replace(
                CATALOG,
                name="enlace",
                label="Enlace al catálogo",
                path="catalog_url",
                sample=f"{_SITE}/formacion/",
            ),
        ),
    ),
    Message(
        "trainings/enrolled_confirmed",
        "Su inscripción está confirmada",
        (*ABOUT, SESSIONS, EDITION, LEAVE, SEAT),
    ),
    Message("trainings/enrolled_waiting", "Está en la lista de espera", (*ABOUT, HOURS, SEAT)),
    Message("trainings/offer", "Hay un lugar para ella", (*ABOUT, DEADLINE, NEEDED_SEAT)),
    Message(
        "trainings/offer_expired",
        "Terminó el plazo de la oferta",
        (*ABOUT, replace(DEADLINE, label="Cuándo terminó el plazo"), SEAT),
    ),
    Message("trainings/nominated", "Su dependencia la propone", (*ABOUT, NEXT, NEEDED_SEAT)),
    Message(
        "trainings/group_message",
        "Aviso de la coordinación a un grupo",
        (
            *ABOUT,
            text(
                "aviso",
                "Lo que escribió la coordinación",
                "text",
                "Traigan su programa de trabajo.",
                needed=True,
            ),
            SEAT,
        ),
    ),
    Message("trainings/enrollment_cancelled", "Su inscripción se canceló", (*ABOUT, REASON, SEAT)),
    Message(
        "trainings/enrollment_moved",
        "Su inscripción cambió de edición",
        (
            *ABOUT,
            Mark(
                "formacion_anterior",
                "Formación de la que viene",
                "old_course",
                "Políticas con enfoque",
            ),
            Mark(
                "fechas_anteriores",
                "Fechas de la edición anterior",
                "old_dates",
                "4 de diciembre de 2026",
            ),
            REASON,
            NEXT,
            SEAT,
        ),
    ),
    Message(
        "trainings/edition_cancelled",
        "Se canceló la edición",
        (
            *ABOUT,
            REASON,
            replace(
                CATALOG,
                name="enlace",
                label="Enlace al catálogo",
                path="catalog_url",
                sample=f"{_SITE}/formacion/",
            ),
        ),
    ),
    Message(
        "trainings/sessions_changed",
        "Cambiaron las sesiones",
        (
            NAME,
            COURSE,
            text(
                "cambios",
                "Qué cambió, un renglón por sesión",
                "changes_text",
                "- Sesión 2: cambia de sala",
                needed=True,
            ),
            SESSIONS,
            EDITION,
            SEAT,
        ),
    ),
    Message(
        "trainings/session_cancelled",
        "Se canceló una sesión",
        (
            NAME,
            COURSE,
            text(
                "sesion",
                "Cuál sesión",
                "session_text",
                "la sesión 2, prevista para el lunes",
                needed=True,
            ),
            REASON,
            replace(EDITION, name="enlace"),
        ),
    ),
    Message(
        "trainings/reminder_week",
        "Recordatorio: faltan siete días",
        (*ABOUT, SESSIONS, SURVEY, EDITION, LEAVE, SEAT),
    ),
    Message(
        "trainings/reminder_day",
        "Recordatorio: la sesión es mañana",
        (
            NAME,
            COURSE,
            replace(SESSIONS, label="Las sesiones y su enlace, una por renglón", needed=True),
            SURVEY,
            EDITION,
        ),
    ),
    Message(
        "trainings/queue_closed",
        "Terminó la inscripción y sigue en espera",
        (
            *ABOUT,
            replace(
                CATALOG,
                name="enlace",
                label="Enlace a las ediciones abiertas",
                path="open_url",
                sample=f"{_SITE}/formacion/?abierta=si",
            ),
        ),
    ),
    Message(
        "trainings/surveys_open",
        "Encuestas al terminar",
        (
            NAME,
            COURSE,
            replace(DEADLINE, label="Hasta cuándo puede contestar", path="until"),
            text(
                "encuestas",
                "Las encuestas con su enlace, una por renglón",
                "surveys_text",
                f"- Encuesta final: {_SITE}/formacion/pg-02/pg-02-2027-1/encuesta/despues/",
                needed=True,
            ),
            text(
                "condicion",
                "Si la constancia espera o no las respuestas",
                "voluntary_text",
                "Como guste.",
                needed=True,
            ),
        ),
    ),
    Message(
        "trainings/minimum_at_risk",
        "A la coordinación: no se alcanza el mínimo",
        (
            COURSE,
            DATES,
            Mark("personas", "Cuántas personas tienen lugar", "people", 17),
            Mark("minimo", "Mínimo de la edición", "minimum", 19),
            Mark("cierre", "Cuándo cierra la inscripción", "closes", _MOMENT),
            DESK,
        ),
    ),
    Message(
        "trainings/enrollment_closed",
        "A la coordinación: terminó la inscripción",
        (
            COURSE,
            DATES,
            text(
                "resultado",
                "Con cuántas personas y si alcanza el mínimo",
                "result_text",
                "17 personas",
                needed=True,
            ),
            DESK,
        ),
    ),
    Message(
        "trainings/edition_to_close",
        "A la coordinación: hay que cerrar la edición",
        (COURSE, DATES, DESK),
    ),
)

PAPER: Final = (
    NAME,
    COURSE,
    Mark("documento", "Constancia, diploma o reconocimiento", "paper", "diploma"),
    Mark("folio", "Folio del documento", "folio", "RED-2026-0007", neutral=True),
)
VERIFY: Final = Mark(
    "verificacion", "Enlace para verificarlo", "verify_url", f"{_SITE}/verificar/0000/", link=True
)

register(
    Message(
        "trainings/certificate_issued",
        "Su constancia está lista",
        (
            *PAPER,
            Mark(
                "enlace", "Enlace a sus constancias", "list_url", f"{_SITE}/constancias/", link=True
            ),
            VERIFY,
        ),
    ),
    Message(
        "trainings/certificate_revoked",
        "Su constancia se revocó",
        (*PAPER, replace(REASON, label="Motivo público", sample="error en los datos"), VERIFY),
    ),
)
