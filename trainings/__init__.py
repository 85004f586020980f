"""Courses, seats, attendance and certificates."""
