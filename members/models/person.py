"""A person: her name, how to reach her, what she lets others see."""

import unicodedata
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from members.models.catalog import ContentArea
from red_genero.common.fields import FoldedField, LowercaseEmailField
from red_genero.common.querysets import Searchable
from red_genero.common.text import fold, format_phone, validate_plain

ten_digits = RegexValidator(
    r"^[2-9]\d{9}$", "Escriba los 10 dígitos del teléfono, por ejemplo 33 1234 5678."
)


class SortField(FoldedField):
    """Order of a list of people, the same under any collation: ñ after n, words before letters."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the folded sources joined by a digit, with ñ written after every other n."""
        parts = [str(getattr(model_instance, source, "") or "") for source in self.sources]
        spelled = " ".join(filter(None, parts))
        marked = unicodedata.normalize("NFC", spelled.casefold()).replace("ñ", "nzz")
        key = fold(marked).replace(" ", "0")
        setattr(model_instance, self.attname, key)
        return key


class PersonQuerySet(Searchable["Person"]):
    """Sets of people."""

    def members(self) -> Self:
        """People admitted to the Red whose membership is active."""
        return self.filter(member__state="activa")

    def known(self) -> Self:
        """People the Instituto may read about: not those who only have an unsent solicitud.

        Nor those whose data are blocked: they wait to be anonymised, and serve nothing else.
        """
        only_drafts = Q(applications__isnull=False, member__isnull=True) & ~Q(
            pk__in=self.model.objects.filter(applications__folio__isnull=False).values("pk")
        )
        unsent = self.model.objects.filter(only_drafts).values("pk")
        return self.exclude(pk__in=unsent).filter(blocked_at__isnull=True)

    def blocked(self) -> Self:
        """People whose data were cancelled and not yet anonymised."""
        return self.filter(blocked_at__isnull=False, anonymised_at__isnull=True)

    def search_names(self, typed: str) -> Self:
        """People whose name holds every typed word; nothing else of theirs is looked at."""
        found = self
        for word in fold(typed[:200]).split():
            found = found.filter(name_key__contains=word)
        return found

    def listed(self) -> Self:
        """Active integrantes who asked to appear in the directory and are not hidden for safety."""
        return self.members().filter(show_in_directory=True, hidden=False)

    def at_level(self, level: str, *, everybody: bool = False) -> Self:
        """Who has that nivel now and lets other integrantes know it; ``everybody`` is for the personnel."""
        found = self.filter(assignments__end__isnull=True, assignments__level=level)
        return found if everybody else found.filter(show_level=True)

    def interested_in(self, area: ContentArea, *, everybody: bool = False) -> Self:
        """Whom the área interests and who lets other integrantes know it; ``everybody`` is for the personnel."""
        found = self.filter(interests=area)
        return found if everybody else found.filter(show_interests=True)

    def with_public_contact(self) -> Self:
        """Listed people who let anybody see at least one contact datum."""
        public = Person.Visibility.PUBLIC
        return self.listed().filter(
            (Q(show_email=public) & ~Q(institutional_email=""))
            | (Q(show_phone=public) & ~Q(office_phone=""))
        )


