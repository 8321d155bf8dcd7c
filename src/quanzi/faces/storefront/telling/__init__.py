"""What programs read of the shop: structured data, share cards, feeds, the map of pages. Nothing here knows who asks."""
