"""paysim: a stand-in for a payment provider (WeChat Pay v3 in shape), with its own keys, pages and faults.

No real money moves here. A shop talks to it exactly as it would to the real one: signed requests, signed answers,
signed and encrypted notifications. It shares no code with the shop, so a mistake cannot hide on both sides.
"""
