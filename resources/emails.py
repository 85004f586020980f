"""The messages of the library; subjects say nothing of what is inside."""

from django.conf import settings
from django.urls import reverse

from members.models import Person
from red_genero.common import mail
from resources.models import Bulletin, Resource


def bulletin(number: Bulletin, person: Person, entries: list[Resource], token: str) -> None:
    """What is new in the library, with one press to stop receiving it (RFC 8058)."""
    leave = address(reverse("resources:bulletin_leave", args=[token]))
    message = mail.compose(
        "resources/bulletin",
        to=person.address,
        context={
            "person": person,
            "bulletin": number,
            "entries": [
                {"title": row.title, "summary": row.summary, "url": address(row.get_absolute_url())}
                for row in entries
            ],
            "leave_url": leave,
        },
    )
    message.extra_headers["List-Unsubscribe"] = f"<{leave}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.enqueue(message, kind="resources/bulletin", about=number)


def address(path: str) -> str:
    """Return a page's whole address, as a mail needs it."""
    return f"{settings.PORTAL_URL}{path}"
