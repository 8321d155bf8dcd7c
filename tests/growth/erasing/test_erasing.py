"""A member leaves: what is open is in the way, a week to think, and then nothing of them is found anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from PIL import Image

from quanzi.base import doctor
from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.services import deliver_pending
from quanzi.base.ledger.queries import settle_deferred
from quanzi.base.media.models import Picture
from quanzi.base.media.services import store_picture
from quanzi.community.posts import services as posts
from quanzi.faces.api.services import make_token
from quanzi.growth.commission.services import set_account
from quanzi.growth.erasing import again, services, tombstones
from quanzi.growth.erasing.errors import AskedAlready, ReasonNeeded, StaffStays, StillOpen
from quanzi.growth.erasing.models import Erasure
from quanzi.growth.importing.models import PastBuyer
from quanzi.growth.sources import services as sources
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import add_address, note_code_sent, update_profile
from quanzi.people.contact.models import Notice
from quanzi.people.safety import services as safety
from quanzi.people.trust import services as trust
from quanzi.people.trust.models import TieKind
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.stations.services import apply_for_station
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_sku
from tests.factories.people import WEST_LAKE, log_in, make_member, make_staff
from tests.factories.trade import make_point, make_received_order, pay

pytestmark = pytest.mark.django_db

NAME, MAIL, PHONE, WORDS, STREET = "欧阳不留痕", "bu.liu@gone.example", "+8613900013900", "此话不可留", "无名巷七号"
PLANTED = (NAME, MAIL, PHONE.removeprefix("+86"), WORDS, STREET)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> Path:
    """Pictures and tombstones of one test, away from those of others."""
    settings.QUANZI_HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    return tmp_path


def picture(owner: Member, purpose: str, shade: int) -> Picture:
    file = Path(settings.QUANZI_HOME) / f"{shade}.png"
    Image.new("RGB", (40, 40), (shade, 90, 90)).save(file)
    return store_picture(data=file.read_bytes(), purpose=purpose, owner_id=owner.pk, alt=WORDS, now=clock.now())


def found_in_the_database() -> dict[str, str]:
    """Tables in which one of the planted words stands, whatever the column, and one such row."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for word in PLANTED:
                cursor.execute(
                    f"SELECT r::text FROM {table} AS r WHERE strpos(r::text, %s) > 0 OR strpos(r::text, %s) > 0 LIMIT 1",
                    [word, word.encode().hex()],
                )
                if row := cursor.fetchone():
                    found[table] = row[0]
    return found


def somebody_with_a_life(now: datetime) -> Member:
    """A member who left words and traces in every corner; all their business is done."""
    long_ago = now - timedelta(days=90)
    other = make_member(now=long_ago)
    me = make_member(NAME, email=MAIL, phone=PHONE, now=long_ago)
    update_profile(member=me, name=NAME, bio=WORDS, avatar=picture(me, "avatar", 1), language="zh-hans", now=now)
    EmailAddress.objects.get_or_create(user=me, email=MAIL, verified=True, primary=True)
    place = add_address(member=me, recipient=NAME, phone=PHONE, region_code=WEST_LAKE, detail=STREET, now=long_ago)
    order = make_received_order(member=me, address_id=place.pk, method="delivery", note=WORDS, now=long_ago)
    claim = aftersales.ask(
        line_id=order.lines.get().pk, member=me, reason="spoiled", note=WORDS, pictures=[picture(me, "claim", 2)],
        now=long_ago + timedelta(hours=1),
    )  # fmt: skip
    aftersales.withdraw(claim_id=claim.pk, member=me, now=long_ago + timedelta(hours=2))
    sales.close_windows(now=now - timedelta(days=30))
    circle = make_circle(founder=other)
    theirs = make_post(author=other, title="他人之问")
    mine = make_post(author=me, title=WORDS, body=WORDS, pictures=[picture(me, "post", 3)])
    posts.comment(post=theirs, author=me, body=WORDS, now=now)
    posts.comment(post=mine, author=other, body="答", now=now)
    safety.report(member=me, subject=f"post:{theirs.pk}", reason="other", note=WORDS, now=now)
    safety.report(member=other, subject=f"member:{me.pk}", reason="other", note=f"{NAME} {WORDS}", now=now)
    trust.ask_tie(source=me, target=other, kind=TieKind.FRIEND, now=now)
    apply_for_station(
        member=me, name=NAME, area=STREET, address=STREET, hours="17:00", capacity=10, note=WORDS, now=now
    )
    set_account(member=me, method="alipay", holder=NAME, number=PHONE, now=now)
    source = sources.invitation_for(member=me, now=now)
    sources.record_touch(visitor_key="cookie-of-mine", source=source, path="/", member_id=me.pk, now=now)
    PastBuyer.objects.create(source=source, outside_id=MAIL[:60], member=me, phone_digest="d" * 64)
    make_token(member=me, name=WORDS, scopes=["orders:read"], now=now)
    note_code_sent(recipient=PHONE, now=now)
    log_in(Client(HTTP_USER_AGENT=WORDS), me)
    assert circle.pk
    deliver_pending(now=now)
    return me


