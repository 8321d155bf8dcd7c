"""What must hold of patterns and branches; the doctor runs these."""

from __future__ import annotations

from quanzi.base.audit.registry import require_audit

require_audit("replicating.make_pattern", "SELECT 'pattern:' || id AS target FROM replicating_pattern")
require_audit("replicating.open_branch", "SELECT 'branch:' || id AS target FROM replicating_branch")
