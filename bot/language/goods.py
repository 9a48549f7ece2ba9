"""Which words are the product: the longest name we know, with the words that belong to it, or what is left over."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from bot.language.goods_places import LONGEST_NAME, Goods, GoodsPlaces
from bot.language.lexicon import Product
from bot.language.product_names import Found, packaged_names
from domain.fold import fold


class GoodsReader(GoodsPlaces):
    """Finds the products of one sentence among the tokens that nothing else has taken."""

    def find(self) -> list[Goods]:
        """Products from left to right, names of the lexicon first."""
        named = self._named()
        goods: list[Goods] = []
        busy: set[int] = set()
        for found in named:
            whole = self._whole(self._stay(found), named, goods[-1].end if goods else 0)
            goods.append(whole)
            busy.update(range(whole.start, whole.end))
        goods += self._unnamed(busy)
        if "grade" in self.at.kinds:
            goods += self._grades(goods)
        if len(goods) > 1:
            goods = self._joined(sorted(goods, key=lambda g: g.start))
        return [self._hired(one) for one in goods] if "buy" in self.at.kinds else goods

    def _hired(self, goods: Goods) -> Goods:
        """*thuê 4 xe đạp*: what is hired, with the verb before its count."""
        at = goods.start - 1
        while at > 0 and at in self.taken:
            at -= 1
        if at < 0 or self.at.bare[at] != "thue" or "buy" not in self.at.tags[at]:
            return goods
        name = f"{self.at.raw[at].lower()} {goods.name}"
        hired = packaged_names().spelled.get(fold(name).lower())
        return replace(goods, name=name, product=hired, others=()) if hired else goods

    def _joined(self, goods: list[Goods]) -> list[Goods]:
        """Two names side by side, nothing between them, are one product: *bonsai linh sam*."""
        joined: list[Goods] = []
        for one in goods:
            before = joined[-1] if joined else None
            if before is not None and self._listed(before, one):
                joined[-1] = Goods(
                    before.start, one.end, f"{before.name}, {one.name}", before.product
                )
            elif before is not None and self._is_session(before, one):
                joined[-1] = replace(one, start=before.start)
            elif before is not None and before.end == one.start:
                joined[-1] = Goods(
                    before.start,
                    one.end,
                    f"{before.name} {one.name}",
                    before.product or one.product,
                )
            else:
                joined.append(one)
        return joined

    def _is_session(self, before: Goods, after: Goods) -> bool:
        """*8 buoi don ca tai tu*: evenings of it, no pomelo; in what unit is asked."""
        service = after.product is not None and after.product.group == "tourism"
        return (
            service
            and before.end == after.start
            and self.at.bare[before.start : before.end] == ("buoi",)
        )

    def _listed(self, before: Goods, after: Goods) -> bool:
        """*hành, tỏi, ớt được 300k*: several goods for one sum; a number between would part them."""
        signs = range(before.end, after.start)
        return (
            len(signs) == 1
            and (self.at.raw[before.end] in ",+" or "and" in self.at.tags[before.end])
            and after.end not in self.starts
            and not self._amount_at(after.end)
            and before.start not in self.starts
        )

    def _named(self) -> list[Found]:
        chosen: list[Found] = []
        free = [f for f in self.found if self.taken.isdisjoint(range(f.start, f.end))]
        if len(free) > 1:
            free.sort(key=lambda f: (f.start - f.end, f.start))
        for found in free:
            if chosen and any(found.start < o.end and o.start < found.end for o in chosen):
                continue
            if found.end - found.start == 1 and not self._stands_as_goods(found):
                continue
            chosen.append(found)
        return sorted(chosen, key=attrgetter("start")) if len(chosen) > 1 else chosen

    def _stay(self, found: Found) -> Found:
        """*ở homestay*: what is sold is the homestay."""
        if found.product.group != "tourism" or "use_service" not in self.at.tags[found.start]:
            return found
        words = found.spelling.split()
        if len(words) > 1 and self.at.bare[found.start] in ("o", "nghi", "ngu"):
            return replace(found, start=found.start + 1, spelling=" ".join(words[1:]))
        return found

    def _whole(self, found: Found, named: list[Found], after: int) -> Goods:
        """The name with the words that belong to it on both sides, none of them before `after`."""
        start, end = found.start, found.end
        while (
            start > after
            and self._belongs(start - 1, named, left=True)
            and end - start < LONGEST_NAME
        ):
            start -= 1
        while end < self.at.count and end - start < LONGEST_NAME:
            tail = self.at.tags[end].get("name_tail")
            if tail is None and not (
                self._belongs(end, named, left=False) or self._kind_word(found, end)
            ):
                break
            end = tail.end if tail else end + 1
        if "grade" in self.at.tags[end]:
            end = self._grade(end)
        kind = self._kind(start, end, found)
        return Goods(start, end, self._spelled(start, end, found), kind, found.others)

    def _kind(self, start: int, end: int, found: Found) -> Product:
        """What it costs is told by its first word: *chả | cá rô phi* is no fish; *xoài sấy* costs more than xoài."""
        tags, made = self.at.tags, False
        if start < found.start:
            head = next((f.product for f in self.found if start <= f.start < found.start), None)
            if head is not None:
                return head
            made = any("made_of" in tags[p] for p in range(start, found.start))
        processed = "processed" in self.at.kinds
        if made or (processed and any("processed" in tags[p] for p in range(found.end, end))):
            return Product(found.product.name, found.product.group, found.product.region)
        return found.product

    def _grade(self, at: int) -> int:
        """*xoài loại 2*"""
        if "grade" in self.at.tags[at] and self.at.bare[at] == "loai" and at + 1 < self.at.count:
            after = self.at.tokens[at + 1]
            return (
                at + 2
                if after.digits or "digit" in self.at.tags[at + 1] or len(after.raw) == 1
                else at
            )
        return at

    def _grades(self, goods: list[Goods]) -> list[Goods]:
        """*thanh long loại một 22 ngàn, loại hai 15 ngàn*: the same goods, with a price of its own."""
        found = []
        for at in self.at.places("grade"):
            before = [g for g in goods if g.end <= at]
            end = self._grade(at)
            if not before or end == at or before[-1].end == at or not self._amount_at(end):
                continue
            name, sign, _ = before[-1].name.partition(f" {self.at.raw[at].lower()} ")
            if sign:
                found.append(
                    replace(before[-1], start=at, end=end, name=name + " " + self._text(at, end))
                )
        return found

    def _spelled(self, start: int, end: int, found: Found) -> str:
        typed = self._text(found.start, found.end)
        # Small letters were easier to type: *cam vinh* is written *cam Vinh*.
        name = typed if found.exact and not typed.islower() else found.spelling or typed
        if start == found.start and end == found.end:
            return name
        before = self._text(start, found.start)
        after = self._text(found.end, end)
        return " ".join(part for part in (before, name, after) if part)

    def _is_place(self, at: int) -> bool:
        """*đại lý ở Krông Năng*"""
        before = self.at.token(at - 1)
        return before is not None and before.low in ("ở", "tại") and self.at.capital[at]

    def _unnamed(self, busy: set[int]) -> list[Goods]:
        """What is left over right after a quantity, a verb of selling or *tiền*."""
        found: list[Goods] = []
        last = 0
        for at in sorted(self._openings() - busy - self.taken):
            end = self._run(at, busy) if at >= last else at
            if end > at and self._may_start(at, busy) and not self._is_place(at):
                found.append(Goods(at, end, self._text(at, end), None))
            last = max(end, last)
        return found
