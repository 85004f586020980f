"""What the tests of seats share: pressing as somebody, reading the outbox, closing an edición's doors."""

from typing import Any

from members.models import MailDomain, Member
from red_genero.common.models import QueuedMail
from red_genero.common.states import By
from trainings import enrolling
from trainings.models import Edition, Enrollment

STAFF = By.job("Personal de Formación")
MANAGER = "jefatura@guadalajara.gob.mx"


def by(member: Member) -> By:
    """Return the integrante acting on her own pages."""
    assert member.person.user is not None
    return By.web(member.person.user)


def enrol(run: Edition, member: Member) -> Enrollment:
    """Enrol her by herself; where a visto bueno is asked, she gives her jefatura's address."""
    if not run.manager_approval:
        return enrolling.enrol(run, member.person, by=by(member))
    MailDomain.objects.get_or_create(domain=MANAGER.partition("@")[2], department=None)
    return enrolling.enrol(run, member.person, by=by(member), manager_email=MANAGER)


def mails() -> list[tuple[str, str]]:
    """Return (message, recipient) of all that was queued by trainings, oldest first."""
    rows = QueuedMail.objects.filter(kind__startswith="trainings/").order_by("pk")
    return [
        (kind.partition("/")[2], recipient)
        for kind, recipient in rows.values_list("kind", "recipient")
    ]


def forget_mails() -> None:
    """Empty the outbox."""
    QueuedMail.objects.all().delete()


def change(run: Edition, **values: Any) -> Edition:
    """Write columns of an edición."""
    Edition.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    return run


def state(seat: Enrollment) -> str:
    """Return the state as it is stored."""
    return Enrollment.objects.values_list("state", flat=True).get(pk=seat.pk)
