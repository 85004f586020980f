"""Levels of responsibility and kinds of appointment, as the solicitud asks them."""

from django.db import models


class Level(models.TextChoices):
    """Nivel de responsabilidad."""

    OPERATIVE = "operativo", "Operativo"
    ADMINISTRATIVE = "enlace_administrativo", "Enlace administrativo"
    HEAD = "jefatura", "Jefatura"
    COORDINATION = "coordinacion", "Coordinación o subdirección"
    DIRECTION = "direccion", "Dirección"
    TOP = "titular", "Coordinación general o titular"


MIDDLE_OR_UPPER = (Level.HEAD, Level.COORDINATION, Level.DIRECTION, Level.TOP)


class Appointment(models.TextChoices):
    """Tipo de nombramiento."""

    BASE = "base", "Base"
    TRUST = "confianza", "Confianza"
    SUPERNUMERARY = "supernumerario", "Supernumerario"
    FEES = "honorarios", "Honorarios"
    ELECTED = "eleccion", "Elección popular"
    OTHER = "otro", "Otro"
