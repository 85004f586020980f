"""People of the demonstration: accounts, solicitudes, admissions; all through the real verbs."""

import datetime
from functools import cache
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from members import admitting, privacy, vetting
from members.forms import DepartmentForm, PersonForm, PositionForm, WorkForm
from members.models import Application, ContentArea, Department, Holiday, MailDomain, Person, User
from red_genero.common.states import By
from red_genero.demo import DOMAIN, ENTRY_WORD, past
from red_genero.demo.cast import MEMBERS, STAFF, WAITING, Applicant

FIRST_ADMISSION: Final = 240
ADMISSION_EVERY: Final = 17
"""Days ago of the first admission, and days from one to the next."""
REST: Final = (
    (1, 1, "Año Nuevo"),
    (5, 1, "Día del Trabajo"),
    (9, 16, "Día de la Independencia"),
    (12, 25, "Navidad"),
)
"""Days of rest by month and day; the real calendar is the Ayuntamiento's."""


def mark_the_calendar() -> None:
    """Write the days of rest of this year and the next: no deadline of the story ends on one."""
    year = timezone.localdate().year
    for month, day, name in REST:
        for each in (year, year + 1):
            Holiday.objects.get_or_create(
                day=datetime.date(each, month, day), defaults={"name": name}
            )


def settle_staff() -> None:
    """Open the accounts of the Instituto and of the coordinator; their domain is institutional."""
    MailDomain.objects.get_or_create(domain=DOMAIN, department=None)
    for someone in STAFF:
        account = _account(someone.email, enters_admin=someone.enters_admin)
        account.groups.set([Group.objects.get(name=someone.role)])
        Person.objects.update_or_create(
            user=account,
            defaults={
                "given_names": someone.given_names,
                "first_surname": someone.first_surname,
                "second_surname": someone.second_surname,
                "institutional_email": someone.email,
            },
        )


def settle_members() -> None:
    """Let each apply and be admitted by Validación, one after the other since last spring."""
    reviewer = By.admin(account_of("validacion"))
    for number, someone in enumerate(MEMBERS):
        sent = _apply(someone)
        vetting.take(sent, by=reviewer)
        vetting.approve(sent, by=reviewer)
        _show_contact(sent.person)
        past.move_back(sent.person, FIRST_ADMISSION - number * ADMISSION_EVERY)


def settle_applicants() -> None:
    """Leave one solicitud newly sent and another waiting for an answer."""
    reviewer = By.admin(account_of("validacion"))
    _apply(WAITING[0])
    asked = _apply(WAITING[1])
    vetting.take(asked, by=reviewer)
    vetting.request_information(
        asked,
        question="¿Qué decisiones toma usted en el programa que describe? Basta con dos renglones.",
        by=reviewer,
    )


def account_of(mailbox: str) -> User:
    """Return the account of somebody of the cast."""
    return User.objects.get(email__startswith=f"{mailbox}@")


def person_of(mailbox: str) -> Person:
    """Return somebody of the cast."""
    return Person.objects.get(user__email__startswith=f"{mailbox}@")


def _account(email: str, *, enters_admin: bool = False) -> User:
    """Open an account whose mailbox was proven."""
    account = User.objects.filter(email=email).first() or User.objects.create_user(email)
    account.password, account.is_staff = _entry(), enters_admin
    account.save(update_fields=["password", "is_staff"])
    EmailAddress.objects.get_or_create(
        user=account, email=email, defaults={"verified": True, "primary": True}
    )
    return account


@cache
def _entry() -> str:
    """Hash the one password once: everybody's is the same, and each hash costs a quarter of a second."""
    return make_password(ENTRY_WORD)


def _apply(someone: Applicant) -> Application:
    """Fill in and send a solicitud page by page, with the portal's own forms."""
    account = _account(someone.email)
    her = By.web(account)
    draft = admitting.start(account, by=her)
    pages = (
        PersonForm(
            {
                "given_names": someone.given_names,
                "first_surname": someone.first_surname,
                "second_surname": someone.second_surname,
                "treatment": someone.treatment,
                "institutional_email": someone.email,
                "office_phone": someone.phone,
                "extension": someone.extension,
            },
            instance=draft.person,
        ),
        DepartmentForm(
            {"department": str(Department.objects.get(key=someone.department).pk)}, instance=draft
        ),
        PositionForm(
            {"area": someone.area, "position": someone.position, "level": someone.level},
            instance=draft,
        ),
        WorkForm(
            {
                "policy_work": someone.work,
                "interests": list(ContentArea.objects.values_list("key", flat=True)[:3]),
            },
            instance=draft,
        ),
    )
    for page in pages:
        if not page.is_valid():
            raise ValueError(f"{someone.email}: {page.errors.as_text()}")
        admitting.save(draft, page)
    return admitting.send(draft, directory=someone.in_directory, mobile=False, image=False, by=her)


def _show_contact(person: Person) -> None:
    """Let other integrantes see the address and the office phone of those in the directory."""
    person.refresh_from_db()
    if person.show_in_directory and person.user:
        privacy.show(
            person,
            email=Person.Visibility.MEMBERS,
            phone=Person.Visibility.MEMBERS,
            in_directory=True,
            level=True,
            interests=True,
            guides_in=person.interests.order_by("order")[:1],
            by=By.web(person.user),
        )
