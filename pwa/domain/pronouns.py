"""Pronouns, and a first guess at them from what a child calls a parent: always theirs to change."""

import re
import unicodedata
from typing import Literal

Pronouns = Literal["she", "he", "they"]

_SHE = """
    mom mommy mum mummy mam mammy mama mamma mamà mamá momma ma mother mater mumsy
    stepmom stepmum stepmother grandma grandmother granny gran nan nana nanna nonna oma abuela
    ama amma ammi ammee ami aai aayi maa mai mata mataji ummi umm yumma eomma omma umma
    mor mamma äiti mutti mutter mami mamka matka máma maminka mamusia mamo maman mère madre mãe mamãe
    ema ima imma anne annem eomeoni okaasan okasan kaasan haha inay nanay mamang ibu emak mak
    мама мамочка мамо мать мати ненька майка μαμά μάνα מאמא אמא אימא ماما أمي امي أم والدتي مامان مادر
    माँ मां मम्मी अम्मा आई মা আম্মা ਮਾਂ ਮੰਮੀ அம்மா అమ్మ ಅಮ್ಮ അമ്മ အမေ แม่ មាតា
    妈妈 妈 媽媽 媽 母亲 母親 老妈 阿妈 お母さん 母さん 母 おかあさん ママ 엄마 어머니
"""
_HE = """
    dad daddy da dada pop pops poppa papa pappa pa pap papi papà papá father pater
    stepdad stepfather grandpa grandfather granddad grandad opa nonno abuelo
    baba babba babu bapu abba abbu abu appa appaji pitaji pita papaji aboji abeoji
    far isä iskä vati vater papka tata tatínek tato taťka tatuś otec ojciec père padre pai papai
    aba babam otosan otousan tousan tatay itay bapak ayah
    папа папочка тато батя отец батько татко баща μπαμπάς μπαμπά אבא بابا أبي ابي والدي پدر
    पापा पिताजी बाबा अप्पा বাবা আব্বা ਪਿਤਾ ਡੈਡੀ அப்பா నాన్న ಅಪ್ಪ അച്ഛൻ အဖေ พ่อ
    爸爸 爸 父亲 父親 老爸 阿爸 お父さん 父さん 父 おとうさん パパ 아빠 아버지
"""


def guess_pronouns(name: str | None) -> Pronouns:
    """Guess from the words of a name ("Mom", "Papa Joe"); they, when none is known or they disagree."""
    words = set(_words(name or ""))
    she, he = words & _SHE_WORDS, words & _HE_WORDS
    if bool(she) == bool(he):
        return "they"
    return "she" if she else "he"


def _words(text: str) -> list[str]:
    """Split into words without case and accents, so that "MAMÁ" is "mama"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word for word in re.split(r"[\s\-‐–—/&+.,()'’\"“”]+", plain) if word]


_SHE_WORDS = frozenset(_words(_SHE))
_HE_WORDS = frozenset(_words(_HE))
