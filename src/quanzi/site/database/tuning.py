"""Settings of the embedded server, fitted to the machine it runs on."""

from __future__ import annotations

import os
import shutil

MEGABYTE = 1024 * 1024


def options(*, durable: bool) -> dict[str, str]:
    """PostgreSQL settings by name. durable=False: never wait for the disk (tests only)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    buffers = max(64, min(memory // 8, 512)) if durable else 64
    chosen = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "1GB",
        "archive_mode": "on" if durable else "off",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_min_messages": "warning",
        "log_line_prefix": "%m [%p] ",
        "timezone": "UTC",
    }
    if not _has_shared_memory():
        chosen["max_parallel_workers_per_gather"] = "0"
    if not durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
    return chosen


def _has_shared_memory() -> bool:
    """Small containers have 64 MB of /dev/shm, too little for parallel queries."""
    try:
        return shutil.disk_usage("/dev/shm").total > 256 * MEGABYTE  # nosec B108  # asked, not written
    except OSError:
        return False
