"""Names of shops, companies, groups and markets that buy (rules.md 7)."""

from __future__ import annotations

from bot.language.person_names import MOST_SYLLABLES, Person, PersonNames, capital

_ENDS_PLACE = (
    "sell", "buy", "price", "total", "got", "buyer_sign", "on_place", "order", "day", "magnitude",
    "money", "noise",
)  # fmt: skip
_FULL = {"htx": "hợp tác xã"}


class ShopNames(PersonNames):
    """Reads a kind of shop and its name."""

    def _person(self, at: int) -> Person | None:
        if self.at.bare[at].endswith("mart") and "mart" not in self.at.tags[at]:
            return self._mart(at)
        place = self.at.tags[at].get("place_buyer")
        if (
            place is None
            or self._is_stock(at)
            or not (place.exact or place.end > at + 1 or self._is_placed(at))
        ):
            return self._named(at)
        friends = self.at.bare[at] == "ban" and "buyer_sign" not in self.at.tags[at - 1]
        # chu vua ban: chú vừa bán; ban hang: bán hàng
        acts = not place.exact and (friends or "sell" in self.at.tags[place.end])
        return self._named(at) if acts else self._place(at)

    def _is_placed(self, at: int) -> bool:
        """One word without marks is a shop only where a buyer stands: *cho vua…*, *vua Hai Lanh lay*."""
        if "buyer_sign" in self.at.tags[at - 1] or self._inside_place(at):
            return True
        if "sell" in self.at.tags[at - 1] and self._names_somebody(at + 1):
            return True
        opens = at == 0 or at - 1 in self.taken or "noise" in self.at.tags[at - 1]
        named = self._is_capital(at + 1) or self._names_somebody(at + 1)
        return (opens or named) and any("buy" in self.at.tags[p] for p in range(at + 2, at + 5))

    def _is_stock(self, at: int) -> bool:
        """*tồn kho, xuất kho*: no place that buys."""
        return "not_place" in self.at.tags[at - 1]

    def _names_somebody(self, at: int) -> bool:
        """*vua Hai Lanh lay, quan co Bay lay*; not *moi goi con sau goi*."""
        if "unit" in self.at.tags[at]:
            return False
        at += "honorific" in self.at.tags[at] and "given_name" in self.at.tags[at + 1]
        return "given_name" in self.at.tags[at] and "unit" not in self.at.tags[at]

    def _inside_place(self, at: int) -> bool:
        """*bếp ăn | trường Hoa Mai*: right after another kind of place."""
        return any(
            (tag := self.at.tags[p].get("place_buyer")) is not None and tag.end == at
            for p in range(max(0, at - 3), at)
        )

    def _is_capital(self, at: int) -> bool:
        return at < self.at.count and self.at.capital[at]

    def _mart(self, at: int) -> Person | None:
        """*Co.opmart, Vinmart*: a buyer; Postmart alone is a platform."""
        start = at
        while start > 0 and self.at.glued[start]:
            start -= 1
        return Person(start, at + 1, "".join(t.raw for t in self.tokens[start : at + 1]))

    def _place(self, at: int) -> Person | None:
        tag = self.at.tags[at]["place_buyer"]
        if self._self(at - 1) or self._self(tag.end):
            return None
        kind = " ".join(
            t.raw.lower() if len(t.raw) > 3 else t.raw for t in self.tokens[at : tag.end]
        )
        kind = kind if tag.exact and kind != "htx" else _FULL.get(kind, str(tag.value))
        person = (
            self._person(tag.end) if tag.end < self.at.count and tag.end not in self.taken else None
        )
        if person is not None:
            return Person(at, person.end, f"{kind} {person.name}", person.doubt)
        end = self._place_end(tag.end)
        if (owner := self._owner(tag.end, end)) is not None:
            words = " ".join(t.raw for t in self.tokens[tag.end : end])
            return Person(at, owner.end, f"{kind} {words} {owner.name}", owner.doubt)
        name = " ".join(self._place_word(p) for p in range(tag.end, end))
        return Person(at, end, f"{kind} {name}".strip())

    def _owner(self, start: int, end: int) -> Person | None:
        """*quán bún bò | o Xíu, quán cơm | cô Bảy*"""
        if not start < end < self.at.count or end in self.taken:
            return None
        return self._named(end)

    def _self(self, at: int) -> bool:
        """*bên đại lý mình*; *dai ly minh chau* is named Minh Châu."""
        if "self" not in self.at.tags[at] or self.at.capital[at]:
            return False
        return self.at.marked[at] or "given_name" not in self.at.tags[at + 1]

    def _place_end(self, at: int) -> int:
        last = at
        while (
            last < self.at.count
            and last - at <= MOST_SYLLABLES
            and self._in_place_name(last, first=last == at)
        ):
            last += 1
        return last

    def _in_place_name(self, at: int, *, first: bool) -> bool:
        token = self.tokens[at]
        if at in self.taken or not token.word or token.capital:
            return token.capital and at not in self.taken
        if (
            self._is_goods(at)
            or self._is_phrase(at, "buy")
            or self._is_phrase(at, "got")
            or self._counts(at, first=first)
        ):
            return False
        before_verb = "buy" in self.at.tags[at + 1] and "buy" not in self.at.tags[at]
        if before_verb or self._is_given_name(at):
            return first or not self.capitals
        if self.at.has(at, *_ENDS_PLACE) and not (first and self._before_capital(at)):
            return False
        if not first and "honorific" in self.at.tags[at] and "given_name" not in self.at.tags[at]:
            return False
        return first or not self.capitals or self._before_capital(at)

    def _is_goods(self, at: int) -> bool:
        return at in self.long_products and not self._before_capital(at)

    def _counts(self, at: int, *, first: bool) -> bool:
        """A number; *quán Ba Lúa* is a name when nothing counted follows."""
        if not self.at.has(at, "digit", "ten", "twenty", "hundred"):
            return False
        joined = ("unit", "tens", "ten", "hundred", "tail", "digit", "dozen")
        return not first or self.at.has(at + 1, *joined)

    def _is_given_name(self, at: int) -> bool:
        """*tạp hóa Thu*; but *hợp tác xã | thu 500 ngàn*, *lái | nha*."""
        tag = self.at.tags[at].get("given_name")
        if tag is None:
            return False
        if "use_service" in self.at.tags[at] and self._number_at(at + 1):
            return False  # đoàn khách Hà Nội | ăn 18 suất
        if not self.at.has(at, *_ENDS_PLACE) or (tag.exact and not self._sum_follows(at + 1)):
            return True
        return "buy" in self.at.tags[at] and at + 1 == self.at.count  # cho vua thanh dat

    def _sum_follows(self, at: int) -> bool:
        """*hợp tác xã thu 500 ngàn*; *tạp hóa Thu 2 chai* is a quantity."""
        number = self.at.read(at)
        return number is not None and "unit" not in self.at.tags[number.end]

    def _is_phrase(self, at: int, kind: str) -> bool:
        """*dat mua*: two words that act are no name, although *dat* is one."""
        tag = self.at.tags[at].get(kind)
        return tag is not None and tag.end > at + 1

    def _before_capital(self, at: int) -> bool:
        """*công ty du lịch Sao Mai*: small words on the way to the name."""
        return any(t.capital for t in self.tokens[at + 1 : at + 3])

    def _place_word(self, at: int) -> str:
        token = self.tokens[at]
        return token.raw if self.capitals and not token.capital else capital(token.raw)
