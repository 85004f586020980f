"""The trap for machines at sign-up speaks only when nothing else has to be corrected."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_an_empty_registration_is_told_what_is_missing_and_nothing_else(client: Client) -> None:
    page = client.post("/cuenta/registro/", {}).content.decode()
    assert "Escriba su correo electrónico." in page
    assert "demasiado rápido" not in page
    assert "abierta demasiado tiempo" not in page


@pytest.mark.django_db
def test_a_whole_office_behind_one_address_registers(client: Client) -> None:
    answers = {
        client.post("/cuenta/registro/", {"email": f"p{n}@gob.mx"}).status_code for n in range(40)
    }
    assert answers == {200}
