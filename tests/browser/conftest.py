"""A real browser for the tests of this folder."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield instance
        instance.close()


@pytest.fixture(scope="module")
def only_page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(only_page):
    """An empty page; one for all tests of a file, since a new one takes longer than most tests.

    What a page stores stays: set attributes, do not click switches.
    """
    only_page.goto("about:blank")
    only_page.set_viewport_size({"width": 1280, "height": 720})
    only_page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    only_page.unroute_all()
    return only_page
