"""From duty to lecture: what a unit hands in, who reviews it, and what may change on the way."""
