"""What understanding one sale costs, beside rapidfuzz and vn-numberwords alone."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import process
from vn_numberwords import words_to_number

from bot.language.lexicon import Product, packaged
from bot.language.spell import say_number
from bot.language.understand import understand
from bot.language.understanding import Known, KnownProduct
from domain.fold import fold

TODAY = date(2026, 11, 21)
SALES = 2_000
MEDIAN, P99 = 300, 1_000  # µs, at most
IMPORT, LEXICON = 0.3, 15  # seconds and MiB, under
SPOKEN, BARE, SLIP, OWN = 0.3, 0.35, 0.03, 0.8  # shares of the sentences
DAYS = ["", "", "", "hôm qua ", "sáng nay ", "chủ nhật ", "ngày 12/11 ", "thứ 5 tuần trước "]
BUYERS = ["", "", " cho chị Lan", " cho chú Sáu", " cho vựa Hai Lành", " cho quán Hương"]
FORMS = [
    "{day}bán {count} {unit} {name} giá {price}{buyer}",
    "{day}bán {count} {unit} {name} {price}/{unit}{buyer}",
    "{day}bán{buyer} {count} {unit} {name} {price} một {unit}",
    "{day}em bán {count} {unit} {name} {price}{buyer}",
    "{day}giao {count} {unit} {name}{buyer} được {total}",
    "{day}chị Hương lấy {count} {unit} {name} {price} 1 {unit}",
]
FRESH = """
import json, time, tracemalloc
began = time.process_time()
from bot.language.understand import understand
took = time.process_time() - began
from datetime import date
tracemalloc.start()
understand("bán 5kg cam 30k", date(2026, 11, 21))
print(json.dumps([took, tracemalloc.get_traced_memory()[0] / 2**20]))
"""


@dataclass(frozen=True)
class Sale:
    text: str
    price_words: str


@dataclass
class Measured:
    """µs of CPU a sentence, seconds, MiB."""

    ours: list[float]
    fuzzy: list[float]
    numbers: list[float]
    import_seconds: float
    lexicon_mib: float

    def rows(self) -> list[tuple[str, str]]:
        p99 = statistics.quantiles(self.ours, n=100)[98]
        return [
            ("understanding a sale, median (at most 300 µs)", _micro(statistics.median(self.ours))),
            ("understanding a sale, p99 (at most 1,000 µs)", _micro(p99)),
            ("rapidfuzz alone: the product, median", _micro(statistics.median(self.fuzzy))),
            ("vn-numberwords alone: the price, median", _micro(statistics.median(self.numbers))),
            ("import of the language (under 0.3 s)", f"{self.import_seconds:.2f} s"),
            ("the lexicon and tables (under 15 MiB)", f"{self.lexicon_mib:.1f} MiB"),
        ]

    @property
    def good(self) -> bool:
        """Whether the promises hold."""
        p99 = statistics.quantiles(self.ours, n=100)[98]
        quick = statistics.median(self.ours) <= MEDIAN and p99 <= P99
        return quick and self.import_seconds < IMPORT and self.lexicon_mib < LEXICON


def measure() -> Measured:
    """Fresh sentences of a household with 50 products; no sentence is read twice."""
    chance = random.Random(20261121)
    priced = [product for product in packaged() if product.prices]
    mine = chance.sample(priced, 50)
    known = Known(tuple(KnownProduct(p.name, p.prices[0][0], _price(p)) for p in mine), "87")
    names = [p.name for p in (*mine, *packaged())]
    sales = [_sale(chance, mine if chance.random() < OWN else priced) for _ in range(2 * SALES)]
    warm, fresh = sales[:SALES], sales[SALES:]
    for sale in warm:
        understand(sale.text, TODAY, known)
    ours = _each(lambda sale: understand(sale.text, TODAY, known), fresh)
    fuzzy = _each(lambda sale: process.extractOne(sale.text, names), fresh[:200])
    numbers = _each(lambda sale: words_to_number(sale.price_words), fresh)
    return Measured(ours, fuzzy, numbers, *_fresh_process())


def _each(read: Callable[[Sale], object], sales: Iterable[Sale]) -> list[float]:
    took = []
    for sale in sales:
        began = time.thread_time_ns()
        read(sale)
        took.append((time.thread_time_ns() - began) / 1000)
    return took


def _sale(chance: random.Random, products: list[Product]) -> Sale:
    product = chance.choice(products)
    price, count = _price(product), chance.choice([2, 3, 5, 7, 12, 20, 25, 34, 105, 120])
    spoken, southern = chance.random() < SPOKEN, chance.random() < 0.5
    said = (lambda n: say_number(n, southern)) if spoken else _written
    text = chance.choice(FORMS).format(
        day=chance.choice(DAYS), buyer=chance.choice(BUYERS), unit=product.prices[0][0],
        name=product.name, count=say_number(count, southern) if spoken else count,
        price=said(price), total=said(price * count),
    )  # fmt: skip
    text = fold(text) if chance.random() < BARE else text
    slip = chance.randrange(len(text)) if chance.random() < SLIP else len(text)
    return Sale(text[:slip] + text[slip + 1 :], say_number(price, southern))


def _price(product: Product) -> int:
    """Whole five hundreds, in the middle of what it costs."""
    _, low, high = product.prices[0]
    return max((low + high) // 1000 * 500, 500)


def _written(sum_: int) -> str:
    return f"{sum_ // 1000}k" if sum_ % 1000 == 0 else f"{sum_:,}đ".replace(",", ".")


def _fresh_process() -> tuple[float, float]:
    """Seconds to import the language, and MiB that its tables take; the best of three."""
    runs = [
        subprocess.run([sys.executable, "-c", FRESH], capture_output=True, check=True)
        for _ in range(3)
    ]
    took = [json.loads(run.stdout) for run in runs]
    return min(one[0] for one in took), min(one[1] for one in took)


def _micro(value: float) -> str:
    return f"{value:,.0f} µs"


def main() -> int:
    found = measure()
    for name, value in found.rows():
        print(f"{name:<48} {value:>12}")
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main())
