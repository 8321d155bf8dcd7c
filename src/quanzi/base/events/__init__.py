"""The outbox: what happened, stored with the change that caused it and delivered after commit."""
