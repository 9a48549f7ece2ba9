"""From the parts of a message and its intent to the Understanding that is handed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.language import replies
from bot.language.amount import money_of
from bot.language.day import Day
from bot.language.dealings import taken_down
from bot.language.drafts import Draft, Drafter, commas_in
from bot.language.pricing import Priced, Pricer
from bot.language.reading import Parts
from bot.language.scene import Scene
from bot.language.understanding import ASKABLE, Item, Known, Reading, Understanding
from bot.language.unsold import dealing
from bot.language.whole_sum import agreeing, last_sum

FIRST_SOUTHERN = 44  # province codes of today: Quảng Trị and southward (voice.md 5)
# No sale yet, but a draft of one can go on from it: what a sale of it would be asked is asked.
_MAY_BECOME = ("plan", "supposed", "others", "inquiry", "deposit", "debt", "repaid", "purchase")
_WITHOUT_ITEMS = ("other", "greeting", "help", "register", "training")


class Meaning:
    """Puts one Understanding together."""

    def __init__(
        self, parts: Parts, scene: Scene, kind: str, rule: str, on: date, known: Known
    ) -> None:
        self.parts = parts
        self.scene = scene
        self.kind = kind
        self.rule = rule
        self.on = on
        self.known = known
        self.dealing = dealing(scene, kind)
        commas = commas_in(parts.sentence.bare)
        self.drafter = Drafter(parts.amounts, parts.goods, commas, listing=kind == "list_product")
        self.drafts = self.drafter.run()

    def give(self) -> Understanding:
        """The whole of it."""
        parts, at, people = self.parts, self.parts.at, self.parts.people
        priced = self._priced()
        day = self._day()
        ask = self._asks(priced, day)
        apart = self.drafter.apart
        return Understanding(
            intent=self.kind,
            text=parts.sentence.text,
            items=tuple([p.item for p in priced]),
            buyer=parts.buyer.name if parts.buyer else None,
            date=self._date(day),
            platform=parts.platform,
            order_id=parts.order,
            period=self._period(),
            ask=ask,
            readings=self._readings(priced, day) if ask else (),
            action=self._action(),
            amount_vnd=next((p.item.amount_vnd for p in priced if p.item.amount_vnd), None),
            deposit_vnd=int(apart.deposit) if apart.deposit else self._told("deposit"),
            owed_vnd=int(apart.owed) if apart.owed else self._told("debt", "repaid"),
            speaker=people.speaker(),
            called=people.called(),
            stars=replies.stars(at),
            reason=replies.reason(at) if self.kind == "cancel_order" else None,
            southern=replies.southern(at),
            answer=replies.answer(at, alone=self.kind not in ("other", "confirm_order")),
            mood=replies.mood(at, self.scene),
            request=replies.request(at, self.scene),
            dealing=self.dealing,
        )

    def _told(self, *dealings: str) -> int | None:
        """The one sum of a dealing that is about money alone: *ghi nợ anh Tư 300k*."""
        if self.dealing not in dealings:
            return None
        sums = [a for a in self.parts.amounts if a.kind == "money"]
        return money_of(sums[0]) if len(sums) == 1 else None

    # -- items

    def _priced(self) -> list[Priced]:
        if self.kind in _WITHOUT_ITEMS and self.dealing is None:
            return []
        listing = self.kind == "list_product"
        drafts = [d for d in self.drafts if d.goods or d.quantity or d.sums]
        northern = self._northern()

        def price(draft: Draft) -> Priced:
            apart = self.drafter.apart
            return Pricer(draft, apart, self.known, listing=listing, northern=northern).price()

        priced = self._agreed(drafts, price) or [price(draft) for draft in drafts]
        if self.dealing is not None and self.kind == "other":
            priced = [p for p in priced if _says_something(p.item, self.parts)]
        if self.kind == "correct_last":
            return [self._corrected(d, p) for d, p in zip(drafts, priced, strict=True)]
        return priced

    def _agreed(self, drafts: list[Draft], price: Callable[[Draft], Priced]) -> list[Priced] | None:
        """The prices of several goods, where one sum at the end agrees with them."""
        whole = last_sum(drafts)
        if whole is None:
            return None
        drafts[-1].sums.remove(whole)
        agreed = agreeing([price(draft) for draft in drafts], money_of(whole))
        if agreed is None:
            drafts[-1].sums.append(whole)
        return agreed

    def _northern(self) -> bool:
        """Is a *chục* ten here? By the household's province, the word *quả*, or a product of the North."""
        code = self.known.province_code
        if code and code.isdigit():
            return int(code) < FIRST_SOUTHERN
        said = "quả" in self.parts.sentence.low
        return said or any(
            g.product is not None and g.product.region == "N" for g in self.parts.goods
        )

    def _corrected(self, draft: Draft, priced: Priced) -> Priced:
        """Only what was said: an open sum stays open, a price sets no quantity's unit."""
        item = priced.item
        if item.quantity is None:
            item = item._replace(unit=None)
        open_sum = next(
            (
                s
                for s in draft.sums
                if s.per is None and s.marker not in ("price", "each", "total", "got")
            ),
            None,
        )
        if open_sum is not None and self._action() != "return":
            item = item._replace(
                amount_vnd=money_of(open_sum),
                total_vnd=None,
                unit_price_vnd=None,
                price_unit=None,
                stated=False,
            )
        return Priced(item, (), (), priced.rule)

    # -- days

    def _day(self) -> Day | None:
        if not self.parts.days:
            return None
        days = [d for d in self.parts.days if d.period is None]
        if days:
            return days[-1] if self.kind == "correct_last" else days[0]
        vague = [d for d in self.parts.days if d.doubt == "vague"]
        return vague[0] if vague else None

    def _date(self, day: Day | None) -> date | None:
        if day is None or day.doubt:
            return None
        coming = self.kind == "list_product" or (self.kind == "other" and day.past != day.future)
        return day.future if coming else day.past

    def _period(self) -> tuple[date, date] | None:
        if not self.parts.days:
            return None
        return next((d.period for d in self.parts.days if d.period is not None), None)

    # -- what must be asked

    def _asks(self, priced: list[Priced], day: Day | None) -> tuple[str, ...]:
        named = self.parts.order or self.parts.buyer
        ask: set[str] = set()
        if self.kind == "log_sale" or (self.kind == "other" and self.dealing in _MAY_BECOME):
            ask = self._all_sale_asks(priced, day)
        elif self.kind == "list_product":
            ask = set().union(*map(self._listing_asks, priced or [Priced(Item())]))
        elif self.kind in ("confirm_order", "cancel_order") and not named:
            ask = {"order_id"}
        elif self.kind == "correct_last" and self._action() == "add":
            items = (p.item for p in priced)
            unpriced = any(i.unit_price_vnd is None and i.total_vnd is None for i in items)
            ask = {"unit_price_vnd"} if unpriced else set()
        return tuple([slot for slot in ASKABLE if slot in ask]) if ask else ()

    def _all_sale_asks(self, priced: list[Priced], day: Day | None) -> set[str]:
        ask: set[str] = set().union(*map(self._sale_asks, priced or [Priced(Item())]))
        if self._unclear_day(day):
            ask.add("date")
        if self.parts.people.doubt is not None:
            ask.add(self._doubted())
        return ask | self._run_together()

    def _run_together(self) -> set[str]:
        """A name and a number that share a word: which of them it is is asked."""
        if not self.parts.unsure:
            return set()
        mixed = [a for a in self.parts.amounts if a.start in self.parts.unsure]
        return {"quantity" if a.kind == "quantity" else "unit_price_vnd" for a in mixed}

    def _unclear_day(self, day: Day | None) -> bool:
        """A vague one, or two: *hôm qua và hôm nay*."""
        if day is None or day.doubt is not None:
            return day is not None
        if len(self.parts.days) == 1:
            return False
        said = {d.past for d in self.parts.days if d.past is not None and d.past <= self.on}
        return len(said) > 1

    def _doubted(self) -> str:
        """What the number is that may be a name."""
        start, _ = self.parts.people.doubt or (0, 0)
        sums = any(a.start <= start < a.end and a.kind == "money" for a in self.parts.amounts)
        return "total_vnd" if sums else "quantity"

    def _sale_asks(self, priced: Priced) -> set[str]:
        item, ask = priced.item, set(priced.ask)
        if item.product is None or self._unclear(item):
            ask.add("product")
        if item.total_vnd is None and not ask & {
            "unit_or_total",
            "sum_scale",
            "money_guard",
            "dozen",
            "sum_mismatch",
        }:
            if item.unit_price_vnd is None:
                ask.add("unit_price_vnd")
            elif item.quantity is None:
                ask.add("quantity")
        if item.quantity is None and item.total_vnd is None and "sum_scale" not in ask:
            ask.add("quantity")
        if item.quantity is not None and item.unit is None and item.unit_price_vnd is not None:
            ask.add("unit")
        return ask

    def _unclear(self, item: Item) -> bool:
        doubtful = [g.name for g in self.parts.goods if g.others]
        return item.product in doubtful

    def _listing_asks(self, priced: Priced) -> set[str]:
        item, ask = priced.item, set(priced.ask)
        if item.product is None:
            ask.add("product")
        if (
            item.unit_price_vnd is None
            and not self.scene.says("negotiable")
            and self._action() != "unlist"
            and "sum_scale" not in ask
        ):
            ask.add("unit_price_vnd")
        return ask - {"quantity", "dozen"}

    def _readings(self, priced: list[Priced], day: Day | None) -> tuple[Reading, ...]:
        found = [
            Reading(slot, key, value, n, said=self._said() if slot == "sum_scale" else None)
            for n, p in enumerate(priced)
            for slot, key, value in p.readings
        ]
        for number, one in enumerate(priced):
            goods = next(
                (g for g in self.parts.goods if g.name == one.item.product and g.others), None
            )
            if goods is not None and goods.product is not None:
                found += [
                    Reading("product", p.name, p.name, number)
                    for p in (goods.product, *goods.others)
                ]
        if day is not None and day.doubt:
            found += [Reading("date", str(option), option) for option in day.options]
        return tuple(found)

    def _said(self) -> str | None:
        """The words of the one sum that has several readings: *2 xị*."""
        sums = [a for a in self.parts.amounts if len(a.options) > 1]
        return self.parts.sentence.words(sums[0].start, sums[0].end) if len(sums) == 1 else None

    # -- finer

    def _action(self) -> str | None:
        says = self.scene.says
        if self.kind == "correct_last":
            if self.dealing == "return":
                return "return"
            wrong = (p for p in self.scene.each("wrong") if not self.parts.at.has(p, "mind"))
            if says("erase") and next(wrong, None) is None:
                return "delete" if says("just_now") else "remove"
            return "add" if says("forgot", "more") and self.scene.goods else "replace"
        if self.kind == "list_product":
            if taken_down(self.scene):
                return "update_price" if self.scene.money else "unlist"
            return "add"
        return None


def _says_something(item: Item, parts: Parts) -> bool:
    """A count, a sum, or goods that are known: *chưa bán ký nào* names none."""
    known = any(g.name == item.product and g.product is not None for g in parts.goods)
    return known or item.quantity is not None or item.total_vnd is not None
