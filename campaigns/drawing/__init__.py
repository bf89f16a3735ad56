"""The drawing of a campaign for pages without a canvas: places computed here, painted by a template."""
