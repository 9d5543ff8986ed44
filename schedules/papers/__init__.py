"""What a lecture is approved and announced with: codes and their sheets, notices, the 审批表. Pure."""
