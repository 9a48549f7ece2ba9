"""Sales put together from the lexicon, said in many ways: read right or asked, never saved with other money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.lexicon import packaged
from bot.language.spell import say_number
from bot.language.understand import understand
from bot.language.vocabulary import units
from domain.fold import fold

TODAY = date(2026, 11, 21)
COUNTED = ("weight", "volume", "piece", "pack", "pair", "dozen")
SPELLINGS = {"kg": ["kg", "ký", "cân", "kí"], "quả": ["quả", "trái"], "cái": ["cái", "chiếc"]}
BUYERS = [
    "chị Lan",
    "anh Hùng",
    "cô Ba",
    "chú Sáu",
    "bác Tư",
    "dì Út",
    "anh Năm",
    "bà Bảy",
    "ông Tám",
    "vựa Hai Lành",
    "quán Hương",
    "tạp hóa Thu",
]
SOLD = [
    (p, row)
    for p in packaged()
    for row in p.prices
    if row[0] in units() and units()[row[0]].family in COUNTED
]


@dataclass
class Sale:
    text: str
    total: int


def _step(high: int) -> int:
    return (
        500
        if high < 50_000
        else 1000
        if high < 300_000
        else 10_000
        if high < 2_000_000
        else 100_000
    )


def _written(price: int) -> str:
    return f"{price // 1000}k" if price % 1000 == 0 else f"{price:,}đ".replace(",", ".")


@st.composite
def sales(draw):
    product, (unit, low, high) = draw(st.sampled_from(SOLD))
    step = _step(high)
    price = max(step, draw(st.integers(low, high)) // step * step)
    quantity = draw(st.sampled_from([2, 3, 5, 7, 12, 15, 20, 25, 34, 40, 55, 105, 120, 250]))
    voice, southern = draw(st.booleans()), draw(st.booleans())
    count = say_number(quantity, southern) if voice else str(quantity)
    sum_ = say_number(price, southern) if voice else _written(price)
    said = draw(st.sampled_from(SPELLINGS.get(unit, [unit])))
    buyer = draw(st.sampled_from(BUYERS))
    order = draw(
        st.sampled_from(
            [
                "bán {q} {u} {p} {s} một {u} cho {b}",
                "bán cho {b} {q} {u} {p} {s} một {u}",
                "hôm qua bán {q} {u} {p} cho {b} giá {s} một {u}",
                "{b} lấy {q} {u} {p} {s} 1 {u}",
                "vừa bán {q} {u} {p}, {s} một {u}",
                "bán {p} {q} {u} {s} một {u}",
            ]
        )
    )
    text = order.format(q=count, u=said, p=product.name, s=sum_, b=buyer)
    return Sale(fold(text) if draw(st.booleans()) else text, quantity * price)


@settings(max_examples=800, derandomize=True, deadline=None)
@given(sales())
def test_a_sale_said_in_any_way_is_right_or_asked(sale):
    understood = understand(sale.text, TODAY)
    ready = understood.intent == "log_sale" and not understood.ask
    assert not ready or [i.total_vnd for i in understood.items] == [sale.total], sale.text


def test_most_are_not_asked():
    shares: list[bool] = []

    @settings(max_examples=300, derandomize=True, deadline=None, database=None)
    @given(sales())
    def count(sale):
        understood = understand(sale.text, TODAY)
        shares.append(understood.intent == "log_sale" and not understood.ask)

    count()
    assert sum(shares) / len(shares) > 0.93
