"""The courses in which an entry is studied, by their key: Formación stands above the library and is not imported here."""

from django.db import models

from resources.models.resource import Resource


class RelatedCourse(models.Model):
    """One course to which the page of an entry leads."""

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="related_courses", verbose_name="recurso"
    )
    course_key = models.SlugField("curso", max_length=20)

    class Meta:
        verbose_name = "curso relacionado"
        verbose_name_plural = "cursos relacionados"
        ordering = ["course_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "course_key"],
                name="related_course_once",
                violation_error_message="Ese curso ya está relacionado.",
            )
        ]

    def __str__(self) -> str:
        return self.course_key
