"""What is printed opens beside the page, which goes on working."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.visitor import Visitor


def test_labels_are_printed_and_then_the_same_orders_leave(visit: Callable[..., Visitor]) -> None:
    desk = visit("zhoumin")
    desk.go("/console/orders/send")
    desk.find("input[name=row]").check()
    with desk.page.context.expect_page() as opened:
        desk.find("button[name=paper][value=labels]").click()
    opened.value.close()
    desk.fill(carrier="顺丰")
    with desk.page.expect_navigation():
        desk.find(".batch-bar button.primary, [data-batch] button.primary, form button.primary:visible").click()
    assert desk.path.startswith("/console/orders/send/"), desk.words
