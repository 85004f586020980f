"""Messages of the members app whose words the Instituto may change, and the data that each one knows."""

import datetime
from dataclasses import replace
from typing import Final

from red_genero.common.mailtexts import Mark, Message, register

_SITE: Final = "https://portal.ejemplo"
_DAY: Final = datetime.date(2026, 12, 4)
_LAST_DAY: Final = datetime.date(2027, 9, 30)
_MOMENT: Final = datetime.datetime(2026, 12, 8, 5, 59, tzinfo=datetime.UTC)

NAME: Final = Mark(
    "nombre", "Nombre de la persona", "person.given_names", "Ana Sofía", blank="Buen día"
)
FOLIO: Final = Mark(
    "folio", "Folio de la solicitud", "application.folio", "SOL-2026-0042", neutral=True
)
PAGE: Final = Mark(
    "enlace", "Enlace a su solicitud", "application_url", f"{_SITE}/solicitud/", link=True
)
PANEL: Final = Mark("enlace", "Enlace a su panel", "panel_url", f"{_SITE}/panel/", link=True)
REASON: Final = Mark(
    "motivo", "Motivo que se escribió", "reason", "Cambio de adscripción", needed=True
)
DEADLINE: Final = Mark(
    "plazo", "Hasta cuándo puede responder", "question.deadline", _MOMENT, needed=True
)
ROLE: Final = Mark(
    "encargo", "Encargo", "designation.get_role_display", "Enlace titular", lower=True
)
PLACE: Final = Mark(
    "dependencia", "Dependencia", "designation.department.name", "Dirección de Mercados"
)
OFICIO: Final = Mark(
    "oficio", "Número del oficio de designación", "designation.oficio_number", "DM/123/2026"
)
POST: Final = Mark(
    "enlace",
    "Enlace a su designación",
    "designation_url",
    f"{_SITE}/enlaces/0000/",
    link=True,
)
LAST: Final = Mark("ultimo_dia", "Último día del encargo", "designation.last_in_force", _LAST_DAY)
TERM: Final = Mark("periodo", "Periodo de gobierno", "term.name", "Gobierno municipal 2024–2027")
TERM_LAST: Final = Mark("ultimo_dia", "Último día del periodo", "term.last_day", _LAST_DAY)
HER: Final = replace(
    NAME, path="designation.person.full_name", sample="Ana Sofía Ruiz Peña", blank=""
)
ABOUT_POST: Final = (NAME, ROLE, PLACE, POST)

