"""The history of a solicitud in the words that its applicant reads."""

import datetime
from typing import Final, TypedDict

from members.models import Application
from red_genero.common.models import Transition

State = Application.State

WHAT: Final[dict[str, str]] = {
    State.DRAFT: "Comenzó su solicitud",
    State.SENT: "Envió su solicitud",
    State.IN_REVIEW: "El Instituto la está revisando",
    State.NEEDS_INFO: "El Instituto le hizo una pregunta",
    State.APPROVED: "El Instituto aprobó su ingreso",
    State.REJECTED: "El Instituto no aprobó su ingreso",
    State.WITHDRAWN: "Retiró su solicitud",
    State.EXPIRED: "Terminó el plazo sin respuesta",
}


class Entry(TypedDict):
    """One line, as the timeline component draws it."""

    what: str
    when: datetime.datetime
    who: str
    why: str


def of_application(application: Application) -> list[Entry]:
    """Return the moves, newest first; who reviews and internal notes are not hers to read."""
    return [
        _entry(line)
        for line in reversed(Transition.objects.about(application))
        if line.from_state != line.to_state
    ]


def _entry(line: Transition) -> Entry:
    """Return one move in words."""
    answered = line.from_state == State.NEEDS_INFO and line.to_state == State.IN_REVIEW
    asked = line.to_state == State.NEEDS_INFO
    return {
        "what": "Respondió la pregunta" if answered else WHAT[line.to_state],
        "when": line.at,
        "who": "",
        "why": line.reason if asked else "",
    }
