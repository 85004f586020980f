"""The history of a solicitud in the words that its applicant reads."""

import datetime
from typing import Final, TypedDict

from members.models import Application, ChangeRequest, PrivacyRequest
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

CHANGES: Final[dict[str, str]] = {
    ChangeRequest.State.ASKED: "Pidió el cambio",
    ChangeRequest.State.APPROVED: "El Instituto lo aprobó",
    ChangeRequest.State.REFUSED: "El Instituto no lo aprobó",
    ChangeRequest.State.WITHDRAWN: "Retiró la solicitud",
}
RIGHTS: Final[dict[str, str]] = {
    PrivacyRequest.State.RECEIVED: "El Instituto recibió su solicitud",
    PrivacyRequest.State.IN_HAND: "Una persona del Instituto la atiende",
    PrivacyRequest.State.ANSWERED: "El Instituto respondió",
    PrivacyRequest.State.WITHDRAWN: "Retiró la solicitud",
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


def of_change(change: ChangeRequest) -> list[Entry]:
    """Return the moves of a request of a change, newest first."""
    return _plain(change, CHANGES)


def of_privacy_request(asked: PrivacyRequest) -> list[Entry]:
    """Return the moves of a solicitud ARCO, newest first; an extension says why."""
    return _plain(asked, RIGHTS)


def _plain(row: ChangeRequest | PrivacyRequest, words: dict[str, str]) -> list[Entry]:
    """Return the moves in words; who acted is not hers to read."""
    lines = [line for line in Transition.objects.about(row) if line.from_state != line.to_state]
    return [
        {"what": words[line.to_state], "when": line.at, "who": "", "why": ""}
        for line in reversed(lines)
    ]
