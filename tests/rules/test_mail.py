"""The outbox: whole or nothing, retried, never late, never lost, never read where it must not be."""

import smtplib
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage, send_mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from members.models import User
from red_genero.common import delivery, mail
from red_genero.common.models import QueuedMail
from red_genero.common.models.mail import HIDDEN_TEXT
from tests.conftest import signed_in
from tests.smtp import PostOffice, post_office

State = QueuedMail.State
TO = "ana@guadalajara.gob.mx"


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    """A real mail server, to which the portal delivers."""
    with post_office() as made:
        settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield made


def queued(subject: str = "Aviso", **more: object) -> QueuedMail:
    """Return a queued message."""
    row = mail.enqueue(EmailMessage(subject, "Texto con ñ y ü.\n.\nfin", to=[TO]))[0]
    QueuedMail.objects.filter(pk=row.pk).update(**more)
    row.refresh_from_db()
    return row


def state_of(row: QueuedMail) -> str:
    """Return the stored state."""
    row.refresh_from_db()
    return row.state


@pytest.mark.django_db
def test_a_rollback_sends_nothing(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "red_genero.common.mail.OutboxBackend"
    with transaction.atomic():
        send_mail("Aviso", "Texto", None, [TO])
        transaction.set_rollback(True)

    assert QueuedMail.objects.count() == 0


@pytest.mark.django_db
def test_a_message_arrives_as_it_was_queued(office: PostOffice, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Red de Género <red@genero.example>"
    row = queued("Constancia de Núñez")

    assert delivery.deliver_due() == delivery.Round(sent=1)

    letter = office.letters[0]
    assert letter.sender == "red@genero.example"
    assert letter.recipients == [TO]
    assert letter.message["Subject"] == "Constancia de Núñez"
    assert letter.text.rstrip() == "Texto con ñ y ü.\n.\nfin"
    assert letter.message["Message-ID"].endswith("@genero.example>")
    assert state_of(row) == State.SENT
    assert row.sent_at is not None
    assert delivery.deliver_due() == delivery.Round()


@pytest.mark.django_db
def test_text_is_not_escaped_as_html() -> None:
    row = mail.send(
        "account/email_deleted",
        to=TO,
        context={
            "email": TO,
            "deleted_email": "o'farrill&<b>@example.org",
            "timestamp": timezone.now(),
            "ip": "::1",
            "user_agent": "",
            "reset_url": "http://testserver/",
        },
    )

    assert "o'farrill&<b>@example.org" in row.text
    assert b"o'farrill&<b>" in bytes(row.mime)
    assert b"o&#x27;farrill&amp;&lt;b&gt;" in bytes(row.mime)


@pytest.mark.django_db
def test_each_recipient_of_djangos_own_mail_has_a_row(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "red_genero.common.mail.OutboxBackend"
    send_mail("Aviso", "Texto", None, ["Ana <a@example.org>", "b@example.org"])

    assert set(QueuedMail.objects.values_list("recipient", flat=True)) == {
        "a@example.org",
        "b@example.org",
    }


@pytest.mark.django_db
def test_server_down_puts_off_with_growing_waits(settings: Settings) -> None:
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    row, other = queued(), queued()

    done = delivery.deliver_due()

    assert done == delivery.Round(put_off=1)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.leased_until) == (State.QUEUED, 1, None)
    assert timedelta(seconds=20) < row.next_attempt_at - timezone.now() < timedelta(seconds=40)
    assert "ConnectionRefusedError" in row.last_error
    other.refresh_from_db()
    assert other.attempts == 0


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (8, 3840), (9, 7200), (50, 7200)]
)
def test_waits_double_up_to_two_hours(attempts: int, seconds: int) -> None:
    waits = {delivery.wait_after(attempts).total_seconds() for _ in range(50)}

    assert 0.8 * seconds <= min(waits) <= max(waits) <= 1.2 * seconds
    assert len(waits) > 1


@pytest.mark.django_db
def test_a_day_without_success_ends_it(settings: Settings) -> None:
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = queued(created_at=timezone.now() - timedelta(hours=25))

    delivery.deliver_due()

    assert state_of(row) == State.FAILED