def gone_for_good(member: Member, now: datetime, *, keeps_words: bool = False) -> None:
    services.ask(member=member, keeps_words=keeps_words, now=now)
    assert services.erase_due(now=now + services.THINK) == 1


def test_nothing_of_an_erased_member_is_found_in_the_database_or_on_the_disk(
    django_capture_on_commit_callbacks: Any, own_folder: Path
) -> None:
    now = clock.now()
    me = somebody_with_a_life(now)
    before = found_in_the_database()
    assert (
        len(before) >= 12
        and {"sales_order", "posts_post", "contact_notice", "commission_payoutaccount"} <= before.keys()
    )
    assert Notice.objects.exclude(member=me).filter(params__name=NAME).exists()
    files = list((own_folder / "media").rglob("*.webp"))
    with django_capture_on_commit_callbacks(execute=True):
        gone_for_good(me, now)
    assert found_in_the_database() == {}
    assert len(files) >= 3 and not list((own_folder / "media").rglob("*.webp"))
    me.refresh_from_db()
    assert (me.name, me.is_active, me.email) == ("已注销会员", False, None) and me.erased_at is not None
    assert Order.objects.get(member=me).state == OrderState.COMPLETED
    settle_deferred()
    assert [(one.sample, one.error) for one in doctor.run(only=["ER1", "N1", "A3", "O2"]) if not one.is_well] == []
    assert [row.after for row in AuditEntry.objects.filter(action="erasure.done")] == [{"keeps_words": False}]
    assert PHONE not in tombstones.path().read_text() and len(tombstones.read()) == 1


def test_words_stay_as_a_former_members_when_they_choose_so(client: Client) -> None:
    now = clock.now()
    me = make_member(NAME, email=MAIL)
    post = make_post(author=me, title="留下的话", pictures=[picture(me, "post", 4)])
    picture(me, "avatar", 5)
    gone_for_good(me, now, keeps_words=True)
    assert Picture.objects.filter(owner_id=me.pk).count() == 1
    page = client.get(f"/n/{post.pk}").content.decode()
    assert "留下的话" in page and "已注销会员" in page and NAME not in page
    assert client.get(f"/u/{me.pk}").status_code == 404


def test_it_waits_while_something_is_open_and_says_what() -> None:
    now = clock.now()
    order = make_received_order(now=now)
    with pytest.raises(StillOpen) as refused:
        services.ask(member=order.member, keeps_words=False, now=now)
    assert [(one.name, one.count, one.page) for one in refused.value.openings] == [("orders", 1, "/me/orders")]
    leader = make_point().leader
    with pytest.raises(StillOpen):
        services.ask(member=leader, keeps_words=False, now=now)
    with pytest.raises(StaffStays):
        services.ask(member=make_staff(), keeps_words=False, now=now)


