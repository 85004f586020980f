"""Nobody's rows belong to nobody: a visitor without account sees no inscripción and no constancia."""

from django.contrib.auth.models import AnonymousUser

from members.models import Person
from tests import make
from trainings.models import Certificate, Enrollment, PastCertificate


def test_a_visitor_has_no_rows_of_people_without_account(db: None) -> None:
    person = make.person("Sin", "Cuenta")
    Person.objects.filter(pk=person.pk).update(user=None)
    seat = make.enrollment(make.edition(), person)
    nobody = AnonymousUser()

    assert Enrollment.objects.filter(pk=seat.pk, person__user=None).exists()
    assert not Enrollment.objects.visible_to(nobody).exists()
    assert Certificate.objects.visible_to(nobody).query.is_empty()
    assert PastCertificate.objects.visible_to(nobody).query.is_empty()
