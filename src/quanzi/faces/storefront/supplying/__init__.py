"""Pages of those who act for a supplier: what the shop orders of them, and the lots that they offer."""
