"""What a handler may ask the store for in a turn; the runner answers in the same transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from bot.dialogue.address_queries import AddressAnswer, AddressQuery
from bot.dialogue.broadcast_queries import BroadcastAnswer, BroadcastQuery
from bot.dialogue.check_queries import CheckAnswer, CheckQuery
from bot.dialogue.course_queries import CourseAnswer, CourseQuery
from bot.dialogue.help_queries import HelpAnswer, HelpQuery
from bot.dialogue.helped_queries import Book, HelpedQuery
from bot.dialogue.link_queries import LinkAnswer, LinkQuery
from bot.dialogue.potential_queries import MostPromising, PromisingHousehold
from bot.dialogue.publishing_queries import PublishingAnswer, PublishingQuery
from bot.dialogue.report_queries import ReportAnswer, ReportQuery
from bot.dialogue.summary_queries import SummaryAnswer, SummaryQuery
from bot.dialogue.worker_queries import WorkerAnswer, WorkerQuery
from domain.banks import BankAccount
from domain.events import Platform
from domain.facts import Standing
from domain.household import Entry, Order
from domain.receipt import Receipt
from domain.roles import Role


@dataclass(frozen=True, slots=True)
class EntryByCode:
    """One ledger entry by receipt code, by card token, or by the message that made it -> Entry | None."""

    code: str | None = None
    draft: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class OrderByNumber:
    """One order of this household, open or closed -> Order | None."""

    number: str
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class OrdersNumbered:
    """The newest orders of this household whose number ends with what was said -> tuple[Order, ...]."""

    said: str


@dataclass(frozen=True, slots=True)
class OrdersInDoubt:
    """Completed orders that may be a sale logged before, the oldest first -> tuple[DoubtfulOrder, ...]."""


@dataclass(frozen=True, slots=True)
class DoubtfulOrder:
    """An order, and the standing sales that it may be."""

    order: Order
    sales: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RemindersLeft:
    """How often the household may still be reminded of an order -> int."""

    platform: Platform
    number: str


@dataclass(frozen=True, slots=True)
class NextOrderNumber:
    """A new number of an order that the household itself was told of, handed out once -> str."""


@dataclass(frozen=True, slots=True)
class NextHouseholdCode:
    """A new household code of a province, handed out once -> str."""

    prefix: str


@dataclass(frozen=True, slots=True)
class LedgerSums:
    """The household's own sums within two days, both included -> LedgerTotals."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class ProductSum:
    """One product's part of a period; `quantity` is null when units differ or were not said."""

    product: str
    sales: int
    total_vnd: int
    quantity: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Sums of standing entries: by product (largest first) and by month (YYYY-MM, in order) or day."""

    total_vnd: int = 0
    sales: int = 0
    products: tuple[ProductSum, ...] = ()
    by_month: tuple[tuple[str, int], ...] = ()
    by_day: tuple[tuple[dt.date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ShopOrders:
    """Orders that a platform sent for a shop, by its reference, before it was linked -> tuple[Order, ...]."""

    platform: Platform
    shop: str


@dataclass(frozen=True, slots=True)
class ShopOwner:
    """The household that a platform's shop is linked to, by the shop's reference -> UUID | None."""

    platform: Platform
    shop: str


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """What stands of the household and counts where it lives -> tuple[Standing, ...]."""


@dataclass(frozen=True, slots=True)
class CopyToken:
    """A one-time address of a copy of everything stored, open for 24 hours -> str (the path)."""


@dataclass(frozen=True, slots=True)
class OwnBankAccount:
    """Where this household wants its money -> BankAccount | None."""


@dataclass(frozen=True, slots=True)
class ReceiptLink:
    """A new address of the receipt of one ledger entry, for its buyer -> OpenReceipt | None."""

    code: str


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """A receipt and the path at which whoever has it sees it."""

    path: str
    receipt: Receipt


InvitationState = Literal["open", "used", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class InvitationBehind:
    """What a one-time word offers; nobody else can take it in this turn -> Invitation | None."""

    word: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role that is offered, by whom (None: the command line), and who has taken it."""

    hash: str
    role: Role
    state: InvitationState
    by: UUID | None = None
    taken_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A one-time address that gives somebody else this role -> str (the path)."""

    role: Role


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A one-time address, open for ten minutes, of this person's pages -> str (the path)."""


@dataclass(frozen=True, slots=True)
class HasWorker:
    """Whether somebody looks after the households of this commune -> bool."""

    commune: str
    province: str


Query = (
    EntryByCode
    | OrderByNumber
    | OrdersNumbered
    | OrdersInDoubt
    | RemindersLeft
    | NextOrderNumber
    | NextHouseholdCode
    | LedgerSums
    | ShopOrders
    | ShopOwner
    | OwnStanding
    | CopyToken
    | OwnBankAccount
    | ReceiptLink
    | InvitationBehind
    | NewInvitation
    | SignInLink
    | HasWorker
    | LinkQuery
    | HelpedQuery
    | BroadcastQuery
    | CourseQuery
    | CheckQuery
    | HelpQuery
    | WorkerQuery
    | MostPromising
    | AddressQuery
    | SummaryQuery
    | PublishingQuery
    | ReportQuery
)
QueryAnswer = (
    BankAccount
    | AddressAnswer
    | OpenReceipt
    | Invitation
    | LinkAnswer
    | Book
    | BroadcastAnswer
    | CourseAnswer
    | CheckAnswer
    | HelpAnswer
    | WorkerAnswer
    | SummaryAnswer
    | PublishingAnswer
    | ReportAnswer
    | tuple[PromisingHousehold, ...]
    | Entry
    | Order
    | str
    | int
    | UUID
    | LedgerTotals
    | tuple[Order, ...]
    | tuple[DoubtfulOrder, ...]
    | tuple[Standing, ...]
    | None
)


class Unanswered(Exception):
    """A handler needs the answer to this query before it can go on; the runner answers and asks again."""

    def __init__(self, query: Query) -> None:
        super().__init__(repr(query))
        self.query = query
