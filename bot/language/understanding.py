"""What the language layer hands to everybody else: frozen values, money in whole đồng.

An empty `ask` means that the card can be shown. `None` means "not said", never "zero".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from bot.language.values import value_class

INTENTS = (
    "log_sale",
    "list_product",
    "check_orders",
    "confirm_order",
    "cancel_order",
    "stats",
    "help",
    "correct_last",
    "register",
    "training",
    "greeting",
    "other",
)

# The slots that can stand in `ask`, in the order in which they are asked.
ASKABLE = (
    "name_or_number",
    "product",
    "quantity",
    "unit",
    "dozen",
    "sum_scale",
    "unit_or_total",
    "unit_price_vnd",
    "total_vnd",
    "sum_mismatch",
    "money_guard",
    "date",
    "buyer",
    "order_id",
    "period",
    "returned",
    "confirm_all",
)

# `answer`: a short reply that any question of ours can get, in whatever region's words.
ANSWERS = (
    "yes",
    "no",
    "cancel",  # thôi
    "later",  # để sau
    "back",
    "skip",
    "repeat",
    "help",
    "resume",  # làm tiếp
    "human",  # gặp người, gặp cán bộ
    "save",  # lưu đi
    "edit",  # sửa
    "undo",  # gạch bỏ
    "restore",  # ghi lại
    "thanks",
)

MOODS = ("emergency", "sorrow", "anger", "outside")

# `dealing`: what was told when it is no sale of the household's own; never saved as one. But for what was
# given or denied, `ask` and `readings` are what a sale of it would be asked.
DEALINGS = {
    "plan": "will be sold: 'mai bán 2 tạ lúa'",
    "purchase": "bought or spent: 'mua 10 ký giống 45k/kg', 'trả tiền phân 2 triệu'",
    "none_sold": "a sale denied: 'chưa bán được ký nào'",
    "supposed": "if it were, or asked whether: 'nếu bán 3 tạ giá 9k'",
    "others": "somebody else's sale: 'anh Tư bán 10kg cam 30k'",
    "gift": "given away: 'biếu cô giáo 2 ký cam'",
    "deposit": "paid ahead, in `deposit_vnd`: 'lái cọc 5 triệu tiền sầu riêng'",
    "debt": "not paid yet, in `owed_vnd`: 'anh Ba còn nợ 500 ngàn'",
    "repaid": "an old debt paid, in `owed_vnd`: 'anh Ba trả nợ 500 ngàn'",
    "inquiry": "somebody asks, bargains or promises: 'khách hỏi mua 10kg cam'",
    "return": "goods or money go back (`intent` is then correct_last): 'chị Hoa trả lại 2 ký cam'",
}

# `request`: finer than the intent, for the conversation.
REQUESTS = {
    "consent": "says yes to keeping a book, away from the question: 'đồng ý'",
    "privacy.menu": "asks what is known of them: 'thông tin của tôi'",
    "privacy.copy": "wants a copy: 'gửi bản sao'",
    "privacy.withdraw": "takes consent back: 'rút đồng ý'",
    "privacy.delete": "wants to be forgotten: 'xóa hết thông tin'",
    "privacy.sure": "the two words that make it certain: 'xóa hẳn'",
    "undo_last": "strikes the last entry: 'bỏ cái vừa rồi'",
    "restore": "brings it back: 'ghi lại lần vừa gạch'",
    "orders.pending": "orders that wait for an answer",
    "orders.see": "orders in general, or one order's state",
    "order.refuse": "the household will not take the order",
    "order.shipped": "the parcel has left: 'gửi rồi'",
    "order.done": "the buyer has it: 'đơn … xong'",
    "order.packed": "the parcel is ready: 'gói xong đơn 12'",
    "order.paid": "the buyer's money is there: 'đã nhận tiền đơn 12'",
    "order.returned": "the buyer sends the goods back: 'khách trả đơn 12'",
    "order.typed": "a buyer has ordered, to be handed over later: 'chị Lan đặt 5kg cam mai lấy'",
    "orders.to_send": "orders that were taken and not sent: 'đơn nào chưa giao'",
    "orders.cancel_all": "all open orders are to be cancelled: 'hủy tất cả đơn'",
    "news.night": "wants to hear of orders at night, too: 'báo đơn cả ban đêm'",
    "news.day": "wants no news at night: 'ban đêm đừng báo'",
    "shop": "their own shop page",
    "shop.down": "takes the page down: 'gỡ trang'",
    "products.see": "their own list of goods",
    "product.hide": "takes one product down",
    "photo": "wants to add a photo",
    "form.change": "how to be addressed: 'gọi tôi là chú'",
    "name.change": "another name",
    "place.change": "another commune",
    "address.digital": "their digital address, a plus code: 'lấy địa chỉ số'",
    "address.remove": "takes it back: 'bỏ địa chỉ số'",
    "broadcast.stop": "no more general messages: 'dừng tin'",
    "weekly.stop": "no more weekly summary: 'dừng tin tuần'",
    "training.attend": "check-in: 'điểm danh'",
    "course.open": "a worker makes one: 'mở lớp'",
    "training.go": "will come: 'đi học'",
    "qr": "a payment code",
    "receipt": "a receipt to send on to a buyer: 'gửi biên lai cho khách'",
    "bill": "somebody else's bill, no matter of ours: 'hóa đơn tiền điện'",
    "bank.change": "gives or sees their bank account: 'đổi số tài khoản'",
    "bank.remove": "takes it back: 'xóa số tài khoản'",
    "debts": "who still owes",
    "export": "their book as a file",
    "sale.start": "wants to log a sale and has not said it yet",
    "listing.start": "wants to list goods and has not said which",
    "platform.link": "has or wants an account on a platform",
    "worker.day": "a worker asks what needs doing: 'việc hôm nay'",
    "checks.see": "a worker looks at what waits to be confirmed: 'cần kiểm tra'",
    "certificate.give": "a product's OCOP certificate: 'giấy chứng nhận OCOP'",
    "role.page": "the pages of workers: 'trang cán bộ'",
    "role.invite": "a worker invites another: 'mời cán bộ Lai Vung'",
    "role.invite_reader": "a worker invites somebody who only looks: 'mời người xem'",
    "worker.let": "lets workers see name and book: 'cho cán bộ xem'",
    "assisted.for": "a worker names whose book they write in: 'ghi cho hộ DT-0412'",
    "assisted.register": "a worker opens a book for a household: 'đăng ký hộ mới'",
    "assisted.code": "a code for the household's own machine, on paper: 'mã cho hộ'",
    "assisted.stop": "a worker is through with a household: 'xong hộ này'",
    "assisted.check": "what workers wrote in one's book: 'xem lần ghi giúp'",
    "link.new": "wants a code for another machine: 'nối zalo', 'đổi máy'",
    "link.leave": "a machine is to be left: 'bỏ nối'",
    "link.lost": "one was lost: 'mất máy'",
    "link.here": "news are to come to this one: 'báo ở máy này'",
    "whats_missing": "asks where we were",
}


class Item(NamedTuple):
    """One product of a sale or a listing. Quantities as said (trái→quả, ký→kg), money in đồng.

    A named tuple, because it is changed several times on its way: four times quicker than a frozen dataclass.
    """

    product: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price_vnd: int | None = None
    price_unit: str | None = None
    total_vnd: int | None = None
    second: tuple[Decimal, str] | None = None  # the count beside the weight that is priced: 5 quả
    pack: tuple[Decimal, str] | None = None  # what one pack holds: 15 kg a thùng
    stated: bool = False  # the total was said, not derived
    discount_vnd: int | None = None  # computed minus stated; negative: more was paid
    base_quantity: Decimal | None = None  # kg beside a local unit: 3 yến -> 30
    dozen: int | None = None  # pieces in one chục, when said or sure
    amount_vnd: int | None = None  # a sum whose role is still open
    quantity_range: tuple[Decimal, Decimal] | None = None  # 30-40 kg


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was doubtful: a button, and what it would mean.

    `buyer` is who bought in this reading of name_or_number, whose keys are "name" and "number".
    `value` by slot: name_or_number, unit_or_total, dozen, sum_scale, sum_mismatch, money_guard -> tuple of Items;
    product -> str; unit -> (quantity, unit); date -> date; platform -> str; quantity -> Decimal.
    `key` tells the readings of one slot apart: "each"/"all", "10"/"12", "20000"/"200000", …
    `said`: the words of a sum_scale, as typed.
    """

    slot: str
    key: str
    value: object
    item: int = 0  # which of the items the doubt is about
    buyer: str | None = None
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """Which words gave which slot, the rule that decided, and the value that came of it."""

    words: str
    slot: str
    rule: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """One product of this household, with its own past: unit, last price per unit, usual total."""

    name: str
    unit: str | None = None
    unit_price_vnd: int | None = None
    usual_total_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the household's own history tells. `province_code` is today's (34); `southern` its speech."""

    products: tuple[KnownProduct, ...] = ()
    province_code: str | None = None
    southern: bool | None = None


NOBODY = Known()


@value_class(frozen=True, slots=True)
class Understanding:
    """What one message says. Nothing may be saved while `ask` is not empty."""

    intent: str
    text: str
    items: tuple[Item, ...] = ()
    buyer: str | None = None
    date: dt.date | None = None
    lunar: bool = False  # the day was said by the lunar calendar
    platform: str | None = None
    order_id: str | None = None
    period: tuple[dt.date, dt.date] | None = None
    ask: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    action: str | None = None  # add replace remove delete return update_price unlist restore
    amount_vnd: int | None = None  # money whose role is open
    deposit_vnd: int | None = None
    owed_vnd: int | None = None
    stars: int | None = None
    reason: str | None = None  # of a cancellation: no_stock no_time buyer_refused weather other
    speaker: str | None = None  # the person's own word for themselves: "chú bán 20 ký"
    called: str | None = None  # what they call the assistant: cháu, con, em
    southern: bool | None = None  # by the last regional word of number or money
    answer: str | None = None  # one of ANSWERS
    mood: str | None = None  # one of MOODS
    request: str | None = None  # one of REQUESTS
    dealing: str | None = None  # one of DEALINGS; its items, buyer and day stand where a sale's do
    trace: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Free text read as the answer to one asked slot.

    `value` by slot: product, buyer, order_id, reason, platform, form -> str; quantity, stock -> (Decimal,
    unit or None); unit -> str; unit_price_vnd, total_vnd, sum_scale -> int; unit_or_total -> "each" or
    "all"; dozen, stars, number -> int (stars 0: none); date -> date; period -> (date, date);
    platforms -> tuple of str; name -> (name, form or None).
    """

    slot: str
    value: object
    understood: Understanding | None = None  # when the reply says more than was asked
