"""Browsers by what they say of themselves, as they say it."""

from __future__ import annotations

import pytest

from pwa.domain.platforms import PLATFORMS, platform_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
IOS = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {APPLE}"
SAID = {
    "iphone": [
        f"{IOS} Version/26.0 Mobile/15E148 Safari/604.1",
        f"{IOS} Mobile/15E148",
        f"{IOS} CriOS/151.0.0.0 Mobile/15E148 Safari/604.1",
        f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {APPLE} Mobile/15E148",
    ],
    "android_chrome": [f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/151.0.0.0 Mobile Safari/537.36"],
    "samsung_internet": [
        f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36"
    ],
    "android_firefox": ["Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0"],
    "chrome": [
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/151.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/151.0.0.0 Safari/537.36",
    ],
    "edge": [f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/151.0.0.0 Safari/537.36 Edg/151.0.0.0"],
    "firefox": ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
    "safari": [f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/26.0 Safari/605.1.15"],
    None: ["", "curl/8.9", "x" * 10_000],
}


@pytest.mark.parametrize(("key", "said"), [(key, each) for key, all_said in SAID.items() for each in all_said])
def test_a_browser_is_known_by_what_it_says(key: str | None, said: str) -> None:
    assert platform_of(said) == key


def test_each_is_told_from_every_other() -> None:
    assert set(SAID) == {*PLATFORMS, None}
