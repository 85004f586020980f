"""The rows of the world that belong to her rights: a change, a solicitud ARCO, a message that waits for her, the terms."""

from members import answering, changing, contacting
from members.models import (
    Application,
    ChangeRequest,
    ContactRequest,
    InformationFile,
    Member,
    Person,
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


def a_message(sender: Person, recipient: Person) -> ContactRequest:
    """Return a request for contact that waits for her; both appear in the directory."""
    for person in (sender, recipient):
        person.show_in_directory = True
        person.save(update_fields=["show_in_directory"])
    if sender.user is None:
        raise AssertionError("Who writes signs in.")
    words = "Quisiera conocer cómo organizaron su plan de trabajo."
    return contacting.ask(sender, recipient, words, by=By.web(sender.user))


def a_file(application: Application) -> InformationFile:
    """Return a file beside the question of a solicitud."""
    row = InformationFile(question=application.questions.get(), name="nombramiento.pdf")
    row.file.save("nombramiento.pdf", liaising.paper())
    return row
