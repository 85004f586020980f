"""The words that describe a library entry; each value is stored as it is written here."""

from django.db import models


class State(models.TextChoices):
    """Whether it can be read."""

    DRAFT = "borrador", "Borrador"
    PUBLISHED = "publicado", "Publicado"
    WITHDRAWN = "retirado", "Retirado"


class Kind(models.TextChoices):
    """What it is."""

    NORM = "norma", "Norma o instrumento"
    LAW = "ley", "Ley"
    BYLAW = "reglamento", "Reglamento"
    PROTOCOL = "protocolo", "Protocolo"
    SITE = "portal", "Portal"
    CONTACTS = "directorio", "Directorio"
    REPORT = "informe", "Informe"
    GUIDE = "guia", "Guía"


class Scope(models.TextChoices):
    """Ámbito."""

    INTERNATIONAL = "internacional", "Internacional"
    FEDERAL = "federal", "Federal"
    STATE = "estatal", "Estatal"
    MUNICIPAL = "municipal", "Municipal"


class Force(models.TextChoices):
    """Vigencia."""

    IN_FORCE = "vigente", "Vigente"
    REFORMED = "reformado", "Vigente, reformado"
    REPEALED = "abrogado", "Abrogado"
    HISTORIC = "historico", "Histórico"
    UNKNOWN = "por_confirmar", "Vigencia por confirmar"


class Binds(models.TextChoices):
    """¿Obliga al municipio?"""

    YES = "si", "Sí"
    NO = "no", "No, es referencia"
    UNKNOWN = "por_confirmar", "Por confirmar"


class Audience(models.TextChoices):
    """Who may read the page and the file."""

    OPEN = "abierta", "Cualquier persona"
    MEMBERS = "integrantes", "Integrantes de la Red"
    LIAISONS = "enlaces", "Enlaces de género"


class Precision(models.TextChoices):
    """How much of the publication date is known."""

    DAY = "dia", "Día"
    MONTH = "mes", "Solo mes y año"
    YEAR = "anio", "Solo el año"


class Verification(models.TextChoices):
    """How sure the Instituto is of what the entry says."""

    CHECKED = "verificado", "Verificado por el Instituto"
    SOURCE = "fuente localizada", "Fuente localizada"
    GENERAL = "conocimiento general", "Conocimiento general"
    PENDING = "por confirmar", "Por confirmar"
