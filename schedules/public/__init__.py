"""What everybody may know of the plan: which lectures are announced, their list, their feed."""
