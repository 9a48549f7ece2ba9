"""Words that ask to publish figures: *công bố tháng 6*, *công bố số liệu quý 2*."""

from __future__ import annotations

import re

from domain.fold import fold

ASKED = re.compile(r"^(xin |cho |hay )?(toi |em |minh )?cong bo( lai)?\b")


def asks_publishing(text: str) -> bool:
    """Whether figures are to be published: the words begin with it."""
    return ASKED.search(fold(text).strip()) is not None
