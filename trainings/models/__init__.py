"""Rows of the trainings app."""

from trainings.models.approval import Approval, ApprovalLink
from trainings.models.arrival import WalkIn
from trainings.models.attendance import Attendance, MarkReceipt
from trainings.models.bundle import Bundle
from trainings.models.certificate import Certificate, IssueBatch, IssueItem
from trainings.models.course import Course, Instructor, Mode
from trainings.models.design import Design
from trainings.models.edition import Edition
from trainings.models.enrollment import Enrollment, Places, Waiver
from trainings.models.feed import CalendarFeed
from trainings.models.fill import FillRun, FillSkip
from trainings.models.group_message import GroupMessage
from trainings.models.module import Module
from trainings.models.nomination import Nomination
from trainings.models.notice import EditionNotice, Reminder
from trainings.models.paper import AttendancePaper
from trainings.models.past import PastCertificate
from trainings.models.session import Session
from trainings.models.signatory import Signatory
from trainings.models.survey import (
    Question,
    QuestionSet,
    SurveyClosing,
    SurveyMark,
    SurveyResponse,
)

__all__ = [
    "Approval",
    "ApprovalLink",
    "Attendance",
    "AttendancePaper",
    "Bundle",
    "CalendarFeed",
    "Certificate",
    "Course",
    "Design",
    "Edition",
    "EditionNotice",
    "Enrollment",
    "FillRun",
    "FillSkip",
    "GroupMessage",
    "Instructor",
    "IssueBatch",
    "IssueItem",
    "MarkReceipt",
    "Mode",
    "Module",
    "Nomination",
    "PastCertificate",
    "Places",
    "Question",
    "QuestionSet",
    "Reminder",
    "Session",
    "Signatory",
    "SurveyClosing",
    "SurveyMark",
    "SurveyResponse",
    "Waiver",
    "WalkIn",
]
