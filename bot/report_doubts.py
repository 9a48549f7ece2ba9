"""The questions about doubtful lines, for who sends a file or uses the API: in English, like every error."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.report_files import Wrong
from domain.report_checks import Doubt, DoubtKind

QUESTIONS: Mapping[DoubtKind, str] = MappingProxyType(
    {
        "fall": "{value} is less than the {other} reported before",
        "tenfold": "{value} is ten times the {other} reported before, or more",
        "tenth": "{value} is a tenth of the {other} reported before, or less",
        "no_transactions": "{value} dong without any transaction reported ({other}) for these days",
        "ratio": "{value} and {other} for the same days give less than 1,000 or more than "
        "100,000,000 dong a transaction",
        "counted_twice": "{value} is about what the assistant counts itself, {other}; "
        "both are added up",
        "parts": "{value} beside {other}, once by platform and once not; both are added up",
        "places": "{value} beside {other}, once of the whole country and once of provinces; "
        "both are added up",
        "listed": "{value} is less than the {other} news items listed one by one",
    }
)
CONFIRM = "; if that is right, say so with confirmed = yes in the line"


def asked(line: int, doubt: Doubt) -> Wrong:
    """The question about the value of one line, with both numbers and how it is answered."""
    question = QUESTIONS[doubt.kind].format(value=doubt.value, other=doubt.other)
    return Wrong(line, "value", question + CONFIRM, asked=True)