@pytest.mark.django_db
def test_a_permanent_refusal_fails_at_once(office: PostOffice) -> None:
    office.answer_rcpt = "550 no such mailbox"
    bad = queued()
    assert delivery.deliver_due() == delivery.Round(failed=1)
    assert state_of(bad) == State.FAILED
    assert bad.last_error == "550 no such mailbox"

    office.answer_rcpt = "250 ok"
    good = queued()
    assert delivery.deliver_due() == delivery.Round(sent=1)
    assert state_of(good) == State.SENT


@pytest.mark.django_db
def test_a_passing_refusal_is_tried_again(office: PostOffice) -> None:
    office.answer_rcpt = "451 greylisted, come back"
    row = queued()
    assert delivery.deliver_due() == delivery.Round(put_off=1)

    office.answer_rcpt = "250 ok"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert delivery.deliver_due() == delivery.Round(sent=1)

    assert state_of(row) == State.SENT
    assert row.attempts == 2
    assert len(office.letters) == 1


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({TO: (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({TO: (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), False),
        (smtplib.SMTPSenderRefused(550, b"who?", "red@localhost"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_what_is_permanent(error: Exception, permanent: bool) -> None:
    assert delivery.is_permanent(error) is permanent


@pytest.mark.django_db
def test_expired_messages_are_not_sent_late(office: PostOffice) -> None:
    row = queued(expires_at=timezone.now() - timedelta(seconds=1), secret=True)

    assert delivery.deliver_due() == delivery.Round(expired=1)

    assert state_of(row) == State.EXPIRED
    assert row.text == HIDDEN_TEXT
    assert office.letters == []


@pytest.mark.django_db
def test_a_leased_message_waits_for_its_lease(office: PostOffice) -> None:
    row = queued(leased_until=timezone.now() + timedelta(seconds=100))
    assert delivery.deliver_due() == delivery.Round()

    with time_machine.travel(timezone.now() + timedelta(seconds=101)):
        assert delivery.deliver_due() == delivery.Round(sent=1)

    assert state_of(row) == State.SENT


@pytest.mark.django_db
def test_a_message_that_kills_its_workers_is_given_up(office: PostOffice) -> None:
    row = queued(attempts=delivery.DEADLY_ATTEMPTS)

    assert delivery.deliver_due() == delivery.Round(failed=1)
    assert state_of(row) == State.FAILED


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_queue(office: PostOffice) -> None:
    for number in range(20):
        queued(f"Aviso {number}")

    def work() -> None:
        delivery.deliver_due()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    subjects = sorted(letter.message["Subject"] for letter in office.letters)
    assert subjects == sorted(f"Aviso {number}" for number in range(20))
    assert QueuedMail.objects.filter(state=State.SENT, attempts=1).count() == 20


@pytest.mark.django_db
def test_staff_reads_what_was_sent_but_no_key(diana: User) -> None:
    open_letter = queued("Aviso")
    key = queued("Su código para ingresar", secret=True, text="ABCD-1234")
    client = signed_in(diana)

    shown = client.get(reverse("admin:common_queuedmail_change", args=[open_letter.pk]))
    hidden = client.get(reverse("admin:common_queuedmail_change", args=[key.pk]))

    assert "Texto con ñ y ü." in shown.content.decode()
    assert "ABCD-1234" not in hidden.content.decode()
    assert "Texto reservado" in hidden.content.decode()
    found = client.get(reverse("admin:common_queuedmail_changelist"), {"q": "ABCD"})
    assert "Su código para ingresar" not in found.content.decode()


@pytest.mark.django_db
def test_the_demos_mailbox_exists_only_in_the_demo(client: Client, settings: Settings) -> None:
    row = mail.send(
        "account/login_code", to=TO, context={"email": TO, "code": "ABCD-1234"}, secret=True
    )
    addresses = [
        reverse("demo_mail_list"),
        reverse("demo_mail_detail", args=[row.pk]),
        reverse("demo_mail_html", args=[row.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]

    settings.DEMO = True
    settings.EMAIL_DELIVERY_BACKEND = "red_genero.common.delivery.DemoDeliveryBackend"
    assert delivery.deliver_due() == delivery.Round(sent=1)

    pages = [client.get(address) for address in addresses]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "ABCD-1234" in pages[1].content.decode()
    assert "sandbox" in pages[2].headers["Content-Security-Policy"]
    assert "script-src" not in pages[2].headers["Content-Security-Policy"]
