"""What must hold about consents."""

from django.db import connection

from quanzi.base.doctor import invariant

NEWEST = """SELECT DISTINCT ON (member_id, purpose, channel) id, member_id, purpose, channel, granted
            FROM contact_consent ORDER BY member_id, purpose, channel, id DESC"""


def rewrite_permissions() -> None:
    """Write the permissions again from the decisions, which are never edited."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM contact_permission p WHERE NOT EXISTS (SELECT 1 FROM contact_consent c"
            " WHERE (c.member_id, c.purpose, c.channel) = (p.member_id, p.purpose, p.channel))"
        )
        cursor.execute(
            f"""INSERT INTO contact_permission (member_id, purpose, channel, granted, consent_id)
                SELECT member_id, purpose, channel, granted, id FROM ({NEWEST}) AS newest
                ON CONFLICT (member_id, purpose, channel)
                DO UPDATE SET granted = excluded.granted, consent_id = excluded.consent_id
                WHERE (contact_permission.granted, contact_permission.consent_id)
                      IS DISTINCT FROM (excluded.granted, excluded.consent_id)"""
        )


@invariant("N1", "Each permission says what the newest consent says", fix=rewrite_permissions)
def permissions_without_their_consent() -> str:
    """Permissions and newest decisions that differ, or stand alone."""
    return f"""SELECT coalesce(n.member_id, p.member_id) AS member_id, coalesce(n.purpose, p.purpose) AS purpose,
                      coalesce(n.channel, p.channel) AS channel, n.granted AS decided, p.granted AS permitted
               FROM ({NEWEST}) AS n
               FULL JOIN contact_permission p USING (member_id, purpose, channel)
               WHERE (n.id, n.granted) IS DISTINCT FROM (p.consent_id, p.granted)"""
