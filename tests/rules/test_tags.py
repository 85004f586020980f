"""The tags of the portal: badges, error summary, filters, links that exist, dates, staff's HTML."""

import datetime

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from members.models import Member, User
from red_genero.templatetags import red


class Seat(forms.Form):
    """A form with the kinds of field that the summary links."""

    name = forms.CharField(label="Nombre", help_text="Como está en su oficio.")
    note = forms.CharField(label="Nota", required=False)
    mode = forms.ChoiceField(
        label="Modalidad",
        choices=[("l", "En línea"), ("p", "Presencial")],
        widget=forms.RadioSelect,
    )
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        """Refuse as a whole."""
        raise forms.ValidationError("El cupo está lleno.", code="full")


def render(source: str, **context: object) -> str:
    return Template("{% load red %}" + source).render(Context(context))


def test_a_badge_has_a_word_and_a_shape() -> None:
    page = render("{% badge 'en_espera' 'En espera' %}")
    assert 'data-tone="wait"' in page
    assert "<svg" in page
    assert "En espera" in page


def test_an_unknown_state_is_neutral_and_a_tone_can_be_given() -> None:
    assert 'data-tone="neutral"' in render("{% badge 'otro' %}")
    assert 'data-tone="stop"' in render("{% badge 'otro' 'Otro' 'stop' %}")


def test_the_error_summary_links_each_field() -> None:
    lines = red.error_summary(Seat({}))["errors"]
    assert [(line.label, line.href) for line in lines] == [
        ("", ""),
        ("Nombre", "#id_name"),
        ("Modalidad", "#id_mode_0"),
        ("", ""),
    ]
    assert lines[0].message == "El cupo está lleno."


def test_a_good_form_has_no_summary() -> None:
    assert render("{% error_summary form %}", form=forms.Form({})).strip() == ""


def test_crispy_forms_print_the_summary_and_the_words_of_duty() -> None:
    page = render_crispy_form(Seat({}))
    assert page.count('role="alert"') == 1
    assert 'href="#id_name"' in page
    assert page.count("(obligatorio)") == 2
    assert page.count("(opcional)") == 1
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert "asteriskField" not in page


def test_active_filters_are_told_in_words_and_can_be_taken_away() -> None:
    request = RequestFactory().get("/lista/", {"mode": "l", "name": "peña", "page": "3"})
    found = red.active_filters(Context({"request": request}), Seat())
    assert [(one.label, one.value, one.url) for one in found] == [
        ("Nombre", "peña", "/lista/?mode=l"),
        ("Modalidad", "En línea", "/lista/?name=pe%C3%B1a"),
    ]


def test_links_to_pages_that_do_not_exist_are_left_out() -> None:
    assert red.url_if("no:such_page") == ""
    assert red.url_if("la_red") == "/la-red/"


def menu_of(user: AnonymousUser | User) -> list[str]:
    context = Context({"request": RequestFactory().get("/panel/"), "user": user})
    return [link.label for link in red.account_links(context)["links"]]


def test_visitors_may_enter_or_register() -> None:
    assert menu_of(AnonymousUser()) == ["Ingresar", "Registrarse"]


@pytest.mark.django_db
def test_the_menu_of_an_account_follows_its_permissions(
    alicia: Member, carmen: User, diana: User
) -> None:
    assert isinstance(alicia.person.user, User)
    assert menu_of(alicia.person.user) == ["Mi panel", "Mis datos", "Su cuenta"]
    assert menu_of(carmen) == ["Mi panel", "Mis datos", "Su cuenta", "Coordinación"]
    assert menu_of(diana) == [
        "Mi panel",
        "Mis datos",
        "Su cuenta",
        "Coordinación",
        "Administración",
    ]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-12-01", "2026-12-01", "1 de diciembre de 2026"),
        ("2026-12-01", "2026-12-10", "del 1 al 10 de diciembre de 2026"),
        ("2026-11-30", "2026-12-04", "del 30 de noviembre al 4 de diciembre de 2026"),
        ("2026-12-30", "2027-01-04", "del 30 de diciembre de 2026 al 4 de enero de 2027"),
    ],
)
def test_ranges_of_dates_are_short(start: str, end: str, words: str) -> None:
    days = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    assert red.date_range(*days) == words


def test_the_html_of_staff_is_cleaned_when_printed() -> None:
    source = '<p onclick="x()">Sí<script>alert(1)</script> <a href="javascript:x()">a</a></p>'
    page = render("{{ html|rich_text }}", html=source)
    assert page == '<p>Sí <a rel="noopener noreferrer">a</a></p>'


def test_an_address_of_mail_breaks_after_its_at() -> None:
    page = render("{{ mail|mail_breaks }}", mail="ana@guadalajara.gob.mx")
    assert page == "ana@<wbr>guadalajara.gob.mx"
    assert "<script>" not in render("{{ mail|mail_breaks }}", mail="<script>@x.mx")
