"""Notices on a member's devices (web push): our key, the letter, the post office, and who is written to."""
