"""Faces: pages and programming interfaces. They hold no rules and no writes of their own."""
