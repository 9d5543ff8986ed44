"""The definition as rules: media seconds, visits, what a beacon may claim. Pure."""
