"""Writes of the room, by noun."""

from quanzi.people.accounts.services.addresses import (
    add_address,
    remove_address,
    set_default_address,
    update_address,
)
from quanzi.people.accounts.services.codes import may_try_code, note_code_sent
from quanzi.people.accounts.services.invitations import (
    accept_invitation,
    forget_invitations,
    invite_staff,
    withdraw_invitation,
)
from quanzi.people.accounts.services.members import (
    confirm_contact,
    create_member,
    forget_attempts,
    reset_second_step,
    set_phone,
    set_staff_role,
    update_profile,
    welcome,
)
from quanzi.people.accounts.services.opening import become_first_owner
from quanzi.people.accounts.services.sessions import (
    SessionRow,
    end_other_sessions,
    end_session,
    end_sessions_of,
    forget_session,
    list_sessions,
    note_login,
    note_seen,
)
from quanzi.people.accounts.services.stand_ins import create_stand_ins, remove_stand_ins

__all__ = [
    "SessionRow",
    "accept_invitation",
    "add_address",
    "become_first_owner",
    "confirm_contact",
    "create_member",
    "create_stand_ins",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "forget_attempts",
    "forget_invitations",
    "forget_session",
    "invite_staff",
    "list_sessions",
    "may_try_code",
    "note_code_sent",
    "note_login",
    "note_seen",
    "remove_address",
    "remove_stand_ins",
    "reset_second_step",
    "set_default_address",
    "set_phone",
    "set_staff_role",
    "update_address",
    "update_profile",
    "welcome",
    "withdraw_invitation",
]
