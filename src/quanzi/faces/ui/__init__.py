"""The design system: tokens, layouts, components, formats and icons shared by all pages."""
