"""普法提示 (法治宣传教育法 art. 57): when one may be written, its letter, and what is done with it."""
