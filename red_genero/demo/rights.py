"""What waits at the desks of changes and of rights in the demonstration: one of each."""

from members import answering, changing
from members.models import ChangeRequest, PrivacyRequest
from red_genero.common.states import By
from red_genero.demo.people import account_of, person_of


def ask_for_a_change() -> ChangeRequest:
    """Let an integrante ask for a new cargo in her dependencia."""
    person = person_of("beatriz.guemes")
    post = person.assignments.open().get()
    wanted = {
        "area": post.area,
        "position": "Subdirectora de Planeación",
        "level": "coordinacion",
        "appointment": post.appointment,
    }
    return changing.request(
        person.member,
        ChangeRequest.Kind.POST,
        wanted=wanted,
        note="Nombramiento de este mes.",
        by=By.web(account_of("beatriz.guemes")),
    )


def ask_for_access() -> PrivacyRequest:
    """Let an integrante ask what is done with her data, and somebody begin to attend it."""
    asked = answering.request(
        person_of("cecilia.delatorre"),
        PrivacyRequest.Kind.ACCESS,
        text="Quiero saber con qué dependencias se comparten mis datos.",
        by=By.web(account_of("cecilia.delatorre")),
    )
    return answering.take(asked, by=By.admin(account_of("direccion")))
