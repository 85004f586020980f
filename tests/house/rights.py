"""The rows of the world that belong to her rights: a change, a solicitud ARCO, an answer's file, the terms."""

from members import answering, changing
from members.models import (
    Application,
    ChangeRequest,
    InformationFile,
    Member,
    PrivacyPolicy,
    PrivacyRequest,
    User,
)
from red_genero.common.states import By
from tests.rules import liaising


def a_change(member: Member, account: User) -> ChangeRequest:
    """Return a request of a name that waits, with its paper."""
    wanted = {"given_names": "Alicia", "first_surname": "Muñoz"}
    made = changing.request(member, "nombre", wanted=wanted, by=By.web(account))
    made.file.save("acta.pdf", liaising.paper())
    return made


def a_right(member: Member, account: User, attends: User) -> PrivacyRequest:
    """Return a solicitud ARCO that was answered with a file."""
    PrivacyPolicy.objects.create()
    asked = answering.request(member.person, "acceso", text="Mis datos.", by=By.web(account))
    asked = answering.answer(asked, outcome="procedente", text="Aquí.", by=By.admin(attends))
    asked.answer_file.save("datos.pdf", liaising.paper())
    return asked


def a_file(application: Application) -> InformationFile:
    """Return a file beside the question of a solicitud."""
    row = InformationFile(question=application.questions.get(), name="nombramiento.pdf")
    row.file.save("nombramiento.pdf", liaising.paper())
    return row
