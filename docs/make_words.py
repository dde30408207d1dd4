"""Writes pwa/content/words/known.txt: stems of ordinary English words, so that money is not taken for Monet.

Needs Debian's `wamerican-small` and `wbritish-small` (SCOWL; its notice is kept beside the list).
"""

from __future__ import annotations

from pathlib import Path

from pwa.content.knowledge import stemmer

LISTS = ("american-english-small", "british-english-small")
DICTIONARIES = Path("/usr/share/dict")
# What those lists leave out and people write all the same.
MORE = """
    alzheimers arthritis bloke celiac coeliac comfy copd covid dementia diabetic dicky dodgy facetime gammy gran
    grandbabies grandkids ipad knackered landline mam meds mum mums nan nana parkinsons skint skype smartphone teetotal
    mins yrs abt esp hrs idk tbh btw bday xmas pls plz thx coz cos tho thru gonna wanna gotta kinda sorta dunno yeah nope okay hubby
    fave faves vids pics emoji selfie haha hahaha lmao ugh fidgety foodie knackered takeaway hysterectomy texted texting gonna aunties
    degeneration hypertension angioplasty angiogram pacemaker stent chemo radiotherapy tinnitus sciatica lymphoma melanoma
    colostomy catheter dialysis statins warfarin insulin remission bipolar hoarder hoarding worrier reruns rerun remarried
    telly vegan whatsapp widowed wifi zimmer
"""
NOTICE = Path("/usr/share/doc/wamerican-small/copyright")
FOLDER = Path(__file__).resolve().parent.parent / "pwa" / "content" / "words"


def main() -> None:
    stem = stemmer()
    words = {word for name in LISTS for word in (DICTIONARIES / name).read_text("utf-8").split()}
    plain = {word for word in (*words, *MORE.split()) if word.isascii() and word.isalpha() and word.islower()}
    (FOLDER / "known.txt").write_text("\n".join(sorted({stem(word) for word in plain})) + "\n", "utf-8")
    (FOLDER / "LICENSE").write_bytes(NOTICE.read_bytes())


if __name__ == "__main__":
    main()
