"""Recognition engines, their models, the sound they hear, and what is wrong with what they say."""