register(
    Message("members/application_sent", "Acuse: su solicitud llegó", (NAME, FOLIO, PAGE)),
    Message(
        "members/information_requested",
        "El Instituto le hace una pregunta",
        (NAME, FOLIO, DEADLINE, replace(PAGE, needed=True)),
    ),
    Message(
        "members/information_reminder",
        "Recordatorio de la pregunta, a la mitad del plazo",
        (NAME, FOLIO, DEADLINE, replace(PAGE, needed=True)),
    ),
    Message(
        "members/application_approved",
        "Bienvenida: su solicitud se aprobó",
        (
            NAME,
            FOLIO,
            Mark("numero", "Número de integrante", "member.folio", "INT-2026-0017"),
            PANEL,
        ),
    ),
    Message(
        "members/application_rejected",
        "Su solicitud no se aprobó",
        (
            NAME,
            FOLIO,
            Mark(
                "motivo",
                "Motivo de la lista",
                "application.rejection_reason.text",
                "El cargo no corresponde a la convocatoria.",
                needed=True,
            ),
            Mark(
                "explicacion",
                "Texto que se le escribió",
                "application.decision_text",
                "Le invitamos a presentar otra solicitud.",
                needed=True,
            ),
            PAGE,
        ),
    ),
    Message("members/application_withdrawn", "Su solicitud se retiró", (NAME, FOLIO, PAGE)),
    Message(
        "members/application_expired", "Su solicitud expiró sin respuesta", (NAME, FOLIO, PAGE)
    ),
    Message("members/membership_suspended", "Su participación se suspendió", (NAME, REASON, PANEL)),
    Message(
        "members/membership_reinstated", "Su participación está activa de nuevo", (NAME, PANEL)
    ),
    Message(
        "members/membership_readscribed",
        "Se registró su readscripción",
        (
            NAME,
            Mark("cargo", "Cargo", "assignment.position", "Jefa de unidad"),
            replace(PLACE, path="assignment.department.name"),
            Mark("desde", "Primer día", "assignment.start", _DAY),
            PANEL,
        ),
    ),
    Message(
        "members/membership_registered",
        "El Instituto la registró",
        (
            NAME,
            Mark("numero", "Número de integrante", "member.folio", "INT-2026-0017", neutral=True),
            Mark(
                "enlace",
                "Enlace para entrar",
                "login_url",
                f"{_SITE}/cuenta/ingresar/",
                link=True,
                needed=True,
            ),
        ),
    ),
    Message(
        "members/invitation",
        "Invitación a solicitar su ingreso",
        (
            Mark(
                "nombre", "Nombre, si se escribió", "invitation.name", "Ana Sofía", blank="Buen día"
            ),
            Mark(
                "enlace",
                "Enlace para crear su cuenta",
                "signup_url",
                f"{_SITE}/cuenta/crear/",
                link=True,
                needed=True,
            ),
            Mark(
                "aviso",
                "Enlace al aviso de privacidad",
                "notice_url",
                f"{_SITE}/privacidad/",
                link=True,
            ),
        ),
    ),
    Message("members/membership_ended", "Baja de la Red", (NAME, REASON, PANEL)),
    Message(
        "members/designation_nominated",
        "Su dependencia le propone un encargo",
        (*ABOUT_POST, OFICIO),
    ),
    Message(
        "members/designation_validated",
        "Su encargo está vigente",
        (*ABOUT_POST, Mark("desde", "Primer día", "designation.start", _DAY), LAST),
    ),
    Message(
        "members/designation_rejected",
        "La designación no se validó",
        (*ABOUT_POST, REASON),
    ),
    Message(
        "members/designation_ended",
        "Termina su encargo",
        (*ABOUT_POST, Mark("fin", "Día en que deja el puesto", "designation.end", _DAY), REASON),
    ),
    Message(
        "members/term_closed",
        "Terminó el periodo de gobierno y su encargo",
        (*ABOUT_POST, TERM, Mark("fin", "Día en que deja el puesto", "designation.end", _DAY)),
    ),
    Message(
        "members/term_ending",
        "Se acerca el fin del periodo de gobierno",
        (*ABOUT_POST, TERM, TERM_LAST),
    ),
    Message(
        "members/term_ending_titular",
        "Aviso a la dependencia: se acerca el fin del periodo de gobierno",
        (HER, ROLE, PLACE, TERM, TERM_LAST),
    ),
    Message(
        "members/term_ending_office",
        "Aviso al Instituto: se acerca el fin del periodo de gobierno",
        (
            TERM,
            TERM_LAST,
            Mark(
                "enlace",
                "Enlace al avance del cambio",
                "term_url",
                f"{_SITE}/periodos/2024-2027/",
                link=True,
            ),
        ),
    ),
    Message("members/designation_ending", "Se acerca el fin de su encargo", (*ABOUT_POST, LAST)),
    Message(
        "members/designation_expired",
        "Terminó el periodo de su encargo",
        (*ABOUT_POST, LAST, OFICIO),
    ),
    Message(
        "members/designation_ending_office",
        "Aviso a la dependencia: se acerca el fin de una designación",
        (
            HER,
            ROLE,
            PLACE,
            OFICIO,
            LAST,
        ),
    ),
    Message(
        "members/designation_requested",
        "Oficio que pide un enlace",
        (
            Mark("destinataria", "A quién se dirige", "request.addressee", "Mtra. Ana Ruiz"),
            Mark(
                "folio",
                "Folio del oficio",
                "request.folio",
                "OFI-2026-0009",
                neutral=True,
                needed=True,
            ),
            replace(PLACE, path="request.department.name"),
            Mark(
                "plazo", "Hasta cuándo se espera respuesta", "request.answer_due", _DAY, needed=True
            ),
        ),
    ),
)

