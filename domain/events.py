"""Every fact the product keeps, in the past tense; a correction is a new fact that carries what it undoes.

No event holds a name, a phone number or free text of a person: those stand in tables that can be erased.
What they are made of stands in `domain.facts`. A family of events has its own file and its own union
(`domain.order_events`, `domain.role_events`), which `Event` takes in with one line.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from domain.assisted_events import AssistedEvent
from domain.broadcast_events import BroadcastEvent
from domain.check_events import CheckEvent
from domain.decision_468 import ProvinceStatusReported
from domain.digital_address_events import DigitalAddressEvent
from domain.export_events import HouseholdsExported
from domain.facts import (
    Evidence,
    Fact,
    Group,
    Platform,
    Purpose,
    SaleFigures,
    SaleItem,
    Standing,
    Vnd,
)
from domain.help_events import HelpEvent
from domain.link_events import LinkEvent
from domain.order_events import (
    Held,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderEvent,
    OrderExpired,
    OrderMatched,
    OrderPacked,
    OrderPaid,
    OrderPlaced,
    OrderPutOff,
    OrderReturned,
    OrderShipped,
)
from domain.product_events import (
    ProductChanged,
    ProductEvent,
    ProductListed,
    ProductPhotoAdded,
    ProductWithdrawn,
)
from domain.publication_events import PublicationEvent
from domain.report_events import ReportEvent
from domain.role_events import RoleEvent, RoleGiven, RoleWithdrawn
from domain.summary_events import SummariesChosen
from domain.support_events import SupportEvent
from domain.training_events import TrainingEvent

# What others take from here beside the events.
__all__ = [
    "Evidence",
    "Fact",
    "Group",
    "Held",
    "OrderCancelled",
    "OrderCompleted",
    "OrderConfirmed",
    "OrderExpired",
    "OrderMatched",
    "OrderPacked",
    "OrderPaid",
    "OrderPlaced",
    "OrderPutOff",
    "OrderReturned",
    "OrderShipped",
    "Platform",
    "ProductChanged",
    "ProductListed",
    "ProductPhotoAdded",
    "ProductWithdrawn",
    "Purpose",
    "RoleGiven",
    "RoleWithdrawn",
    "SaleFigures",
    "SaleItem",
]


class ContactStarted(Fact):
    type: Literal["contact_started"] = "contact_started"


class ConsentGiven(Fact):
    type: Literal["consent_given"] = "consent_given"
    purpose: Purpose
    version: int
    scope: str | None = None
    paper: UUID | None = None  # the photo of what was signed


class ConsentRefused(Fact):
    type: Literal["consent_refused"] = "consent_refused"
    purpose: Purpose
    version: int


class ConsentWithdrawn(Fact):
    type: Literal["consent_withdrawn"] = "consent_withdrawn"
    purpose: Purpose
    version: int


class AddressChosen(Fact):
    """How the person wants to be spoken to (`you`) and what they call the assistant (`me`)."""

    type: Literal["address_chosen"] = "address_chosen"
    you: str | None = None
    me: str | None = None


class HouseholdRegistered(Fact):
    type: Literal["household_registered"] = "household_registered"
    code: str


class MemberJoined(Fact):
    type: Literal["member_joined"] = "member_joined"


class HouseholdMoved(Fact):
    """The household's address from this day on; `province` and `commune` are the new ones.

    What is `standing` goes with it; what it sold stays where it was.
    """

    type: Literal["household_moved"] = "household_moved"
    from_province: str | None = None
    from_commune: str | None = None
    standing: tuple[Standing, ...] = ()


class ShopLinked(Fact):
    """A platform's shop is this household's; `shop` is its reference (`domain.codes.shop_reference`)."""

    type: Literal["shop_linked"] = "shop_linked"
    platform: Platform
    shop: str


class NightNewsChosen(Fact):
    """Whether news of orders may come at night, too."""

    type: Literal["night_news_chosen"] = "night_news_chosen"
    wanted: bool


class SaleLogged(Fact):
    """One sale of one or several products: one receipt code, one transaction."""

    type: Literal["sale_logged"] = "sale_logged"
    code: str
    items: tuple[SaleItem, ...]
    total_vnd: Vnd
    buyer: str | None = None
    date: dt.date
    platform: Platform
    evidence: Evidence = "said"


class SaleCorrected(Fact):
    """The whole entry as it is now, and `before`: the figures that it replaces."""

    type: Literal["sale_corrected"] = "sale_corrected"
    code: str
    items: tuple[SaleItem, ...]
    total_vnd: Vnd
    buyer: str | None = None
    date: dt.date
    platform: Platform
    evidence: Evidence = "said"
    before: SaleFigures


class SaleWithdrawn(Fact):
    """An entry struck out; `total_vnd` is negative, in the period in which the sale happened."""

    type: Literal["sale_withdrawn"] = "sale_withdrawn"
    code: str
    undoes: Literal["sale_logged", "order_completed"] = "sale_logged"
    total_vnd: Annotated[int, Field(le=0)]
    date: dt.date
    platform: Platform
    evidence: Evidence


class SaleRestored(Fact):
    type: Literal["sale_restored"] = "sale_restored"
    code: str
    total_vnd: Vnd
    date: dt.date
    platform: Platform
    evidence: Evidence


class ReportReceived(Fact):
    """One reported figure. `replaces` is the earlier one of the same province, platform and period.

    For a stock, `previous` is the latest stock reported for an earlier period, and `next_month` the month
    of the next report after this one, if it came earlier: that is what keeps the roll-up additive.
    `adds`: it is one more than what stood, for a news item; `submission` is with what it was sent in.
    """

    type: Literal["report_received"] = "report_received"
    indicator: str
    platform: Literal["voso", "postmart"] | None = None
    period_from: dt.date
    period_to: dt.date
    value: int
    replaces: int | None = None
    previous: int = 0
    next_month: str | None = None
    reporter: str | None = None
    note: str | None = None
    submission: UUID | None = None
    adds: bool = False


class PersonalDataCopied(Fact):
    type: Literal["personal_data_copied"] = "personal_data_copied"


class PersonalDataErased(Fact):
    type: Literal["personal_data_erased"] = "personal_data_erased"


Event = Annotated[
    ContactStarted
    | ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | AddressChosen
    | HouseholdRegistered
    | MemberJoined
    | HouseholdMoved
    | ShopLinked
    | NightNewsChosen
    | ProductEvent
    | OrderEvent
    | SaleLogged
    | SaleCorrected
    | SaleWithdrawn
    | SaleRestored
    | ReportReceived
    | ReportEvent
    | PersonalDataCopied
    | PersonalDataErased
    | RoleEvent
    | LinkEvent
    | AssistedEvent
    | HouseholdsExported
    | BroadcastEvent
    | CheckEvent
    | TrainingEvent
    | DigitalAddressEvent
    | HelpEvent
    | SummariesChosen
    | SupportEvent
    | ProvinceStatusReported
    | PublicationEvent,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
