"""Which changes must have left an audit row; rooms register theirs for the doctor."""

_required: dict[str, str] = {}


def require_audit(action: str, targets_sql: str) -> None:
    """Declare that each target returned by the SQL needs a row with this action.

    targets_sql: a SELECT of one column called `target` ("refund:7"), without placeholders.
    """
    known = _required.get(action)
    if known is not None and known != targets_sql:
        raise ValueError(f"{action} is already declared")
    _required[action] = targets_sql


def required() -> dict[str, str]:
    """SQL of targets by action."""
    return dict(_required)
