"""The training desk: catalogue, ediciones, inscripciones, constancias."""

from trainings.admin.course import CourseAdmin, InstructorAdmin
from trainings.admin.edition import EditionAdmin
from trainings.admin.enrollment import EnrollmentAdmin, FillRunAdmin

__all__ = ["CourseAdmin", "EditionAdmin", "EnrollmentAdmin", "FillRunAdmin", "InstructorAdmin"]