UNIT_PLACE: Final = replace(PLACE, path="department.name")
UNIT: Final = Mark(
    "enlace", "Enlace a «Mi unidad»", "unit_url", f"{_SITE}/enlace/unidad/", link=True
)
RUNG: Final = Mark("peldano", "Peldaño", "step.get_rung_display", "Instalada")
PLAN: Final = (
    Mark("anio", "Año del plan", "paper.of_year", "2026"),
    Mark("vence", "Último día del plan", "paper.valid_until", _LAST_DAY, needed=True),
)

register(
    Message(
        "members/unit_step_validated",
        "Se validó la evidencia de su unidad",
        (NAME, RUNG, UNIT_PLACE, UNIT),
    ),
    Message(
        "members/unit_step_observed",
        "La evidencia de su unidad tiene una observación",
        (
            NAME,
            RUNG,
            UNIT_PLACE,
            UNIT,
            Mark(
                "observacion",
                "Qué hace falta",
                "step.observation",
                "Falta la firma en la última hoja.",
                needed=True,
            ),
        ),
    ),
    Message(
        "members/unit_plan_ending",
        "Se acerca el fin del plan de su unidad",
        (NAME, UNIT_PLACE, *PLAN, UNIT),
    ),
    Message(
        "members/unit_plan_ending_office",
        "Aviso al Instituto y a la dependencia: se acerca el fin del plan de una unidad",
        (UNIT_PLACE, *PLAN),
    ),
)

CONTACT: Final = Mark(
    "enlace",
    "Enlace a la solicitud de contacto",
    "contact_url",
    f"{_SITE}/mis-datos/solicitudes-de-contacto/0000/",
    link=True,
    needed=True,
)

register(
    Message(
        "members/contact_requested",
        "Alguien de la Red quiere comunicarse",
        (
            NAME,
            Mark("plazo", "Hasta cuándo puede responder", "request.expires_at", _MOMENT),
            CONTACT,
        ),
    ),
    Message("members/contact_accepted", "Respondieron a su solicitud de contacto", (NAME, CONTACT)),
)

DATA: Final = Mark(
    "enlace", "Enlace a «Mis datos»", "my_data_url", f"{_SITE}/mis-datos/", link=True
)
CHANGE: Final = (
    NAME,
    Mark("folio", "Folio del cambio", "change.folio", "CAM-2026-0004", neutral=True),
    Mark("que", "Qué cambia", "change.get_kind_display", "Cargo y área", lower=True),
    DATA,
)
ARCO: Final = Mark(
    "folio", "Folio de la solicitud", "request.folio", "ARCO-2026-0003", neutral=True
)
DUE: Final = Mark("plazo", "Hasta cuándo se responde", "request.due_on", _DAY, needed=True)

register(
    Message("members/change_requested", "Acuse: pidió un cambio", CHANGE),
    Message("members/change_approved", "El cambio se hizo", CHANGE),
    Message(
        "members/change_refused",
        "El cambio no se aprobó",
        (*CHANGE, replace(REASON, path="change.decision_text")),
    ),
    Message("members/privacy_request_received", "Acuse: solicitud ARCO", (NAME, ARCO, DUE, DATA)),
    Message(
        "members/privacy_request_extended",
        "Se amplió el plazo de una solicitud ARCO",
        (NAME, ARCO, DUE, DATA, replace(REASON, path="request.extension_reason")),
    ),
    Message(
        "members/privacy_request_answered",
        "Hay respuesta a una solicitud ARCO",
        (NAME, ARCO, replace(DATA, needed=True)),
    ),
    Message(
        "members/privacy_request_due",
        "Aviso al personal: un plazo ARCO está por terminar",
        (ARCO, DUE, PANEL),
    ),
    Message("members/person_blocked", "Sus datos quedaron bloqueados", (NAME,)),
)
