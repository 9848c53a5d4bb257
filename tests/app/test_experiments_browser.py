"""Tests of Experiments and Model in a browser: small runs, results, watching, searching."""

from pathlib import Path

import pytest

from tests.app.browsing import SIZES, Visit, fits


@pytest.mark.parametrize("size", SIZES)
def test_a_small_run_shows_verdicts(size: str, visit: Visit, pictures: Path) -> None:
    page = visit("/experiments?experiment=tied_hands&worlds=10", size, dark=size == "narrow")
    page.get_by_role("button", name="Run it").press("Enter")
    page.wait_for_selector("text=Worlds of a cell")
    page.wait_for_selector(".w-shown img")
    assert page.locator(".w-report .card").count() == 8
    assert "contexts" in page.locator(".w-report .numbers").first.inner_text()
    assert fits(page, size)
    page.screenshot(path=pictures / f"experiments_run_{size}.png", full_page=True)
    link = page.locator(".w-watch a").first
    href = str(link.get_attribute("href"))
    assert href.startswith("/watch?")
    link.click()
    page.wait_for_url(f"**{href}*")


@pytest.mark.parametrize("size", SIZES)
def test_opening_and_comparing_results(size: str, visit: Visit, pictures: Path) -> None:
    page = visit("/experiments?results=calm", size)
    page.wait_for_selector("text=Reference")
    assert fits(page, size)
    page.select_option("#dial-beside", "eager")
    page.wait_for_selector("text=Swap the two")
    assert "compared one by one" in page.inner_text("#main")
    assert fits(page, size)
    page.screenshot(path=pictures / f"experiments_compare_{size}.png", full_page=True)
    page.go_back()
    page.wait_for_selector("text=Reference")
    field = page.locator(".w-number input")
    field.fill("900")
    field.press("Enter")
    page.wait_for_selector("text=from 0 to 29")


def test_searching_numbers(visit: Visit) -> None:
    page = visit("/model")
    page.wait_for_selector(".w-numbers tbody tr")
    assert page.locator(".w-numbers tbody tr").count() == 25
    page.fill("#numbers-search", "talk-weeks window")
    page.wait_for_function("document.querySelectorAll('.w-numbers tbody tr').length < 5")
    assert "talks.window" in page.inner_text(".w-numbers")
    page.fill("#numbers-search", "<img src=x onerror=alert(1)>")
    assert "no matching numbers" in page.inner_text(".w-search")
    page.get_by_role("link", name="How to cite").click()
    assert page.evaluate("document.activeElement.id") == "cite"


def test_hostile_urls_are_escaped(visit: Visit) -> None:
    page = visit("/experiments?results=../../etc&experiment=%3Cimg%20src=x%20onerror=alert(1)%3E")
    page.wait_for_selector(".w-notice")
    assert "there is no such results folder" in page.inner_text(".w-notice")
    assert page.locator(".w-notice img").count() == 0
