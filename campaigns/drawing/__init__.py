"""The drawing of a campaign for pages without a canvas: places computed here, painted as SVG by a template."""
