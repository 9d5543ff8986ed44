"""What exports say of themselves (人工智能生成合成内容标识办法): a machine made it and a person read it, or not."""

CHECKED = "自动生成，已人工校对"
UNCHECKED = "自动生成，未校对"
MARKS = (CHECKED, UNCHECKED)
