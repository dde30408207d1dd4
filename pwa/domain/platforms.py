"""Which browser on which kind of device it is, by what it says of itself. A guess, for help that fits; never for anything else."""

from __future__ import annotations

IPHONE, SAFARI = "iphone", "safari"
ANDROID_CHROME, SAMSUNG, ANDROID_FIREFOX = "android_chrome", "samsung_internet", "android_firefox"
CHROME, EDGE, FIREFOX = "chrome", "edge", "firefox"
PLATFORMS = (IPHONE, ANDROID_CHROME, SAMSUNG, ANDROID_FIREFOX, CHROME, EDGE, FIREFOX, SAFARI)

# The first whose words are all there. Each browser also names those it wants to be taken for, so the order matters.
_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SAMSUNG, ("SamsungBrowser/",)),
    (IPHONE, ("iPhone",)),
    (IPHONE, ("iPad",)),
    (ANDROID_FIREFOX, ("Android", "Firefox/")),
    (ANDROID_CHROME, ("Android", "Chrome/")),
    (EDGE, ("Edg/",)),
    (FIREFOX, ("Firefox/",)),
    (CHROME, ("Chrome/",)),
    (SAFARI, ("Macintosh", "Safari/")),
)


def platform_of(user_agent: str) -> str | None:
    """One of PLATFORMS, or None where nothing is known. An iPad that asks for desktop pages passes for a Mac."""
    return next((key for key, signs in _SIGNS if all(sign in user_agent for sign in signs)), None)