class Person(models.Model):
    """Someone the portal knows by name; the same row through every solicitud, baja and reingreso."""

    class Visibility(models.TextChoices):
        """Who sees a datum of hers."""

        NOBODY = "nadie", "Nadie"
        MEMBERS = "integrantes", "Integrantes de la Red"
        PUBLIC = "publico", "Cualquier persona"

    class Treatment(models.TextChoices):
        """How she wishes to be addressed on paper."""

        LIC = "Lic.", "Lic."
        MTRA = "Mtra.", "Mtra."
        DRA = "Dra.", "Dra."
        ING = "Ing.", "Ing."
        ARQ = "Arq.", "Arq."

    class Schooling(models.TextChoices):
        """Last degree, for statistics."""

        BASIC = "basica", "Educación básica"
        HIGH_SCHOOL = "bachillerato", "Bachillerato o carrera técnica"
        DEGREE = "licenciatura", "Licenciatura"
        SPECIALTY = "especialidad", "Especialidad"
        MASTER = "maestria", "Maestría"
        DOCTORATE = "doctorado", "Doctorado"

    class Gender(models.TextChoices):
        """For aggregate statistics only."""

        WOMAN = "mujer", "Mujer"
        MAN = "hombre", "Hombre"
        NON_BINARY = "no_binaria", "Persona no binaria"
        OTHER = "otra", "Otra"
        UNSAID = "sin_respuesta", "Prefiero no decir"

    class AgeRange(models.TextChoices):
        """A range, never the date of birth."""

        UNDER_30 = "18_29", "18 a 29 años"
        THIRTIES = "30_39", "30 a 39 años"
        FORTIES = "40_49", "40 a 49 años"
        FIFTIES = "50_59", "50 a 59 años"
        SIXTY_PLUS = "60_mas", "60 años o más"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name="cuenta",
    )
    given_names = models.CharField("nombre(s)", max_length=100, validators=[validate_plain])
    first_surname = models.CharField("primer apellido", max_length=100, validators=[validate_plain])
    second_surname = models.CharField(
        "segundo apellido", max_length=100, blank=True, validators=[validate_plain]
    )
    certificate_name = models.CharField(
        "nombre para la constancia",
        max_length=120,
        blank=True,
        validators=[validate_plain],
        help_text="Tal como debe imprimirse. Si lo deja vacío se compone de los anteriores.",
    )
    treatment = models.CharField("trato", max_length=10, choices=Treatment, blank=True)
    institutional_email = LowercaseEmailField("correo institucional", blank=True)
    alternate_email = LowercaseEmailField("correo alterno", blank=True)
    office_phone = models.CharField(
        "teléfono de oficina", max_length=10, blank=True, validators=[ten_digits]
    )
    extension = models.CharField(
        "extensión",
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^\d{1,6}$", "Escriba de 1 a 6 dígitos.")],
    )
    mobile = models.CharField(
        "teléfono celular", max_length=10, blank=True, validators=[ten_digits]
    )
    employee_number = models.CharField("número de empleada", max_length=20, blank=True)
    prior_training = models.TextField("formación previa en género", max_length=2000, blank=True)
    schooling = models.CharField(
        "último grado de estudios", max_length=20, choices=Schooling, blank=True
    )
    gender = models.CharField("género", max_length=20, choices=Gender, blank=True)
    gender_text = models.CharField("género (con sus palabras)", max_length=60, blank=True)
    age_range = models.CharField("rango de edad", max_length=10, choices=AgeRange, blank=True)
    interests = models.ManyToManyField(
        ContentArea, blank=True, related_name="+", verbose_name="temas de interés"
    )
    show_email = models.CharField(
        "quién ve su correo institucional",
        max_length=12,
        choices=Visibility,
        default=Visibility.NOBODY,
    )
    show_phone = models.CharField(
        "quién ve su teléfono de oficina",
        max_length=12,
        choices=Visibility,
        default=Visibility.NOBODY,
    )
    show_in_directory = models.BooleanField("aparece en el directorio", default=False)
    show_level = models.BooleanField("otras integrantes ven su nivel", default=False)
    show_interests = models.BooleanField(
        "otras integrantes ven sus temas de interés", default=False
    )
    guides_in = models.ManyToManyField(
        ContentArea, blank=True, related_name="+", verbose_name="puede orientar en"
    )
    """What she offers to other integrantes; nobody asks it of her to be admitted."""
    accepts_contact = models.BooleanField("recibe solicitudes de contacto", default=True)
    contact_key = models.UUIDField("clave de contacto", unique=True, default=uuid4, editable=False)
    hidden = models.BooleanField(
        "oculta por seguridad",
        default=False,
        help_text="Por su trabajo no debe aparecer en ninguna lista que vean otras integrantes.",
    )
    created_at = models.DateTimeField("alta", default=timezone.now, editable=False)
    blocked_at = models.DateTimeField("datos bloqueados", null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField("anonimizada", null=True, blank=True, editable=False)
    search_key = FoldedField(sources=("full_name", "employee_number", "institutional_email"))
    name_key = FoldedField(sources=("full_name",))
    sort_name = SortField(sources=("first_surname", "second_surname", "given_names"))

    history = HistoricalRecords(
        excluded_fields=["search_key", "name_key", "sort_name", "contact_key"]
    )
    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "persona"
        verbose_name_plural = "personas"
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Names and surnames in the order they are said."""
        parts = (self.given_names, self.first_surname, self.second_surname)
        return " ".join(filter(None, parts))

    @property
    def mobile_text(self) -> str:
        """``33 1234 5678``."""
        return format_phone(self.mobile)

    @property
    def sorted_name(self) -> str:
        """Surnames first, as a list orders them."""
        surnames = " ".join(filter(None, (self.first_surname, self.second_surname)))
        return ", ".join(filter(None, (surnames, self.given_names)))

    @property
    def email_for_members(self) -> str:
        """The institutional mail if other integrantes may see it, else nothing."""
        return "" if self.show_email == self.Visibility.NOBODY else self.institutional_email

    @property
    def phone_for_members(self) -> str:
        """The office telephone if other integrantes may see it, else nothing."""
        return "" if self.show_phone == self.Visibility.NOBODY else self.office_phone_text

    @property
    def email_for_anyone(self) -> str:
        """The institutional mail if anybody may see it, else nothing."""
        return self.institutional_email if self.show_email == self.Visibility.PUBLIC else ""

    @property
    def phone_for_anyone(self) -> str:
        """The office telephone if anybody may see it, else nothing."""
        return self.office_phone_text if self.show_phone == self.Visibility.PUBLIC else ""

    @property
    def printed_name(self) -> str:
        """The name as a constancia prints it."""
        return self.certificate_name or self.full_name

    @property
    def address(self) -> str:
        """Where mail reaches her: her account's address, else the institutional one."""
        return self.user.email if self.user else self.institutional_email

    @property
    def office_phone_text(self) -> str:
        """``33 1234 5678 ext. 12``."""
        phone = format_phone(self.office_phone)
        return f"{phone} ext. {self.extension}" if phone and self.extension else phone
