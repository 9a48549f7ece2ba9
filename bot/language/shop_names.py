"""Names of shops, companies, groups and markets that buy (rules.md 7)."""

from __future__ import annotations

from bot.language.person_names import MOST_SYLLABLES, Person, PersonNames, capital


class ShopNames(PersonNames):
    """Reads a kind of shop and its name."""

    def _person(self, at: int) -> Person | None:
        if self.tokens[at].bare.endswith("mart") and not self.at.has(at, "mart"):
            return self._mart(at)
        place = self.at.tag(at, "place_buyer")
        if place is not None and (place.exact or place.end > at + 1 or self._is_placed(at)):
            return self._place(at)
        return self._named(at)

    def _is_placed(self, at: int) -> bool:
        """One word without marks is a shop only where a buyer stands: *cho vua…*, *vua Hai Lanh lay*."""
        opens = at == 0 and any(self.at.has(p, "buy") for p in range(2, 5))
        return opens or self.at.has(at - 1, "buyer_sign", "place_buyer")

    def _mart(self, at: int) -> Person | None:
        """*Co.opmart, Vinmart*: a buyer; Postmart alone is a platform."""
        start = at
        while start > 0 and self.tokens[start].glued:
            start -= 1
        return Person(start, at + 1, "".join(t.raw for t in self.tokens[start : at + 1]))

    def _place(self, at: int) -> Person | None:
        tag = self.at.tags[at]["place_buyer"]
        if self._self(at - 1) or self._self(tag.end):
            return None
        kind = " ".join(
            t.raw.lower() if len(t.raw) > 3 else t.raw for t in self.tokens[at : tag.end]
        )
        kind = kind if tag.exact else str(tag.value)
        person = (
            self._person(tag.end) if tag.end < self.at.count and tag.end not in self.taken else None
        )
        if person is not None:
            return Person(at, person.end, f"{kind} {person.name}", person.doubt)
        end = self._place_end(tag.end)
        name = " ".join(self._place_word(p) for p in range(tag.end, end))
        return Person(at, end, f"{kind} {name}".strip())

    def _self(self, at: int) -> bool:
        return self.at.has(at, "self") and not self.tokens[at].capital

    def _place_end(self, at: int) -> int:
        last = at
        while (
            last < self.at.count
            and last - at < MOST_SYLLABLES
            and self._in_place_name(last, first=last == at)
        ):
            last += 1
        return last

    def _in_place_name(self, at: int, *, first: bool) -> bool:
        token = self.tokens[at]
        if (
            at in self.taken
            or not token.word
            or (at in self.long_products and not token.capital and not self._before_capital(at))
        ):
            return False
        if token.capital:
            return True
        number = self.at.has(at, "digit", "ten", "twenty", "hundred")
        if number and not (
            first
            and not self.at.has(at + 1, "unit", "tens", "ten", "hundred", "tail", "digit", "dozen")
        ):
            return False
        stops = (
            "sell",
            "buy",
            "price",
            "total",
            "got",
            "buyer_sign",
            "on_place",
            "order",
            "day",
            "magnitude",
            "money",
            "noise",
        )
        if self.at.has(at, "given_name") or (
            self.at.has(at + 1, "buy") and not self.at.has(at, "buy")
        ):
            return not (self.capitals and not first)
        if self.at.has(at, *stops):
            return False
        return first or not self.capitals or self._before_capital(at)

    def _before_capital(self, at: int) -> bool:
        """*công ty du lịch Sao Mai*: small words on the way to the name."""
        return any(t.capital for t in self.tokens[at + 1 : at + 3])

    def _place_word(self, at: int) -> str:
        token = self.tokens[at]
        return token.raw if self.capitals and not token.capital else capital(token.raw)
