"""Rows of the trainings app."""

from trainings.models.attendance import Attendance
from trainings.models.certificate import Certificate, IssueBatch, IssueItem
from trainings.models.course import Course, Instructor, Mode
from trainings.models.edition import Edition, Session
from trainings.models.enrollment import Enrollment, FillRun, FillSkip, Places
from trainings.models.module import Module
from trainings.models.signatory import Signatory

__all__ = [
    "Attendance",
    "Certificate",
    "Course",
    "Edition",
    "Enrollment",
    "FillRun",
    "FillSkip",
    "Instructor",
    "IssueBatch",
    "IssueItem",
    "Mode",
    "Module",
    "Places",
    "Session",
    "Signatory",
]
