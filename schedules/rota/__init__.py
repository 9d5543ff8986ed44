"""轮值: who speaks when in a year. Pure."""
