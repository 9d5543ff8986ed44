"""What stays of a lecture: replay, receipt, archive copy."""
