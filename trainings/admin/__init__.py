"""The training desk: catalogue, ediciones, inscripciones, constancias."""

from trainings.admin.attendance import AttendanceAdmin
from trainings.admin.certificate import CertificateAdmin
from trainings.admin.course import CourseAdmin, InstructorAdmin
from trainings.admin.design import DesignAdmin
from trainings.admin.edition import EditionAdmin
from trainings.admin.enrollment import EnrollmentAdmin, FillRunAdmin
from trainings.admin.signatory import SignatoryAdmin
from trainings.admin.survey import QuestionSetAdmin

__all__ = [
    "AttendanceAdmin",
    "CertificateAdmin",
    "CourseAdmin",
    "DesignAdmin",
    "EditionAdmin",
    "EnrollmentAdmin",
    "FillRunAdmin",
    "InstructorAdmin",
    "QuestionSetAdmin",
    "SignatoryAdmin",
]
