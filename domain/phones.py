"""Phone numbers as people type them, in one way of writing."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

REGION = "VN"
CALLED = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
    }
)


def phone_of(said: str) -> str | None:
    """A number that can be called, as `+84912345678`; None for anything else."""
    try:
        found = phonenumbers.parse(said, REGION)
    except NumberParseException:
        return None
    if found.extension or not phonenumbers.is_valid_number(found):
        return None
    if phonenumbers.number_type(found) not in CALLED:
        return None
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def phone_shown(phone: str) -> str:
    """`0912 345 678`; a number of another country with its `+`. What is no number stays as it is."""
    try:
        found = phonenumbers.parse(phone, REGION)
    except NumberParseException:
        return phone
    home = found.country_code == phonenumbers.country_code_for_region(REGION)
    kind = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(found, kind)
