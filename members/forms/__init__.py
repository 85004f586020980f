"""Forms of the members app."""

from members.forms.application import (
    AnswerForm,
    ConsentForm,
    DepartmentForm,
    PersonForm,
    PositionForm,
    StatisticsForm,
    WorkForm,
)
from members.forms.directory import DepartmentSearchForm, MemberFilterForm, VisibilityForm
from members.forms.fields import DraftModelForm

__all__ = [
    "AnswerForm",
    "ConsentForm",
    "DepartmentForm",
    "DepartmentSearchForm",
    "DraftModelForm",
    "MemberFilterForm",
    "PersonForm",
    "PositionForm",
    "StatisticsForm",
    "VisibilityForm",
    "WorkForm",
]
