"""The progress of a long work moves by itself, and ends by itself."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from red_genero.common import jobs
from tests import make
from tests.conftest import signed_in

pytestmark = pytest.mark.once


@pytest.mark.django_db(transaction=True)
def test_progress_moves_and_ends(page: Page, live_server: LiveServer) -> None:
    owner = make.user()
    session = signed_in(owner).cookies["sesion"].value
    page.context.add_cookies([{"name": "sesion", "value": session, "url": live_server.url}])
    job = jobs.start("Constancias de prueba", total=4, by=owner)

    page.goto(reverse("job_detail", args=[job.key]))
    expect(page.locator("progress")).to_have_attribute("value", "0")
    page.get_by_role("link", name="Actualizar el avance").focus()
    jobs.advance(job, count=3)
    expect(page.locator("progress")).to_have_attribute("value", "3", timeout=15000)
    expect(page.get_by_role("link", name="Actualizar el avance")).to_be_focused()
    jobs.advance(job)
    jobs.finish(job)

    expect(page.get_by_text("Terminado", exact=True)).to_be_visible(timeout=15000)
    expect(page.get_by_role("link", name="Actualizar el avance")).to_have_count(0)
