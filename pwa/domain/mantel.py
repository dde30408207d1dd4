"""Which object stands on the mantel: with the paint on the wall, it tells one parent's room from another's."""

from collections.abc import Collection

OBJECTS = ("roses", "radio", "reel", "teapot", "books")

_SPEAKS_OF = {
    "gardening": "roses",
    "houseplants_flowers": "roses",
    "music_listening": "radio",
    "films": "reel",
    "cooking": "teapot",
    "baking": "teapot",
    "reading": "books",
    "photos_memories": "books",
}


def mantel(interests: Collection[str], taken: Collection[str]) -> str:
    """Choose the object that speaks of an interest; one that no other parent of the account has, if there is one."""
    fitting = [_SPEAKS_OF[interest] for interest in interests if interest in _SPEAKS_OF]
    free = [each for each in (*fitting, *OBJECTS) if each not in taken]
    return next(iter([*free, *fitting, *OBJECTS]))
