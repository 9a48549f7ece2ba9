"""What happens to the machines through which a person talks to us. No address stands in an event."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.facts import Fact


class LinkCodeGiven(Fact):
    """A code that joins another machine to `person`; on paper it comes from a worker."""

    type: Literal["link_code_given"] = "link_code_given"
    paper: bool = False


class ChannelJoined(Fact):
    """A machine talks for `person` from now on; `link` is the hash of the code.

    `before` is who it talked for until then: a contact who had neither book nor role.
    """

    type: Literal["channel_joined"] = "channel_joined"
    joined: str
    link: str
    before: UUID | None = None


class ChannelLeft(Fact):
    """A machine talks for `person` no longer; `ref` is derived from its address."""

    type: Literal["channel_left"] = "channel_left"
    left: str
    ref: str
    lost: bool = False


class ChannelChosen(Fact):
    """News come to the machine from which this was said."""

    type: Literal["channel_chosen"] = "channel_chosen"


LinkEvent = LinkCodeGiven | ChannelJoined | ChannelLeft | ChannelChosen
