"""词库: the terms of the law, what they sound like, and what a text probably meant."""
