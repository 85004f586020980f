"""Constancias históricas: those on paper from before the portal, loaded from a spreadsheet."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import ContentArea, Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class PastCertificateQuerySet(models.QuerySet["PastCertificate"]):
    """Sets of historical constancias."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Hers; all of them for who may read constancias."""
        if user.has_perm("trainings.view_certificate"):
            return self.all()
        return self.filter(person__user=user.pk) if user.pk else self.none()


class PastCertificate(models.Model):
    """What a paper of then says; its folio belongs to the series of its time, never to RED's."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="past_certificates", verbose_name="persona"
    )
    folio = models.CharField("folio de origen", max_length=40)
    course_title = models.CharField("formación", max_length=120)
    area = models.ForeignKey(
        ContentArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="área de contenido",
    )
    hours = models.DecimalField("horas", max_digits=6, decimal_places=2)
    starts_on = models.DateField("del")
    ends_on = models.DateField("al")
    issuer = models.CharField("emitió", max_length=160, blank=True)
    loaded_at = models.DateTimeField("cargada", default=timezone.now, editable=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quién cargó"
    )

    objects = PastCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "constancia histórica"
        verbose_name_plural = "constancias históricas"
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "folio"],
                name="past_certificate_once_per_person",
                violation_error_message="Esa persona ya tiene una constancia histórica con ese folio.",
            ),
            models.CheckConstraint(
                condition=~Q(folio__istartswith="RED-"),
                name="past_certificate_keeps_its_own_series",
                violation_error_message="La serie RED es del portal: escriba el folio de origen.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="past_certificate_has_hours",
                violation_error_message="Las horas deben ser más de cero.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="past_certificate_ends_after_start",
                violation_error_message="La fecha final no puede ser anterior a la inicial.",
            ),
        ]

    def __str__(self) -> str:
        return self.folio
