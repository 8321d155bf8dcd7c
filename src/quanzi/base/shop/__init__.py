"""Whose shop this is: its name and look, the merchant behind it, and the rules that hold here."""
