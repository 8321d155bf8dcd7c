"""Somebody with a browser: goes, reads, types, presses, and notes whatever goes wrong."""

from __future__ import annotations

import re
import time
from email import policy
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Response

PHONE, DESK = 390, 1280
PASSWORD = "demo-quanzi-2026"
WAIT_MS = 30_000
CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


class Visitor:
    """troubles: console errors, refused resources, script errors and answers of 400 and more that nobody announced."""

    def __init__(
        self, browser: Browser, address: str, home: Path, *, language: str = "zh-CN", width: int = PHONE,
        script: bool = True, dark: bool = False,
    ) -> None:  # fmt: skip
        self.address, self.home, self.language = address, home, language
        self.context = browser.new_context(
            base_url=address,
            locale=language,
            viewport={"width": width, "height": 844 if width < 800 else 900},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(WAIT_MS)
        self.troubles: list[str] = []
        self._announced: set[int] = set()
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        self.context.on("response", self._look)
        self.page = self.context.new_page()

    def close(self) -> None:
        self.context.close()

    # Going and reading

    def go(self, path: str, *, status: int = 200) -> None:
        """Open an address; anything but this status is a failure."""
        if status >= 400:
            self._announced.add(status)
        answer = self.page.goto(path)
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What stands on the page."""
        return self.page.locator("body").inner_text()

    def find(self, selector: str, text: str = "") -> Locator:
        found = self.page.locator(selector)
        return (found.filter(has_text=text) if text else found).first

    def sees(self, text: str) -> bool:
        return text in self.words

    def await_words(self, text: str, *, seconds: float = 30) -> None:
        """Read again until the words are there: what the shop does after answering takes a moment."""
        until = time.monotonic() + seconds
        while not self.sees(text):
            assert time.monotonic() < until, f"{text!r} did not appear on {self.path}:\n{self.words}"
            self.page.wait_for_timeout(250)
            self.page.reload()

    def until(self, expression: str, *, seconds: float = 30) -> None:
        """Ask the page until this holds. The library's own waiting evaluates text in the page, which the policy forbids."""
        end = time.monotonic() + seconds
        while not self._answers(expression):
            assert time.monotonic() < end, f"{expression} never held on {self.path}"
            self.page.wait_for_timeout(100)

    # Doing

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.find(f"main [name={name}]:not([type=hidden])").fill(value)

    def press(self, selector: str, text: str = "") -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.find(selector, text).click()

    def announce(self, status: int) -> None:
        """This status is expected from now on."""
        self._announced.add(status)

    def log_in(self, contact: str, password: str) -> None:
        self.go("/account/login/")
        self.fill(login=contact, password=password)
        self.press("main form button[type=submit]:not([name])", "")
        assert not self.path.startswith("/account"), self.words

    def sign_up(self, name: str, contact: str) -> None:
        """On the page for joining: a name, a contact, and the code that arrives there."""
        assert self.path == "/account/signup/"
        self.fill(name=name, contact=contact)
        self.press("main form[data-once] button")
        self.fill(code=self.code_sent_to(contact))
        self.press("main form[data-once] button")

    def code_sent_to(self, contact: str, *, but: str = "") -> str:
        """The newest code for an e-mail address or a phone number; `but`: the one before it."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            code = self._mailed(contact) if "@" in contact else self._texted(contact)
            if code not in ("", but):
                return code
            time.sleep(0.1)
        raise AssertionError(f"no code reached {contact}")

    def pay(self) -> None:
        """From the page that leads to the pay page, over the pay page, back to the shop."""
        self.page.wait_for_url(lambda url: not url.startswith(self.address))
        with self.page.expect_navigation():
            self.page.locator("button.main").click()
        if not self.page.url.startswith(self.address):
            self.press("a.main")

    # Measuring

    def width_needed(self) -> int:
        """How wide the page really is; more than the window means that one must scroll sideways."""
        needed: int = self.page.evaluate("document.documentElement.scrollWidth")
        return needed

    # Noting what goes wrong

    def _answers(self, expression: str) -> bool:
        try:
            return bool(self.page.evaluate(expression))
        except Error as error:
            if "context was destroyed" in error.message:  # the page is just giving way to another
                return False
            raise

    def _mailed(self, address: str) -> str:
        for file in sorted(self.home.glob("mail/*"), key=lambda path: path.stat().st_mtime, reverse=True):
            letter = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
            body = letter.get_body(("plain",))
            if address in str(letter["To"]) and body is not None and (found := CODE.search(body.get_content())):
                return found[1]
        return ""

    def _texted(self, number: str) -> str:
        log = self.home / "sms.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        for line in reversed(lines):
            _, to, text = line.split("\t", 2)
            if to.endswith(number) and (found := CODE.search(text)):
                return found[1]
        return ""

    def _note(self, trouble: str) -> None:
        self.troubles.append(f"{self.path if self.context.pages else ''} {trouble}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # The status is noted with the answer itself.
        if "Failed to load resource: the server responded" not in message.text:
            self._note(f"console: {message.text}")

    def _look(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self._announced:
            self._note(f"{answer.status} from {answer.url}")
