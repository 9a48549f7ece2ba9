"""The forms of address that a person may choose to be called by."""

from __future__ import annotations

FORMS = ("anh", "chị", "cô", "chú", "bác", "ông", "bà")
EVERYBODY = "ba con"  # the choice of none of them, as it is typed, without marks
