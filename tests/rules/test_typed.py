"""What was typed when a session ended: hers alone, for a while, and never a stranger's."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from members import vetting
from members.models import User
from red_genero.common.states import By
from red_genero.common.typed import FIELD, KEPT_SECONDS, LONGEST
from tests import make
from tests.conftest import signed_in

PAGE = "/solicitud/puesto/"
TYPED = {"area": "Unidad de Igualdad", "position": "Subdirectora", "level": "jefatura"}

pytestmark = pytest.mark.django_db


def signature_on(client: Client, page: str = PAGE) -> str:
    """Return what the hidden field of her page says."""
    context = client.get(page).context
    assert context["typed_field"] == FIELD
    return str(context["typed_by"])


@pytest.fixture
def ines() -> User:
    """An applicant with a complete draft."""
    made = make.draft()
    assert made.person.user
    return made.person.user


def press_without_session(data: dict[str, str], page: str = PAGE) -> tuple[Client, HttpResponse]:
    """Send the page from a browser whose session is gone."""
    client = Client()
    answer = client.post(page, data)
    return client, answer  # type: ignore[return-value]


def test_hers_comes_back_once(ines: User) -> None:
    signature = signature_on(signed_in(ines))
    client, answer = press_without_session({**TYPED, FIELD: signature})
    assert answer["Location"] == f"/cuenta/ingresar/?next={PAGE}"
    client.force_login(ines)
    assert client.get("/panel/").status_code == 200
    back = client.get(PAGE)
    assert back.status_code == 200
    assert back.context["form"]["position"].value() == "Subdirectora"
    again = client.get(PAGE)
    assert again.context["form"]["position"].value() == "Jefa de unidad"


def test_leaving_by_save_and_exit_comes_back_to_the_page(ines: User) -> None:
    signature = signature_on(signed_in(ines))
    client, answer = press_without_session({**TYPED, FIELD: signature}, f"{PAGE}borrador/")
    assert answer["Location"] == f"/cuenta/ingresar/?next={PAGE}"
    client.force_login(ines)
    assert client.get(PAGE).context["form"]["position"].value() == "Subdirectora"


def test_it_is_forgotten_after_an_hour(ines: User) -> None:
    signature = signature_on(signed_in(ines))
    client, _ = press_without_session({**TYPED, FIELD: signature})
    with time_machine.travel(timezone.now() + timedelta(seconds=KEPT_SECONDS + 1)):
        client.force_login(ines)
        assert client.get(PAGE).context["form"]["position"].value() == "Jefa de unidad"


def test_another_account_neither_sees_it_nor_leaves_it_behind(ines: User) -> None:
    other = make.draft().person.user
    assert other
    signature = signature_on(signed_in(ines))
    client, _ = press_without_session({**TYPED, FIELD: signature})
    client.force_login(other)
    assert client.get(PAGE).context["form"]["position"].value() == "Jefa de unidad"
    assert "typed" not in client.session


@pytest.mark.parametrize("signature", ["", "1", "1:firma:inventada"])
def test_a_strangers_press_stores_nothing(ines: User, signature: str) -> None:
    _, answer = press_without_session({**TYPED, FIELD: signature})
    assert answer["Location"].startswith("/cuenta/ingresar/")
    assert not Session.objects.exists()


def test_more_than_a_page_holds_is_not_kept(ines: User) -> None:
    signature = signature_on(signed_in(ines))
    before = Session.objects.count()
    press_without_session({**TYPED, "area": "x" * (LONGEST + 1), FIELD: signature})
    assert Session.objects.count() == before


def test_the_answer_to_the_instituto_is_kept_too(valentina: User) -> None:
    asked = make.in_review(valentina)
    vetting.request_information(asked, question="¿Qué decide?", by=By.admin(valentina))
    her = asked.person.user
    assert her
    page = "/solicitud/respuesta/"
    signature = signature_on(signed_in(her), page)
    client, _ = press_without_session({"text": "Decido el gasto.", FIELD: signature}, page)
    client.force_login(her)
    assert client.get(page).context["form"]["text"].value() == "Decido el gasto."


BUTTON = "/mi-calendario/renovar/"


@pytest.mark.parametrize(
    ("referer", "accept", "then"),
    [
        (
            "http://testserver/mi-calendario/?de=panel",
            "text/html",
            "/mi-calendario/%3Fde%3Dpanel",
        ),
        ("https://otro.example/solicitud/", "text/html", BUTTON),
        ("http://testserver/mi-calendario/", "*/*", BUTTON),
        ("", "text/html", BUTTON),
    ],
    ids=["page", "elsewhere", "script", "nowhere"],
)
def test_the_door_leads_to_the_page_of_the_button(referer: str, accept: str, then: str) -> None:
    answer = Client().post(BUTTON, headers={"Referer": referer, "Accept": accept})
    assert answer["Location"] == f"/cuenta/ingresar/?next={then}"
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    leads_back = then != BUTTON
    assert any("no se cambió nada" in words for words in said) is leads_back


def test_the_address_of_a_button_says_where_to_go(ines: User) -> None:
    answer = signed_in(ines).get(BUTTON)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "<h1>Esta dirección es de un botón</h1>" in answer.text
    assert 'href="/panel/"' in answer.text
