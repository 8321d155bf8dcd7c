"""The shop as an app on a phone: what it is called, its icons, the page without a network, and the worker behind it."""
