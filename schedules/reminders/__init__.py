"""提醒: when, to whom, in which words, and sending them."""
