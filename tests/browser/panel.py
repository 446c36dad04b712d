"""The article form's panel and menu, which are closed until somebody opens them."""

from playwright.sync_api import Page


def open_groups(page: Page) -> None:
    """Open all groups of the panel, as somebody would who wants to see everything."""
    for summary in page.locator("details.panel-group:not([open]) > summary").all()[::-1]:
        summary.click()


def press_in_menu(page: Page, selector: str) -> None:
    """Press a button or link of the bar's menu."""
    page.locator(".writing-bar details.menu > summary").click()
    page.locator(f".menu-items {selector}").click()


def show_preview(page: Page) -> None:
    """Show the preview in the panel's place."""
    page.locator("label[for=view-beside]").click()
