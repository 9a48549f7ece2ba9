"""Who buys, who speaks and how they call the assistant (rules.md 7, voice.md 1)."""

from __future__ import annotations

from bot.language.person_names import Person
from bot.language.shop_names import ShopNames

SPEAKERS = {
    "anh",
    "chị",
    "cô",
    "chú",
    "bác",
    "ông",
    "bà",
    "dì",
    "cậu",
    "mợ",
    "thím",
    "dượng",
    "o",
    "mệ",
}
_UNSURE = ("bo", "mo", "ma", "me", "moi", "lo", "lai", "hoi", "ong", "ba", "em", "con")
_ACTS = ("buy", "got", "use_service", "returned", "owed", "deposit", "repaid")
CALLED = {"em", "cháu", "con"}


class People(ShopNames):
    """Reads people in one sentence. `taken`: positions of dates; `products`: names found."""

    def buyer(self) -> Person | None:
        """The one who buys: after *cho*, before *mua, lấy, trả*, or named at the end."""
        starts = sorted({*self.honorifics, *self.at.places("place_buyer"), *self._marts()})
        found = [p for at in starts if at not in self.taken and (p := self._person(at))]
        return (self._likeliest(found) if found else None) or self._plain_name()

    def _marts(self) -> list[int]:
        """*Vinmart, go mart*"""
        bare = self.at.bare
        if "mart" not in " ".join(bare):
            return []
        return [p for p, word in enumerate(bare) if word[-4:] == "mart" and word != "mart"]

    def _likeliest(self, found: list[Person]) -> Person | None:
        """The first of those who are named in the surest way."""
        for way in (self._is_given, self._is_sold_to, self._acts, self._stands_alone):
            for person in found:
                if way(person):
                    return person
        # A correction names the right one.
        return found[0] if self.at.says("wrong", "right_is", "not_that") else None

    def _plain_name(self) -> Person | None:
        """*Lan lấy 5kg, bán cho Hoa*: a name alone, written with a capital."""
        for at in self.at.places("given_name"):
            if at in self.taken or not self.at.capital[at]:
                continue
            end = self._syllables(at + 1, capital=True)
            takes = at == 0 and "buy" in self.at.tags[end]
            given = "buyer_sign" in self.at.tags[at - 1] and self.at.has(at - 2, "sell", "got")
            if takes or (given and (end == self.at.count or not self.at.word[end])):
                return Person(at, end, self._name(at, end))
        return None

    def _is_given(self, person: Person) -> bool:
        """After *cho, của, với*: the one it goes to."""
        return "buyer_sign" in self.at.tags[person.start - 1]

    def _is_sold_to(self, person: Person) -> bool:
        """*bán anh Dũng 10 ký*, *xuất hợp tác xã 7 ký*"""
        numeral = "digit" in self.at.tags[person.start] and not self.at.marked[person.start]
        if numeral and not self._digits_follow(person.end):
            return False  # ban ba ly: ba, not bà
        sold = any(
            self.at.tags[p].get("sell") and self.at.tags[p]["sell"].end == person.start
            for p in range(max(0, person.start - 2), person.start)
        )
        group = self.at.tags[person.start].get("place_buyer")
        return sold and (group is not None or self._is_named(person))

    def _digits_follow(self, at: int) -> bool:
        """*ban ba tam 6 ky*: two numbers do not stand side by side, so the first is a name."""
        return at < self.at.count and self.at.digits[at]

    def _is_named(self, person: Person) -> bool:
        named = any(
            "given_name" in self.at.tags[p] or self.at.capital[p]
            for p in range(person.start + 1, person.end)
        )
        return named and self.at.bare[person.start] != "con"

    def _acts(self, person: Person) -> bool:
        own = self.at.bare[person.start] in ("em", "con", "chau", "e")
        first = min(person.start + 1, self.at.count - 1)
        called = "given_name" in self.at.tags[first] and not self.at.has(
            first, "day", "sell", "buy"
        )
        if own and not self.at.capital[first] and not called:
            return False
        if self.at.has(person.end, *_ACTS) or self.at.has(person.end + 1, "buy", "got"):
            return True
        group = "place_buyer" in self.at.tags[person.start] and person.start == 0
        return group and any(
            self.at.has(p, "use_service", "buy") for p in range(person.end, self.at.count)
        )

    def _stands_alone(self, person: Person) -> bool:
        """Named after the sum or at the end, not the speaker and not called."""
        if "sell" in self.at.tags[person.end] or "other_seller" in self.at.tags[person.start]:
            return False
        if person.start == 0:
            sign = self.at.token(person.end)
            end = person.end + (sign is not None and sign.raw in ":-")
            return self._number_at(end) and self._is_named(person) and "sell" not in self.at.kinds
        before = self.tokens[person.start - 1]
        placed = not before.word or self.at.has(
            person.start - 1, "unit", "magnitude", "order", "half", "dong", "cancel", "confirm"
        )
        tags = self.at.tags[person.start]
        form = tags.get("place_buyer") or tags.get("honorific")
        if form is not None and not form.exact and self.at.bare[person.start] in _UNSURE:
            return False
        return placed and self._is_named(person)

    def other_seller(self) -> bool:
        """*chị Lan bán…*: somebody named sells, so it is not this household."""
        for at in self.honorifics:
            person = self._named(at) if at not in self.taken else None
            if person is None or "buyer_sign" in self.at.tags[at - 1]:
                continue
            verb = person.end + ("just" in self.at.tags[person.end])
            if "sell" in self.at.tags[verb] and "not_sell" not in self.at.tags[verb]:
                return True
        return False

    def speaker(self) -> str | None:
        """*chú bán 20 ký* -> chú: the word stands for *I* when a verb of selling follows it directly."""
        for at in self.honorifics:
            verb = "sell" in self.at.tags[at + 1] or (
                "just" in self.at.tags[at + 1] and "sell" in self.at.tags[at + 2]
            )
            mine = "of_mine" in self.at.tags[at - 1] and self._ends_here(at)
            if (mine or (verb and not self._other_than_speaker(at))) and (
                form := self._form(at)
            ) in SPEAKERS:
                return form
        return None

    def _ends_here(self, at: int) -> bool:
        """Nothing follows the form of address but a word that is no name."""
        return at + 1 >= self.at.count - 1 and not self._name_at(at + 1)

    def _name_at(self, at: int) -> bool:
        """*của chị Mai*: somebody else's."""
        named = at < self.at.count and (self.at.capital[at] or "given_name" in self.at.tags[at])
        return named and "polite_end" not in self.at.tags[at]

    def _other_than_speaker(self, at: int) -> bool:
        return len(self.at.low[at]) == 1 or self.at.has(at - 1, "buyer_sign", "place_buyer")

    def called(self) -> str | None:
        """*cháu ơi*, *con ghi giùm*: the word used for us. *con* before an animal or a number is no call."""
        for at in self.honorifics:
            ends = at + 1 == self.at.count and "polite_end" in self.at.tags[at - 1]
            if (ends or self.at.has(at + 1, "call_end", "bid")) and (
                form := self._form(at)
            ) in CALLED:
                return form
        return None