def test_what_opens_in_the_week_holds_it_up_until_it_is_over() -> None:
    now = clock.now()
    me = make_member()
    services.ask(member=me, keeps_words=False, now=now)
    pay(sales.place_order(
        member=me, lines=[(make_sku(stock_of=1).pk, 1)], method="pickup", pickup_point_id=make_point().pk, idempotency_key="k", now=now
    ))  # fmt: skip
    assert services.erase_due(now=now + services.THINK) == 0
    held = Erasure.objects.get(member=me)
    assert held.held_at == now + services.THINK and held.done_at is None


def test_logging_in_takes_it_back_and_the_member_is_told(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    now = clock.now() - timedelta(minutes=5)
    me = make_member(email=MAIL)
    log_in(client, me)
    with django_capture_on_commit_callbacks(execute=True):
        services.ask(member=me, keeps_words=False, now=now)
    assert [letter.to for letter in mail.outbox] == [[MAIL]] and client.get("/me").status_code == 302
    with pytest.raises(AskedAlready):
        services.ask(member=me, keeps_words=False, now=now)
    log_in(client, me)
    deliver_pending(now=clock.now())
    assert Erasure.objects.get(member=me).withdrawn_at is not None
    assert Notice.objects.filter(member=me, kind="erasure_withdrawn").exists()
    assert services.erase_due(now=now + timedelta(days=30)) == 0


def test_a_login_counts_before_the_word_of_it_has_come() -> None:
    now = clock.now() - timedelta(minutes=5)
    me = make_member()
    services.ask(member=me, keeps_words=False, now=now)
    log_in(Client(), me)
    assert services.erase_due(now=now + services.THINK) == 0
    assert Erasure.objects.get(member=me).withdrawn_at is not None


def test_an_owner_may_do_it_for_a_member_with_a_reason_and_nobody_else() -> None:
    now, me = clock.now(), make_member()
    owner = make_staff("owner")
    asked: dict[str, Any] = {"member_id": me.pk, "keeps_words": False, "at_once": True, "now": now}
    with pytest.raises(NotAllowed):
        services.ask_for(**asked, why="信", by=make_staff("support"))
    with pytest.raises(ReasonNeeded):
        services.ask_for(**asked, why=" ", by=owner)
    assert services.ask_for(**asked, why="来信要求", by=owner).done_at == now
    with pytest.raises(NotFound):
        services.ask_for(**asked, why="来信要求", by=owner)
    assert not services.erase(member_id=me.pk, now=now)


def test_who_was_erased_is_erased_again_after_an_older_copy_came_back_and_nobody_else(own_folder: Path) -> None:
    now = clock.now()
    erased, newcomer, later = make_member(NAME, email=MAIL), make_member(), make_member()
    make_received_order(member=erased, now=now)  # open in the older copy
    tombstones.add([
        tombstones.Stone(erased.pk, erased.joined_at, now, False),
        tombstones.Stone(newcomer.pk, now - timedelta(days=400), now, False),  # a number that was given away again
    ])  # fmt: skip
    with tombstones.path().open("a") as file:
        file.write('{"member": ')  # the machine died here
    gone_for_good(later, now)
    stray = own_folder / "media" / "ab" / f"{'ab' * 32}-320.webp"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"a picture that came back with the copy")
    assert again.erase_again(now=now) == 1
    assert not stray.exists() and MAIL not in str(found_in_the_database())
    left = set(Member.objects.filter(erased_at=None).values_list("pk", flat=True))
    assert newcomer.pk in left and not {erased.pk, later.pk} & left
    assert {stone.member_id for stone in tombstones.read()} == {erased.pk, newcomer.pk, later.pk}
    assert again.erase_again(now=now) == 0


def test_addresses_of_old_orders_go_after_three_years_of_whomever_they_are() -> None:
    now = clock.now()
    order = make_received_order(now=now - timedelta(days=60))
    sales.close_windows(now=now)
    Order.objects.filter(pk=order.pk).update(completed_at=now - timedelta(days=3 * 365 - 1))
    assert services.forget_later(now=now)["sales.order"] == 0
    assert services.forget_later(now=now + timedelta(days=2))["sales.order"] == 1
    order.refresh_from_db()
    assert (order.ship_to, order.state) == ({}, OrderState.COMPLETED)
    assert services.forget_later(now=now + timedelta(days=2))["sales.order"] == 0
