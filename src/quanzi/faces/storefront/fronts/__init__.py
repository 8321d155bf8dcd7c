"""Pages of one's own: how they are drawn and arranged, the record of facts, the report of who came."""
